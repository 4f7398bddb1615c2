"""The office's table of entries: find, look, decide."""

import csv

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from festival import access, bill, intake, labels, letters, office, screenings
from festival.forms.office import DecideForm, EntryFilter
from festival.models import Film, Footage
from festival.views.office_door import for_organisers, told

A_PAGE = 50
SAID_AT_MOST = 8  # sentences of refusal in one answer; the rest are counted

VERBS = {
    "accept": ("accepted", lambda films, by, note: office.in_bulk(films, intake.accept, by=by)),
    "select": (
        "selected",
        lambda films, by, note: office.decide(films, Film.Status.SELECTED, by=by, note=note),
    ),
    "wait": (
        "on the waiting list",
        lambda films, by, note: office.decide(films, Film.Status.WAITING, by=by, note=note),
    ),
    "decline": (
        "declined",
        lambda films, by, note: office.decide(films, Film.Status.DECLINED, by=by, note=note),
    ),
    "take_back": (
        "back with the jury",
        lambda films, by, note: office.decide(films, Film.Status.ELIGIBLE, by=by, note=note),
    ),
    "send_back": (
        "sent back",
        lambda films, by, note: office.in_bulk(films, intake.send_back, by=by, reason=note),
    ),
}


@for_organisers
@require_GET
def entries(request, edition):
    """Every entry, filtered and sorted by the address of the page."""
    filters = EntryFilter(request.GET, edition=edition)
    page = Paginator(filters.films(), A_PAGE).get_page(request.GET.get("page"))
    for film in page:
        film.ai_share = labels.share(film)
    counts = office.count_by_state(edition)
    context = {
        "edition": edition,
        "filters": filters,
        "shown_filters": [field for field in filters if field.name not in ("state", "order")],
        "narrowed": filters.narrowed,
        "page": page,
        "total": counts.total(),
        "states": [(state, words, counts[state]) for state, words in Film.Status.choices],
        "order": filters.cleaned_data.get("order") or "-submitted",
        "owed": letters.owed(edition).count(),
    }
    return render(request, "festival/office/entries.html", context)


@for_organisers
@require_GET
def entries_csv(request, edition):
    """The entries that fit the filters, as a spreadsheet."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # the mark makes Excel read UTF-8
    answer["Content-Disposition"] = f'attachment; filename="{edition.slug}-entries.csv"'
    csv.writer(answer).writerows(office.rows(EntryFilter(request.GET, edition=edition).films()))
    return answer


@for_organisers
@require_POST
def decide(request, edition):
    """Do one thing to all the entries ticked, and say which were left alone and why."""
    form = DecideForm(request.POST, edition=edition)
    if not form.is_valid():
        messages.error(request, form.sentence)
        return _back(request, edition)
    films, verb = list(form.cleaned_data["films"]), form.cleaned_data["verb"]
    words, act = VERBS[verb]
    with told(request):
        refused = act(films, request.user, form.cleaned_data["note"])
        _report(request, done=len(films) - len(refused), words=words, refused=refused)
    return _back(request, edition)


def _report(request, *, done: int, words: str, refused: list[str]) -> None:
    if done:
        messages.success(request, f"{done} {'entry' if done == 1 else 'entries'} {words}.")
    for sentence in refused[:SAID_AT_MOST]:
        messages.error(request, sentence)
    if len(refused) > SAID_AT_MOST:
        messages.error(request, f"{len(refused) - SAID_AT_MOST} more were left alone for such reasons.")


def _back(request, edition):
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/office/"):
        back = reverse("office:entries", args=[edition.slug])
    return redirect(back)


@for_organisers
@require_GET
def to_accept(request, edition):
    """The entries that wait to be accepted."""
    return redirect(reverse("office:entries", args=[edition.slug]) + "?state=submitted&order=submitted")


@for_organisers
@require_GET
def entry(request, edition, pk):
    """Everything about one entry, with what may be done to it."""
    films = edition.films.select_related("entrant", "section", "footage", "statement", "edition")
    film = get_object_or_404(films, pk=pk)
    footage = film.footage or film.footages.first()
    playable = footage is not None and footage.status == Footage.Status.READY
    context = {
        "edition": edition,
        "film": film,
        "footage": footage,
        "playback": screenings.play(footage) if playable else None,
        "captions": bill.captions(film),
        "duration_s": footage.duration_s if playable else None,
        "stills": [(still, screenings.address(still.path)) for still in film.stills.all()],
        "label": labels.label(film),
        "cues": film.disclosures.select_related("tool"),
        "history": _history(film),
        "letters": film.notices.all(),
        "footages": film.footages.all(),
        "technical": _technical(footage),
        "verbs": _verbs(film, request.user),
        "why_not_accept": access.why_not_accept(request.user, film),
        "why_no_verb": office.why_not_decide(film, ""),
        "screenings": [slot.screening for slot in film.slots.select_related("screening__venue")],
    }
    return render(request, "festival/office/entry.html", context)


def _verbs(film: Film, user) -> list[tuple[str, str]]:
    """What may be done to the film now, as (verb, words on its button)."""
    why_not = {
        ("accept", "Accept for the jury"): access.why_not_accept(user, film),
        ("select", "Select"): office.why_not_decide(film, Film.Status.SELECTED),
        ("wait", "Waiting list"): office.why_not_decide(film, Film.Status.WAITING),
        ("decline", "Decline"): office.why_not_decide(film, Film.Status.DECLINED),
        ("take_back", "Take decision back"): office.why_not_decide(film, Film.Status.ELIGIBLE),
        ("send_back", "Send back"): access.why_not_send_back(user, film),
    }
    return [verb for verb, why in why_not.items() if not why]


def _history(film: Film) -> list:
    """The film's events, latest first, each with its state in words."""
    words = dict(Film.Status.choices)
    events = list(film.events.select_related("by").order_by("-at", "-pk"))
    for event in events:
        event.words = words.get(event.became, event.became)
    return events


def _technical(footage: Footage | None) -> list[tuple[str, str]]:
    """What the examination wrote down, as names and values, leaving out what is nested or empty."""
    record = footage.record if footage else {}
    return [
        (name.replace("_", " ").capitalize(), value)
        for name, value in record.items()
        if value not in ("", None) and isinstance(value, str | int | float)
    ]
