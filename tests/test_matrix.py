"""Every address against everybody: what a stranger, an entrant, a juror and an organiser get."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from festival.models import Edition, Film, Notice, Role, Still, Subtitle
from generation.models import Clip, Job, Member, Production, Take
from judging.models import Assignment, FeedbackDraft, Panel, Pin, Round, Seat
from tests.factories import make_edition, make_film, make_juror, make_organiser, make_user

pytestmark = pytest.mark.django_db

FOREIGN = ("admin:", "account_", "mfa_")  # Django's and allauth's own addresses, tested by their makers
BRIEF = {
    "engine": "noise",
    "revision": "1",
    "prompt": "p",
    "seed": 1,
    "frames": 9,
    "width": 32,
    "height": 32,
    "fps": 8,
}
PEOPLE = ("anonymous", "stranger", "entrant", "juror", "organiser")


def names(resolver=None, space=""):
    """Every named address of the site, as “namespace:name”, with its parameters."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and entry.name and not (space + entry.name).startswith(FOREIGN):
            yield space + entry.name


@pytest.fixture
def house():
    """One of everything, unpublished, and one published film."""
    edition = make_edition(slug="this")
    film = make_film(edition=edition, footage=True, status=Film.Status.SUBMITTED)
    people = {
        "anonymous": None,
        "stranger": make_user(),
        "entrant": film.entrant,
        "juror": make_juror(edition),
        "organiser": make_organiser(edition),
    }
    public = make_film(
        edition=make_edition(status=Edition.Status.PUBLISHED), footage=True, status=Film.Status.SELECTED
    )
    Subtitle.objects.create(film=public, language="en", label="English", vtt="WEBVTT\n", cues=0)
    subtitle = Subtitle.objects.create(film=film, language="en", label="English", vtt="WEBVTT\n", cues=0)
    still = Still.objects.create(film=film, path="stills/x.jpg", width=10, height=10)
    upload = film.uploads.create(
        owner=film.entrant, name="a.mp4", size_bytes=9, expires_at=timezone.now() + timedelta(days=1)
    )
    review = Round.objects.create(edition=edition, status=Round.Status.OPEN)
    seat = Seat.objects.create(panel=Panel.objects.create(edition=edition), juror=people["juror"])
    judged = make_film(edition=edition, footage=True, status=Film.Status.ELIGIBLE)
    Subtitle.objects.create(film=judged, language="en", label="English", vtt="WEBVTT\n", cues=0)
    assignment = Assignment.objects.create(round=review, film=judged, juror=people["juror"])
    stages = {
        kind: Round.objects.create(edition=edition, kind=kind, status=Round.Status.OPEN, source=review)
        for kind in ("eligibility", "further", "shortlist", "final")
    }
    checked = Assignment.objects.create(round=stages["eligibility"], film=judged, juror=people["juror"])
    Assignment.objects.create(round=stages["final"], film=judged, juror=people["juror"])
    draft = FeedbackDraft.objects.create(film=judged, round=review, reason="Room.")
    pin = Pin.objects.create(assignment=assignment, at_s=1, words="Here.")
    clip = Clip.objects.create(
        owner=film.entrant, edition=edition, brief=BRIEF, digest="0" * 64, prompt="p", engine="noise",
        revision="1", seed=1, path="clips/x.mp4", sha256="0" * 64, width=10, height=10, fps=8, duration_s=1,
    )  # fmt: skip
    job = Job.objects.create(owner=film.entrant, edition=edition, brief=BRIEF, steps=4)
    production = Production.objects.create(owner=film.entrant, edition=edition, title="The long way")
    member = Member.objects.create(production=production, person=film.entrant, invited_by=film.entrant)
    scene = production.scenes.create(title="Scene 1", position=0)
    shot = scene.shots.create(position=0, words="p")
    take = Take.objects.create(
        production=production, shot=shot, number=1, asked_by=film.entrant, engine="noise", aspect="1:1",
        words="p", seed=1,
        wish={"prompt": "p", "engine": "noise", "seconds": 1, "aspect": "1:1", "seed": 1},
    )  # fmt: skip
    venue = edition.venues.create(name="Hall")
    moments = {"starts_at": timezone.now(), "ends_at": timezone.now()}
    screening = edition.screenings.create(venue=venue, title="Opening", **moments)
    shown = public.edition.screenings.create(
        venue=public.edition.venues.create(name="Hall"), title="Gala", **moments
    )
    role = Role.objects.get(edition=edition, kind="juror")
    letter = Notice.objects.create(person=film.entrant, film=film, kind="declined", subject="s", body="b")
    award = edition.awards.create(name="Grand prize")
    clients = {part: signed_in(person) for part, person in people.items()}
    return SimpleNamespace(**locals())


