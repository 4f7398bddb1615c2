"""The entrant's pages: my entries, one entry and its way from a title to a receipt."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from festival import access, bill, entries, feedback, intake, labels, listings, screenings
from festival.errors import Problem
from festival.forms.entry import BeginForm
from festival.models import Film
from festival.views.entrant_door import for_its_entrant
from festival.views.office_door import told


@login_required
@require_safe
def my_entries(request):
    """Every film this person has entered, with its state in plain words."""
    at = timezone.now()
    films = [(film, entries.standing(film, at=at)) for film in entries.of(request.user)]
    context = {"films": films, "calls": bill.calls(request.user)}
    return render(request, "festival/entrant/entries.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Begin an entry: choose the edition, give a title."""
    calls = bill.calls(request.user)
    asked = next((call for call in calls if call.slug == request.GET.get("edition")), None)
    first = asked or next(iter(calls), None)
    form = BeginForm(request.POST or None, editions=calls, initial={"edition": first})
    if form.is_valid():
        try:
            film = listings.begin(**form.cleaned_data, by=request.user)
        except Problem as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("entrant:entry", film.pk)
    return render(request, "festival/entrant/new.html", {"form": form, "calls": calls})


@for_its_entrant
@require_safe
def entry(request, film):
    """One entry: where it stands, what is still to do, what has been."""
    user, at = request.user, timezone.now()
    context = {
        "film": film,
        "standing": entries.standing(film, at=at),
        "checklist": entries.checklist(film),
        "history": entries.history(film),
        "newest": entries.newest_footage(film),
        "why_not_edit": access.why_not_edit(user, film, at=at),
        "why_not_withdraw": access.why_not_withdraw(user, film),
        "open_until": access.open_until(film),
        "receipt": intake.receipt(film) if film.submitted_at else None,
        "viewerships": film.viewerships.all(),
        "feedback": feedback.for_entrant(film),
    }
    return render(request, "festival/entrant/entry.html", context)


@for_its_entrant
@require_safe
def film_file(request, film):
    """The film's file: send it, watch it being examined, see what was found."""
    newest = entries.newest_footage(film)
    context = {
        "film": film,
        "newest": newest,
        "shown": film.footage,
        "playback": screenings.play(film.footage) if film.footage and film.footage.folder else None,
        "captions": bill.captions(film),
        "why_not_edit": access.why_not_edit(request.user, film, at=timezone.now()),
        "why_not_retry": access.why_not_retry(request.user, newest) if newest else "",
        "why_not_fitting": access.why_not_fitting(film),
        "max_bytes": settings.UPLOAD_MAX_BYTES,
    }
    return render(request, "festival/entrant/film.html", context)


@for_its_entrant
@require_POST
def retry(request, film):
    """Have the newest file examined once more, without sending it again."""
    newest = entries.newest_footage(film)
    if newest:
        with told(request, "The file is being examined once more."):
            intake.retry(newest, by=request.user)
    return redirect("entrant:film", film.pk)


@for_its_entrant
@require_safe
def preview(request, film):
    """The film's own pages as audiences will see them, or as the jury does."""
    seen = bill.cards(Film.objects.entered_by(request.user)).select_related("statement")
    lists = (
        "languages",
        "credits",
        "subtitles",
        "disclosures__tool",
        "departments__tools",
        "tools",
        "consents",
    )
    film = get_object_or_404(seen.prefetch_related(*lists), pk=film.pk)
    blind = request.GET.get("as") == "jury"
    context = {
        "film": film,
        "playback": screenings.play(film.footage) if film.footage and film.footage.folder else None,
        "captions": bill.captions(film),
        "label": labels.label(film, blind=blind),
        "shows": [],
        "covered": list(film.title_ranges.values_list("start_s", "end_s")),
    }
    return render(request, f"festival/entrant/preview_{'jury' if blind else 'audience'}.html", context)


@for_its_entrant
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request, film):
    """Read the rules, see what is missing, and hand the entry in."""
    if request.method == "POST":
        return _submit(request, film)
    context = {
        "film": film,
        "checklist": entries.checklist(film),
        "why_not_submit": access.why_not_submit(request.user, film, at=timezone.now()),
        "open_until": access.open_until(film),
    }
    return render(request, "festival/entrant/submit.html", context)


def _submit(request, film):
    until = access.open_until(film)
    still = f" You can change it until {access.local(until, film.edition)}." if until else ""
    with told(request, f"Submitted.{still} The receipt is on its way to you by mail."):
        intake.submit(film, by=request.user)
        return redirect("entrant:receipt", film.pk)
    return redirect("entrant:submit" if film.status == Film.Status.DRAFT else "entrant:entry", film.pk)


@for_its_entrant
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, film):
    """Take the film out of the festival, after a second look."""
    if request.method == "POST":
        with told(request, f"“{film}” is withdrawn. Your files and texts are kept."):
            intake.withdraw(film, by=request.user)
        return redirect("entrant:entry", film.pk)
    why_not = access.why_not_withdraw(request.user, film)
    return render(request, "festival/entrant/withdraw.html", {"film": film, "why_not": why_not})


@for_its_entrant
@require_safe
def receipt(request, film):
    """What was submitted, byte for byte, and when."""
    if film.submitted_at is None:
        return redirect("entrant:entry", film.pk)
    context = {"film": film, "receipt": intake.receipt(film)}
    return render(request, "festival/entrant/receipt.html", context)
