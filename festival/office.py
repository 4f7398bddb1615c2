"""The office: set up an edition, open its call, seat people, decide."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from festival import access, labels, notices
from festival.errors import IllegalMove, Problem, Refused
from festival.models import Edition, Film, Person, Role
from festival.provenance import timecodes

DECISIONS = (Film.Status.ELIGIBLE, *Film.DECIDED)


# Editions


def why_not_found(user) -> str:
    """May `user` begin a new edition?"""
    if user.is_authenticated and (user.is_staff or Role.objects.organisers().filter(person=user).exists()):
        return ""
    return "A new edition is begun by somebody who has organised one before. Ask an organiser to seat you."


@transaction.atomic
def create_edition(*, by: Person, **fields) -> Edition:
    """Begin an edition, in preparation; whoever creates it becomes its first organiser.

    Raises:
        Refused: `by` has never organised an edition.
    """
    if why := why_not_found(by):
        raise Refused(why)
    edition = Edition.objects.create(**fields)
    Role.objects.create(edition=edition, person=by, kind=Role.Kind.ORGANISER)
    edition.events.create(by=by, became=edition.status, note="Created.")
    return edition


@transaction.atomic
def set_up(edition: Edition, forms: Iterable, *, by: Person) -> None:
    """Save checked forms of the set-up together, and write down what was changed, or nothing at all."""
    _ask(access.why_not_organise(by, edition))
    moved = ["status", "told_at"]  # saved along, so as they are by now, not as they were read
    edition.refresh_from_db(fields=moved, from_queryset=Edition.objects.select_for_update())
    changed = []
    for form in forms:
        changed += form.changes()
        form.save()
    if changed:
        edition.events.create(by=by, was=edition.status, became=edition.status, note="; ".join(changed))


# The call


def why_not_open(edition: Edition, *, at) -> str:
    """May the call of this edition be opened, or opened again, at the moment `at`?"""
    if edition.status not in (Edition.Status.DRAFT, Edition.Status.CLOSED):
        return f"The call cannot be opened: {edition.get_status_display().lower()}."
    if not edition.sections.exists():
        return "Add a section first, so that entrants know where their film belongs."
    deadline = edition.deadline_at
    if deadline is None:
        return "Set a deadline first, so that entrants know how long they have."
    if deadline <= at:
        return f"The last deadline was {access.local(deadline, edition)}. Set a later one first."
    return ""


def open_call(edition: Edition, *, by: Person, at=None) -> None:
    """Open the call for entries, for the first time or again.

    Raises:
        Refused: `by` is no organiser, or something the call needs is missing; the message says what.
        IllegalMove: somebody else moved the edition first.
    """
    _ask(access.why_not_organise(by, edition) or why_not_open(edition, at=at or timezone.now()))
    edition.move(Edition.Status.OPEN, by=by, note="Call opened.")


def why_not_close(edition: Edition) -> str:
    """May the call of this edition be closed?"""
    return "" if edition.status == Edition.Status.OPEN else "The call is not open."


def close_call(edition: Edition, *, by: Person) -> None:
    """Close the call; drafts can no longer be submitted, until it is opened again."""
    _ask(access.why_not_organise(by, edition) or why_not_close(edition))
    edition.move(Edition.Status.CLOSED, by=by, note="Call closed.")


# People


@transaction.atomic
def seat(edition: Edition, email: str, kind: Role.Kind, *, by: Person) -> Role:
    """Give the person at `email` a part in the edition, and write to them; unknown people are invited.

    Seating somebody who sits there already changes nothing and sends nothing.
    """
    _ask(access.why_not_organise(by, edition))
    person = person_at(email.strip())
    role, new = Role.objects.get_or_create(edition=edition, person=person, kind=kind)
    if new:
        path, newcomer = way_in(person, _door(role))
        notices.write(
            person,
            "seated",
            edition=edition,
            role=role,
            by=by,
            newcomer=newcomer,
            link=settings.SITE_URL + path,
        )
    return role


@transaction.atomic
def unseat(role: Role, *, by: Person) -> None:
    """Take a part in the edition away. The last organiser cannot be removed: nobody could return."""
    _ask(access.why_not_organise(by, role.edition) or why_not_unseat(role))
    role.delete()


def why_not_unseat(role: Role) -> str:
    """May this person lose this part?"""
    if role.kind == Role.Kind.ORGANISER and role.edition.roles.organisers().count() == 1:
        return "This is the only organiser. Seat another one first, or nobody could open the office."
    return ""


def person_at(email: str) -> Person:
    """The person at this address, or a new one who cannot sign in before following the letter's link.

    Only a reader of the mailbox can then set the password, so a new address counts as verified.
    """
    without_password = {"email": email.lower(), "password": make_password(None)}
    person, new = Person.objects.get_or_create(email__iexact=email, defaults=without_password)
    if new:
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    return person


def way_in(person: Person, door: str) -> tuple[str, bool]:
    """The path a letter to this person names, and whether they choose a password there before the door."""
    newcomer = not _can_sign_in(person)
    return (_password_path(person) if newcomer else door), newcomer


def _can_sign_in(person: Person) -> bool:
    """Whether somebody who reads this mailbox has chosen the password.

    An unproven address may have been signed up by another hand: its owner chooses a password anew.
    """
    return person.has_usable_password() and person.emailaddress_set.filter(verified=True).exists()


def _password_path(person: Person) -> str:
    key = default_token_generator.make_token(person)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), key])


def _door(role: Role) -> str:
    if role.kind == Role.Kind.ORGANISER:
        return reverse("office:edition", args=[role.edition.slug])
    return reverse("jury:films")


# Decisions


def why_not_decide(film: Film, to: str) -> str:
    """May this film's decision become `to`?"""
    if film.edition.status == Edition.Status.PUBLISHED:
        return f"“{film}” stays as it is: the programme is published. Unpublish it first."
    if film.status == to:
        return f"“{film}” is already “{film.get_status_display()}”."
    if film.status == Film.Status.SUBMITTED:
        return f"“{film}” has not been accepted yet. Accept it first."
    if film.status not in DECISIONS:
        return f"“{film}” is “{film.get_status_display()}”, so there is nothing to decide."
    if to not in Film.FLOW[film.status]:
        return f"“{film}” is “{film.get_status_display()}”. Take that decision back first."
    return ""


