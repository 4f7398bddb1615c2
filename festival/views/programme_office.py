"""The programme as organisers build it: venues, screenings, films in order, clashes, publishing."""

from itertools import groupby

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from festival import programme
from festival.forms.programme import PlaceForm, ScreeningForm, VenueForm
from festival.models import Edition, Film
from festival.views.office_door import for_organisers, told


@for_organisers
@require_GET
def board(request, edition):
    """The board: days, venues and screenings, the films not placed yet, and what clashes."""
    return _board(request, edition)


def _board(request, edition, **forms):
    plan = list(programme.planned(edition))
    clashes = programme.clashes(edition, screenings=plan)
    placed = {slot.film_id for screening in plan for slot in screening.slots.all()}
    selected = list(edition.films.filter(status=Film.Status.SELECTED).select_related("footage"))
    context = {
        "edition": edition,
        "days": _by_day(_drawn(plan, clashes)),
        "clashes": [clash for clash in clashes if not clash.warning],
        "warnings": [clash for clash in clashes if clash.warning],
        "hindrances": _led(edition, programme.hindrances(edition, screenings=plan)),
        "published": edition.status == Edition.Status.PUBLISHED,
        "plan": plan,
        "selected": selected,
        "unplaced": [film for film in selected if film.pk not in placed],
        "placed": [film for film in selected if film.pk in placed],
        "venues": edition.venues.all(),
        "venue_form": VenueForm(auto_id="venue_%s"),
        "screening_form": ScreeningForm(edition=edition),
        **forms,
    }
    return render(request, "festival/office/programme.html", context)


def _drawn(plan, clashes):
    """The screenings with what the board draws on each."""
    for screening in plan:
        screening.showings = programme.showings(screening)
        screening.until = programme.ends(screening)
        screening.clashes = [clash for clash in clashes if screening in clash.screenings]
        screening.hindered = any(not clash.warning for clash in screening.clashes)
    return plan


def _by_day(plan):
    """[(day, [(venue, screenings)])] in the edition's own time, which is the current zone here."""
    venues = sorted({screening.venue for screening in plan}, key=lambda venue: (venue.online, venue.name))
    days = groupby(plan, key=lambda screening: timezone.localtime(screening.starts_at).date())
    return [(day, _by_venue(list(inside), venues)) for day, inside in days]


def _by_venue(inside, venues):
    """Every venue has its column on every day, so that the eye finds it at the same place."""
    return [(venue, [screening for screening in inside if screening.venue == venue]) for venue in venues]


def _led(edition, hindrances):
    """(hindrance, address of the page where it is put right); none for those put right here."""
    return [
        (found, "" if found.where == "programme" else reverse(f"office:{found.where}", args=[edition.slug]))
        for found in hindrances
    ]


@for_organisers
@require_POST
def place(request, edition):
    """Place a film, move it, or take it out: by the form of a screening or by drag and drop."""
    form = PlaceForm(request.POST, edition=edition)
    if not form.is_valid():
        messages.error(request, next(iter(next(iter(form.errors.values())))))
        return redirect("office:programme", edition=edition.slug)
    with told(request):
        _place(**form.cleaned_data, by=request.user)
    return redirect("office:programme", edition=edition.slug)


def _place(*, film, slot, screening, position, by) -> None:
    if slot and screening:
        programme.move(slot, screening, by=by, position=position)
    elif slot:
        programme.remove(slot, by=by)
    elif screening:
        programme.place(film, screening, by=by, position=position)


@for_organisers
@require_POST
def venue_add(request, edition):
    form = VenueForm(request.POST, auto_id="venue_%s")
    if not form.is_valid():
        return _board(request, edition, venue_form=form)
    with told(request, f"{form.cleaned_data['name']} added."):
        programme.add_venue(edition, by=request.user, **form.cleaned_data)
    return redirect("office:programme", edition=edition.slug)


@for_organisers
@require_POST
def venue_remove(request, edition, pk):
    venue = get_object_or_404(edition.venues, pk=pk)
    with told(request, f"{venue} removed."):
        programme.remove_venue(venue, by=request.user)
    return redirect("office:programme", edition=edition.slug)


@for_organisers
@require_POST
def screening_add(request, edition):
    form = ScreeningForm(request.POST, edition=edition)
    if not form.is_valid():
        return _board(request, edition, screening_form=form)
    with told(request, f"“{form.cleaned_data['title']}” added."):
        programme.add_screening(edition, by=request.user, **form.cleaned_data)
    return redirect("office:programme", edition=edition.slug)


@for_organisers
def screening(request, edition, pk):
    """Change a screening's time, venue, title, pause or talk."""
    screening = get_object_or_404(edition.screenings.select_related("venue", "edition"), pk=pk)
    name = screening.title
    form = ScreeningForm(request.POST or None, instance=screening, edition=edition)
    if request.method == "POST" and form.is_valid():
        with told(request, f"“{screening}” changed."):
            programme.change_screening(form.save(commit=False), by=request.user)
        return redirect("office:programme", edition=edition.slug)
    return render(
        request,
        "festival/office/screening.html",
        {"edition": edition, "screening": screening, "name": name, "form": form},
    )


@for_organisers
@require_POST
def screening_remove(request, edition, pk):
    screening = get_object_or_404(edition.screenings.select_related("edition"), pk=pk)
    with told(request, f"“{screening}” removed; its films can be placed elsewhere."):
        programme.remove_screening(screening, by=request.user)
    return redirect("office:programme", edition=edition.slug)


@for_organisers
@require_POST
def publish(request, edition):
    """Show the programme to everyone, or take it back."""
    back = request.POST.get("verb") == "unpublish"
    done = "The programme is back in the office." if back else "The programme is published."
    with told(request, done):
        (programme.unpublish if back else programme.publish)(edition, by=request.user)
    return redirect("office:programme", edition=edition.slug)
