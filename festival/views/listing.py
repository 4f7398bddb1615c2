"""The listing of an entry: its details and credits, its pictures and captions."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from festival import listings, names
from festival.errors import Problem
from festival.forms.entry import (
    ROLES,
    CreditFormSet,
    DetailsForm,
    StillForm,
    StillWordsForm,
    SubtitleForm,
)
from festival.views.entrant_door import while_open
from festival.views.office_door import told


@while_open
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, film):
    """Titles, texts, credits, places, contact and rights: one page, saved as a whole, complete or not."""
    title = film.title
    form = DetailsForm(request.POST or None, instance=film)
    lines = [{"role": credit.role, "name": credit.name} for credit in film.credits.all()]
    shown = None if request.POST else lines  # what was typed counts, not how it differs from what is kept
    credits = CreditFormSet(request.POST or None, initial=shown, prefix="credits")
    if request.method == "POST" and all([form.is_valid(), credits.is_valid()]):
        try:
            listings.describe(film, by=request.user, details=form, credits=credits.lines())
        except Problem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Saved.")
            return redirect("entrant:edit", film.pk)
    context = {
        "film": film,
        "title": title,
        "form": form,
        "credits": credits,
        "roles": ROLES,
        "countries": names.COUNTRIES.values(),
        "languages": names.LANGUAGES.values(),
    }
    return render(request, "festival/entrant/edit.html", context)


@while_open
@require_safe
def extras(request, film):
    """Pictures and captions: what is there, and room for more."""
    return _extras(request, film)


def _extras(request, film, *, still_form=None, subtitle_form=None):
    stills = film.stills.all()
    context = {
        "film": film,
        "stills": [
            (still, StillWordsForm(instance=still, prefix=f"still-{still.pk.hex}")) for still in stills
        ],
        "subtitles": film.subtitles.all(),
        "still_form": still_form or StillForm(prefix="still"),
        "subtitle_form": subtitle_form or SubtitleForm(prefix="subtitle"),
    }
    return render(request, "festival/entrant/extras.html", context)


@while_open
@require_POST
def still_add(request, film):
    """Take in a picture."""
    form = StillForm(request.POST, request.FILES, prefix="still")
    if form.is_valid():
        said = form.cleaned_data
        try:
            with NamedTemporaryFile(suffix=".picture") as file:
                for chunk in said["picture"].chunks():
                    file.write(chunk)
                file.flush()
                listings.add_still(
                    film, by=request.user, source=Path(file.name), kind=said["kind"], alt=said["alt"]
                )
        except Problem as problem:
            form.add_error("picture", str(problem))
        else:
            messages.success(request, "The picture is in.")
            return redirect("entrant:extras", film.pk)
    return _extras(request, film, still_form=form)


@while_open
@require_POST
def still(request, film, still):
    """Describe a picture, or take it away."""
    still = get_object_or_404(film.stills, pk=still)
    if "remove" in request.POST:
        with told(request, "The picture is gone."):
            listings.remove_still(still, by=request.user)
        return redirect("entrant:extras", film.pk)
    form = StillWordsForm(request.POST, instance=still, prefix=f"still-{still.pk.hex}")
    if form.is_valid():
        said = form.cleaned_data
        focus = {"focus_x": said["focus_x"] / 100, "focus_y": said["focus_y"] / 100}
        with told(request, "Saved."):
            listings.describe_still(still, by=request.user, alt=said["alt"], **focus)
    else:
        messages.error(request, "The focal point goes from 0 to 100 per cent, across and down.")
    return redirect("entrant:extras", film.pk)


@while_open
@require_POST
def subtitle_add(request, film):
    """Take in captions; those in the same language are replaced."""
    form = SubtitleForm(request.POST, request.FILES, prefix="subtitle")
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = listings.add_subtitle(
                film, by=request.user, language=said["language"], data=said["file"].read()
            )
        except Problem as problem:
            form.add_error("file", str(problem))
        else:
            messages.success(request, f"{made.label}: {made.cues} captions, written anew as WebVTT.")
            return redirect("entrant:extras", film.pk)
    return _extras(request, film, subtitle_form=form)


@while_open
@require_POST
def subtitle_remove(request, film, subtitle):
    """Take captions away."""
    subtitle = get_object_or_404(film.subtitles, pk=subtitle)
    with told(request, f"The captions in {subtitle.label} are gone."):
        listings.remove_subtitle(subtitle, by=request.user)
    return redirect("entrant:extras", film.pk)