def decide(films: Iterable[Film], to: str, *, by: Person, note: str = "") -> list[str]:
    """Select every film, put it on the waiting list, decline it, or take that back (`to` ELIGIBLE).

    No letter is sent yet.

    Returns:
        one sentence for each film that was left as it is; empty when all were moved.

    Raises:
        Refused: `by` does not organise the edition of one of them; nothing was moved.
    """
    if to not in DECISIONS:
        raise ValueError(f"{to} is no decision")
    films = list(films)
    for edition in {film.edition for film in films}:
        _ask(access.why_not_organise(by, edition))
    return [sentence for film in films if (sentence := _decide(film, to, by=by, note=note))]


def _decide(film: Film, to: str, *, by: Person, note: str) -> str:
    if why := why_not_decide(film, to):
        return why
    try:
        film.move(to, by=by, note=note)
    except IllegalMove:
        now = Film.objects.get(pk=film.pk)
        return f"“{now}” was left alone: somebody else has just made it “{now.get_status_display()}”."
    return ""


def in_bulk(films: Iterable[Film], act: Callable, **about) -> list[str]:
    """Do one act to every film, such as `intake.accept`; those it refuses come back as sentences."""
    refused = []
    for film in films:
        try:
            act(film, **about)
        except Problem as problem:
            refused.append(str(problem) if f"“{film}”" in str(problem) else f"“{film}”: {problem}")
    return refused


# The table of entries

