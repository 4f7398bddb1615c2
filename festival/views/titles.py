"""Where the film shows names: titles and credits, marked so that a blind jury does not see them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from festival import bill, listings, screenings
from festival.errors import Problem
from festival.forms.titles import TitleFormSet
from festival.provenance import timecodes
from festival.views.entrant_door import while_open


@while_open
@require_http_methods(["GET", "HEAD", "POST"])
def titles(request, film):
    """Mark the ranges; kept as a whole."""
    rows = TitleFormSet(request.POST if request.method == "POST" else None, instance=film, prefix="ranges")
    problem = ""
    if request.method == "POST" and rows.is_valid():
        try:
            listings.mark_titles(film, by=request.user, rows=rows)
        except Problem as refused:
            problem = str(refused)
        else:
            messages.success(request, "Saved.")
            return redirect("entrant:titles", film.pk)
    footage = film.footage
    context = {
        "film": film,
        "rows": rows,
        "problem": problem,
        "playback": screenings.play(footage) if footage and footage.folder else None,
        "captions": bill.captions(film),
        "cuts": [timecodes.exact(shot.start_s) for shot in footage.shots.all()[:300]] if footage else [],
    }
    return render(request, "festival/entrant/titles.html", context)