def arguments(name: str, house) -> dict:
    """Arguments that reach the unpublished things, but for the public pages."""
    of = {
        "public:film": {"pk": house.public.pk},
        "public:label": {"pk": house.public.pk},
        "public:captions": {"pk": house.public.pk, "language": "en"},
        "public:screening": {"pk": house.shown.pk},
        "media:upload": {"pk": house.upload.pk},
        "media:file": {"token": "forged", "rest": "x.mp4"},
        "entrant:still": {"pk": house.film.pk, "still": house.still.pk},
        "entrant:subtitle_remove": {"pk": house.film.pk, "subtitle": house.subtitle.pk},
        "jury:film": {"pk": house.assignment.pk},
        "jury:recuse": {"pk": house.assignment.pk},
        "jury:check": {"pk": house.checked.pk},
        "jury:ballot": {"pk": house.stages["final"].pk},
        "jury_office:allot": {"pk": house.stages["further"].pk},
        "jury_office:shortlist": {"pk": house.stages["shortlist"].pk},
        "jury_office:count": {"pk": house.stages["final"].pk},
        "jury:watched": {"pk": house.assignment.pk, "token": "forged"},
        "jury:pin": {"pk": house.assignment.pk},
        "jury:unpin": {"pk": house.assignment.pk, "pin": house.pin.pk},
        "jury:media": {"token": "forged", "rest": "master.m3u8"},
        "jury:captions": {"pk": house.assignment.pk, "language": "en"},
        "jury_office:limit": {"pk": house.seat.pk},
        "jury_office:unseat": {"pk": house.seat.pk},
        "office:unseat": {"pk": house.role.pk},
        "office:screening": {"pk": house.screening.pk},
        "office:screening_remove": {"pk": house.screening.pk},
        "office:venue_remove": {"pk": house.venue.pk},
        "office:entry": {"pk": house.film.pk},
        "office:letter": {"pk": house.letter.pk},
        "office:award": {"pk": house.award.pk},
        "studio:clip": {"pk": house.clip.pk},
        "studio:deliver": {"pk": house.clip.pk},
        "studio:preview": {"token": "forged"},
        "videos:video": {"video_id": f"video_{house.job.pk.hex}"},
        "videos:content": {"video_id": f"video_{house.job.pk.hex}"},
        "api:programme-detail": {"pk": house.public.pk},
        "api:programme-disclosure": {"pk": house.public.pk},
        "api:screening-detail": {"pk": house.shown.pk},
        "api:upload-detail": {"pk": house.upload.pk},
        "api:clip-detail": {"pk": house.clip.pk},
        "api:clip-deliver": {"pk": house.clip.pk},
    }.get(name, {})
    space = name.split(":")[0]
    if not of:
        if space == "entrant" and name not in ("entrant:entries", "entrant:new"):
            of = {"pk": house.film.pk}
        elif space == "studio":
            of = in_the_studio(name.removeprefix("studio:"), house)
        elif part := re.fullmatch(r"api:(production|scene|shot|take)-(?!list)[a-z-]+", name):
            of = {"pk": getattr(house, part[1]).pk}
        elif name.startswith("api:entry-") and name != "api:entry-list":
            of = {"pk": house.film.pk}
        elif name.startswith("api:job-") and name != "api:job-list":
            of = {"pk": house.job.pk}
        elif name.startswith("api:mark-") and name != "api:mark-list":
            of = {"pk": house.assignment.pk}
        elif name in ONE_ROUND or (name.startswith("api:round-") and name != "api:round-list"):
            of = {"pk": house.review.pk}
    if name == "jury_office:draft":
        of = {"pk": house.review.pk, "draft": house.draft.pk}
    if name == "jury_office:marks":
        of = {"pk": house.review.pk, "film": house.film.pk}
    if name in ("ledger:results", "ledger:edition", "ledger:digests", "jury:receipts", "jury:receipts_file"):
        of = {"edition": "this"}
    offices = ("office", "jury_office", "studio_office")
    if space in offices and name not in ("office:editions", "office:edition_new"):
        of = {"edition": "this", **of}
    return of


def in_the_studio(name: str, house) -> dict:
    """The studio's addresses name what they are about; those of a job stand alone."""
    if name in OF_NOTHING:
        return {}
    if name in ("scene_add", "invite"):
        return {"pk": house.production.pk}
    if name in ("invitation", "part"):
        return {"pk": house.member.pk}
    kind = name.split("_")[0]
    return {"pk": getattr(house, kind if kind in ("production", "scene", "shot", "take") else "job").pk}


OF_NOTHING = ("clips", "words", "productions", "library")  # lists of one's own
OF_A_ROUND = (
    "feedback",
    "compose",
    "approve_all",
    "habits",
    "disagreement",
    "deliberate",
    "assign",
    "belenios",
    "begin_rubric",
    "close",
    "decide",
    "export",
    "hours",
    "open",
    "round",
    "rubric",
    "results",
    "rule",
    "waive",
)
ONE_ROUND = {f"jury_office:{name}" for name in OF_A_ROUND}