ORDERS = {
    "title": ["title"],
    "section": ["section__position", "section__name", "title"],
    "entrant": ["entrant__name", "entrant__email", "title"],
    "length": ["footage__duration_s", "title"],
    "state": ["status", "title"],
    "submitted": ["submitted_at", "title"],
}


def entries(
    edition: Edition,
    *,
    state: str = "",
    section=None,
    country: str = "",
    words: str = "",
    shortest_s: float | None = None,
    longest_s: float | None = None,
    least_ai: float | None = None,
    most_ai: float | None = None,
    order: str = "-submitted",
) -> QuerySet[Film]:
    """Entries that fit every condition given, with all that the table and the CSV show of them."""
    films = edition.films.select_related("section", "entrant", "footage", "edition")
    conditions = {
        "status": state,
        "section": section,
        "footage__duration_s__gte": shortest_s,
        "footage__duration_s__lte": longest_s,
    }
    films = films.filter(**{name: value for name, value in conditions.items() if value not in (None, "")})
    if country:
        films = films.filter(countries__code=country)
    for word in words.split():
        films = films.filter(_mentions(word))
    if least_ai is not None or most_ai is not None:
        films = _by_share(films, least_ai or 0, 100 if most_ai is None else most_ai)
    return films.order_by(*_order(order)).prefetch_related("countries", "disclosures")


def _mentions(word: str) -> Q:
    found = Q()
    for field in ("title", "original_title", "entrant__name", "entrant__email"):
        found |= Q(**{f"{field}__icontains": word})
    return found | Q(id__startswith=word.lower())  # the code is how the number begins


def _by_share(films: QuerySet[Film], least: float, most: float) -> QuerySet[Film]:
    """Films whose AI share lies within per cents; overlapping ranges count once, so Python counts."""
    rows = films.prefetch_related("disclosures")
    return films.filter(pk__in=[film.pk for film in rows if least <= labels.share(film) <= most])


def _order(order: str) -> list:
    name = order.removeprefix("-")
    fields = ORDERS.get(name, ORDERS["title"])
    first = F(fields[0])
    first = first.desc(nulls_last=True) if order.startswith("-") else first.asc(nulls_last=True)
    return [first, *fields[1:], "pk"]


def count_by_state(edition: Edition) -> Counter:
    """How many of the edition's entries are in each state."""
    return Counter(dict(edition.films.order_by().values_list("status").annotate(Count("pk"))))


COLUMNS = (
    "Code", "Title", "Original title", "Section", "State", "Entrant", "E-mail", "Countries", "Languages",
    "Year", "Premiere", "Running time", "Seconds", "AI share, %", "Submitted",
)  # fmt: skip


def rows(films: QuerySet[Film]) -> Iterator[list[str]]:
    """The entries as rows of a spreadsheet, headings first; no cell can be taken for a formula."""
    yield list(COLUMNS)
    for film in films.prefetch_related("languages"):
        yield [plain(cell) for cell in _cells(film)]


def _cells(film: Film) -> list:
    seconds = film.footage.duration_s if film.footage else None
    submitted = film.submitted_at and film.submitted_at.astimezone(film.edition.zone)
    return [
        film.code,
        film.title,
        film.original_title,
        film.section or "",
        film.get_status_display(),
        film.entrant.name,
        film.entrant.email,
        " ".join(country.code for country in film.countries.all()),
        " ".join(language.code for language in film.languages.all()),
        film.year or "",
        film.get_premiere_display(),
        timecodes.short(seconds) if seconds is not None else "",
        f"{seconds:.2f}" if seconds is not None else "",
        f"{labels.share(film):.0f}" if seconds is not None else "",
        f"{submitted:%Y-%m-%d %H:%M}" if submitted else "",
    ]


def plain(cell) -> str:
    """A cell as text that no spreadsheet runs as a formula.

    Source: OWASP, CSV Injection.
    """
    text = str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _ask(why: str) -> None:
    if why:
        raise Refused(why)
