"""The statement on AI: one page, kept as a whole, signed when it is true and complete."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from festival import bill, disclosures, screenings
from festival.errors import Problem
from festival.forms.statement import StatementPage
from festival.labels import tool_name
from festival.models import Film, Statement
from festival.provenance import timecodes
from festival.views.entrant_door import while_open


@while_open
@require_http_methods(["GET", "HEAD", "POST"])
def statement(request, film):
    """Departments, tools, cue sheet, people, material, signature."""
    page = StatementPage(film, data=request.POST if request.method == "POST" else None)
    problem = ""
    if request.method == "POST" and page.is_valid():
        try:
            disclosures.state(film, by=request.user, parts=page.parts, sign_as=page.sign_as)
        except Problem as refused:
            problem = str(refused)
        else:
            _tell(request, film, sign_as=page.sign_as)
            return redirect("entrant:statement", film.pk)
    return render(request, "festival/entrant/statement.html", _context(film, page) | {"problem": problem})


def _tell(request, film: Film, *, sign_as: str) -> None:
    """What has become of the statement, and where to go from here."""
    if not sign_as:
        messages.success(request, "Saved. It is not signed yet.")
    elif Statement.objects.filter(film=film).exclude(attested_at=None).exists():
        said = "Saved and signed. Nothing is left to say; have a look at the preview, then submit."
        messages.success(request, said)
    else:
        said = "Saved, not signed: something is still to say. The list stands above the line for your name."
        messages.info(request, said)


def _context(film: Film, page: StatementPage) -> dict:
    """What the page prints besides its forms: the player, the cuts, the film's tools, what is unsaid."""
    footage = film.footage
    prefetch_related_objects([film], "disclosures__tool", "departments__tools", "tools", "consents")
    return {
        "film": film,
        "page": page,
        "signed": Statement.objects.filter(film=film).exclude(attested_at=None).first(),
        "gaps": disclosures.gaps(film),
        "label": disclosures.label(film),
        "playback": screenings.play(footage) if footage and footage.folder else None,
        "captions": bill.captions(film),
        "cuts": [timecodes.exact(shot.start_s) for shot in footage.shots.all()[:300]] if footage else [],
        "tool_names": [tool_name(tool) for tool in film.tools.all()],
        "platform_tools": [tool for tool in film.tools.all() if tool.from_platform],
    }