# Who may open a room; everyone else gets 404, and whoever is not signed in is asked to.
ENTRANT, JUROR, ORGANISER = {"entrant"}, {"juror"}, {"organiser"}
SIGNED_IN = {"stranger", "entrant", "juror", "organiser"}
ALL = SIGNED_IN | {"anonymous"}
ROOMS = {"public": ALL, "entrant": ENTRANT, "jury": JUROR, "jury_office": ORGANISER, "ledger": ALL,
         "office": ORGANISER, "studio": ENTRANT, "studio_office": ORGANISER, "videos": ENTRANT}  # fmt: skip
LISTS = ("entry", "upload", "clip", "job", "mark", "round", "production", "scene", "shot", "take")
JOB_VERBS = ("detail", "cancel", "retry", "pause", "resume", "place", "rewrite", "outlook")
PRODUCING = {
    "production": "detail rename invite",
    "scene": "detail rename move remove",
    "shot": "detail rename move remove desk still quote draw",
    "take": "detail select another replace finish finishing larger vary extend copy lead deliver cancel",
}
DOORS = {
    "public:foyer": SIGNED_IN,
    "entrant:entries": SIGNED_IN,
    "entrant:new": SIGNED_IN,
    "jury:films": SIGNED_IN,
    "ledger:results": set(),  # before they are published they are nobody's
    "jury:media": set(),  # so does a forged pass
    **{f"studio:{name}": SIGNED_IN for name in OF_NOTHING},
    "studio:preview": set(),  # a forged token shows nothing to anyone
    "videos:list": SIGNED_IN,
    "media:events": ALL,  # nobody's events for whoever is nobody: 204
    "media:file": set(),  # a forged token opens nothing for anyone
    "media:uploads": SIGNED_IN,
    "media:upload": ENTRANT,
    "api:schema": ALL,
    "api:token": SIGNED_IN,
    **{f"api:{name}-list": SIGNED_IN for name in LISTS},
    **{f"api:entry-{verb}": ENTRANT for verb in ("detail", "submit", "withdraw", "retry", "disclosure")},
    **{f"api:clip-{verb}": ENTRANT for verb in ("detail", "deliver")},
    **{f"api:job-{verb}": ENTRANT for verb in JOB_VERBS},
    "api:upload-detail": ENTRANT,
    **{f"api:{kind}-{verb}": ENTRANT for kind, verbs in PRODUCING.items() for verb in verbs.split()},
    **{f"api:mark-{verb}": JUROR for verb in ("detail", "recuse")},
    **{f"api:round-{verb}": JUROR | ORGANISER for verb in ("detail", "open", "close", "ballot")},
    **{f"api:{name}": ALL for name in ("programme-list", "programme-detail", "programme-disclosure")},
    **{f"api:{name}": ALL for name in ("screening-list", "screening-detail")},
}
LET_IN = {200, 201, 204, 302, 400, 403, 405, 409, 412, 415, 422}  # what is asked may still be refused
KEPT_OUT = {401, 404, 405}


def may_enter(name: str, method: str) -> set[str]:
    who = DOORS[name] if name in DOORS else ROOMS[name.split(":")[0]]
    reads_only = name.startswith("api:") and method == "post" and who == ALL
    return who - {"anonymous"} if reads_only else who


def signed_in(person) -> Client:
    client = Client(headers={"Tus-Resumable": "1.0.0"})
    if person:
        client.force_login(person)
    return client


def asked_to_sign_in(response) -> bool:
    """A redirect to the sign-in page; the token's address, which takes only sessions, says 403."""
    if response.status_code == 302:
        return response["Location"].startswith("/accounts/login/")
    return response.status_code == 403 and "credentials" in response.content.decode()


def finding(name: str, method: str, part: str, house) -> str:
    """What is wrong when `part` calls at this address; "" where all is well."""
    with transaction.atomic():
        response = getattr(house.clients[part], method)(reverse(name, kwargs=arguments(name, house)))
        transaction.set_rollback(True)
    status, turned_away = response.status_code, asked_to_sign_in(response)
    if part in may_enter(name, method):
        well = status in LET_IN and not turned_away
    else:
        well = status in KEPT_OUT or turned_away
    return "" if well else f"{method} {name}: {part} got {status}"


@pytest.mark.parametrize("room", sorted({name.split(":")[0] for name in names()}))
def test_addresses_open_only_to_those_they_are_for(room, house):
    found = [
        finding(name, method, part, house)
        for name in sorted(set(names()))
        if name.startswith(f"{room}:")
        for method in ("get", "post")
        for part in PEOPLE
    ]

    assert len(found) >= 10
    assert [words for words in found if words] == []
