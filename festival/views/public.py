"""Pages that any visitor may open: the programme, its films and its screenings."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from festival import bill, labels, screenings
from festival.forms.browse import BrowseForm
from festival.models import Edition, Film, Screening, Subtitle
from festival.views.context import THEMES

A_PAGE = 24
A_YEAR_S = 365 * 24 * 3600


@require_safe
def home(request):
    """One film across the page, what is on now and next, the sections, the call."""
    edition, at = Edition.objects.published().first(), timezone.now()
    context = {"calls": bill.calls(request.user), "edition": edition, "at": at}
    if edition:
        coming = bill.coming(edition, at=at)
        today = at.astimezone(edition.zone).date()
        context |= {"coming": coming, "feature": bill.feature(edition, coming, on=today)}
        context["rows"] = bill.rows(edition)
    return render(request, "festival/public/home.html", context)


@login_required
def foyer(request):
    """After the door: the rooms this person may enter."""
    context = {"entries": bill.entries_of(request.user), "calls": bill.calls(request.user)}
    return render(request, "festival/public/foyer.html", context)


@require_safe
def films(request):
    """Every film of the programme, found by section, screening, country, length or word."""
    editions = list(Edition.objects.published())
    asked = request.GET.get("edition", "")
    edition = next((e for e in editions if e.slug == asked), editions[0] if editions else None)
    context = {"edition": edition, "editions": editions}
    if edition:
        form = BrowseForm(request.GET, edition=edition)
        context["form"] = form
        context["page"] = Paginator(bill.cards(form.films()), A_PAGE).get_page(request.GET.get("page"))
        context["awarded"] = edition.awards.announced().exists()
        context["asked"] = any(form.data.get(name) for name in form.fields)
    return render(request, "festival/public/films.html", context)


@require_safe
def film(request, pk):
    """A film's page: to watch, to read how it was made, to see where it is shown."""
    film = _film(request, pk)
    shows = Screening.objects.visible_to(request.user).filter(slots__film=film)
    context = {
        "film": film,
        "playback": _playback(film),
        "captions": bill.captions(film),
        "label": labels.label(film),
        "awards": film.awards.announced(),
        "shows": shows.select_related("venue", "edition"),
        "at": timezone.now(),
    }
    return render(request, "festival/public/film.html", context)


def _film(request, pk) -> Film:
    """The film with all that its page prints; a film that is not for these eyes is not there."""
    seen = bill.cards(Film.objects.visible_to(request.user)).select_related("statement")
    lists = (
        "languages",
        "credits",
        "subtitles",
        "disclosures__tool",
        "departments__tools",
        "tools",
        "consents",
    )
    return get_object_or_404(seen.prefetch_related(*lists), pk=pk)


def _playback(film: Film) -> dict | None:
    if film.footage is None or not film.footage.folder:
        return None
    return screenings.play(film.footage)


@require_safe
def disclosure(request, pk):
    """The film's AI label for machines."""
    film = get_object_or_404(Film.objects.visible_to(request.user).select_related("footage"), pk=pk)
    return JsonResponse(labels.label_json(film), json_dumps_params={"ensure_ascii": False})


@require_safe
def captions(request, pk, language):
    """Captions in one language, for whoever may see the film or holds a player's key."""
    key = request.GET.get("key", "")
    if not bill.opens_captions(pk, key, age_s=settings.MEDIA_TOKEN_AGE_S):
        get_object_or_404(Film.objects.visible_to(request.user), pk=pk)
    subtitle = get_object_or_404(Subtitle, film=pk, language=language)
    return HttpResponse(subtitle.vtt, content_type="text/vtt; charset=utf-8")


@require_safe
def schedule(request):
    """Every screening by day, in the festival's own time."""
    edition = Edition.objects.published().first()
    context = {"edition": edition, "at": timezone.now()}
    if edition:
        shows = list(bill.screenings(edition))
        venues = sorted({show.venue for show in shows}, key=lambda venue: venue.name)
        venue = request.GET.get("venue", "")
        seen = [show for show in shows if not venue or str(show.venue_id) == venue]
        context |= {"days": bill.days(seen, edition), "venues": venues, "venue": venue}
    return render(request, "festival/public/schedule.html", context)


@require_safe
def calendar(request):
    """The schedule for a calendar program; `?screening=` gives just the one."""
    edition = Edition.objects.published().first()
    if edition is None:
        raise Http404("There is no published programme yet.")
    shows = bill.screenings(edition)
    if one := request.GET.get("screening"):
        shows = [show for show in shows if str(show.pk) == one]
    text = bill.calendar(edition, list(shows), site=settings.SITE_URL)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{edition.slug}.ics"'
    return response


@require_safe
def screening(request, pk):
    """One screening: when, where, and the films in order."""
    seen = Screening.objects.visible_to(request.user)
    show = get_object_or_404(bill.with_films(seen, user=request.user), pk=pk)
    return render(request, "festival/public/screening.html", {"show": show, "at": timezone.now()})


@require_POST
def theme(request):
    """Light in the room, as this person wants it, for a year."""
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    response = redirect(there if safe else "public:home")
    if request.POST.get("theme") in THEMES:
        response.set_cookie("theme", request.POST["theme"], max_age=A_YEAR_S, samesite="Lax", httponly=True)
    return response
