"""What ties a juror to a film: what is certain bars them, what is only likely is put to an organiser.

Nobody judges what they made, what people made with whom they share a credit, what their own company or school
is credited on, or the section they have a film in. Likeness of names is never certain: namesakes exist.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import Q
from django.db.models.functions import Lower
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from festival.models import Credit, Film, Person
from judging.models import Background, Conflict, Finding

NOT_ENTERED = [Film.Status.DRAFT, Film.Status.WITHDRAWN]
ALIKE = 0.92  # Jaro-Winkler, from which two names are taken for one person's
FREE_MAIL = re.compile(
    r"(126|163|aol|example|fastmail|free|freenet|gmail|gmx|googlemail|hey|hotmail|icloud|laposte|libero|live|mac|mail|me"
    r"|msn|naver|orange|outlook|pm|posteo|proton|protonmail|qq|rediffmail|seznam|t-online|tuta|tutanota|virgilio"
    r"|wanadoo|web|wp|yahoo|yandex|ymail|zoho)\."
)
COMMON_BOX = re.compile(r"admin|contact|films?|festival|hello|info|mail|office|post|team")
SHORTEST_BOX = 5  # letters before the @ that say something about a person
SHORTEST_COMPANY = 6  # letters of a company's name that say something


# Certain


def barred(films: list[Film], over: dict[Person, set[int] | None]) -> dict[tuple, str]:
    """Pairs of film and juror (ids) that must not meet, each with the reason; films with their credits.

    Args:
        over: each juror's sections, None meaning all.
    """
    shut: dict[tuple, str] = {}
    works, houses = _works(over), _houses(over)
    for juror, sections in over.items():
        names = _names(juror)
        circle = (
            set().union(*(makers(work) | {work.entrant_id} for work in works[juror])) - names - {juror.pk}
        )
        entered = {work.section_id for work in works[juror] if work.status not in NOT_ENTERED} - {None}
        for film in films:
            if sections is not None and film.section_id not in sections:
                shut[film.pk, juror.pk] = "sits over other sections"
            if film.section_id in entered:
                shut[film.pk, juror.pk] = "has a film in the section"
            if house := _shared(houses.get(juror.pk, []), film):
                shut[film.pk, juror.pk] = f"belongs to {house}, which is in its credits"
            if not circle.isdisjoint(behind := makers(film)) or film.entrant_id in circle:
                shut[film.pk, juror.pk] = "shares a credit with its makers"
            if film.entrant_id == juror.pk or names & behind:
                shut[film.pk, juror.pk] = "made it"
    declared = Conflict.objects.filter(film__in=films).values_list("film", "juror")
    return shut | dict.fromkeys(declared, "has a conflict")


def _houses(jurors: Iterable[Person]) -> dict[int, list[str]]:
    """The companies and schools each juror says they belong to, by the juror's id."""
    return dict(Background.objects.filter(juror__in=list(jurors)).values_list("juror", "houses"))


def _shared(houses: list[str], film: Film) -> str:
    """The first of these houses that is credited on the film; "" for none."""
    credited = {folded(credit.name) for credit in film.credits.all()}
    return next((house for house in houses if folded(house) in credited), "")


def makers(film: Film) -> set[str]:
    """Names and addresses that stand for the people behind a film; needs `credits` loaded."""
    credited = [credit.name for credit in film.credits.all()]
    return {plain(words) for words in [*credited, film.contact_name, film.contact_email]} - {""}


def _works(jurors: Iterable[Person]) -> dict[Person, list[Film]]:
    """The films each juror has entered or is credited on, in any edition; two queries."""
    names = {juror: _names(juror) for juror in jurors}
    named = Credit.objects.annotate(plain=Lower("name")).filter(plain__in=set().union(*names.values()))
    films = Film.objects.filter(Q(entrant__in=names) | Q(pk__in=named.values("film")))
    works: dict[Person, list[Film]] = defaultdict(list)
    for film in films.prefetch_related("credits"):
        behind = makers(film)
        for juror in names:
            if film.entrant_id == juror.pk or names[juror] & behind:
                works[juror].append(film)
    return works


def _names(juror: Person) -> set[str]:
    return {plain(juror.name), plain(juror.email)} - {""}


def plain(words: str) -> str:
    return " ".join(words.casefold().split())


# Likely


@dataclass(frozen=True)
class Suspicion:
    """A possible tie, and why."""

    film: Film
    juror: Person
    grounds: list[str]


def suspicions(films: list[Film], jurors: Collection[Person]) -> list[Suspicion]:
    """Possible ties that nobody has ruled on, least recent film first; films with credits and entrant."""
    if not films or not jurors:
        return []
    jurors = list(jurors)
    certain = barred(films, dict.fromkeys(jurors))
    heard = _heard(films)
    grounds: dict[tuple, list[str]] = defaultdict(list)
    for find in (_names_alike, _mail_alike, _company_alike):
        for film, juror, why in find(films, jurors):
            grounds[film, juror].append(why)
    return [
        Suspicion(film, juror, sorted(set(why)))
        for (film, juror), why in sorted(
            grounds.items(), key=lambda item: (item[0][0].created_at, item[0][1].pk)
        )
        if (film.pk, juror.pk) not in certain and not set(why) <= heard[film.pk, juror.pk]
    ]


def _heard(films: list[Film]) -> dict[tuple, set[str]]:
    """Of each pair, the grounds an organiser has ruled on."""
    heard: dict[tuple, set[str]] = defaultdict(set)
    for film, juror, grounds in Finding.objects.filter(film__in=films).values_list(
        "film", "juror", "grounds"
    ):
        heard[film, juror] |= set(grounds)
    return heard


def _names_alike(films, jurors):
    """Jurors whose name is nearly that of somebody behind the film, in whatever order its words stand."""
    jurors = [juror for juror in jurors if len(folded(juror.name).split()) > 1]
    people = [
        (film, name, role)
        for film in films
        for name, role in [
            *((credit.name, credit.role) for credit in film.credits.all()),
            (film.contact_name, "contact"),
            (film.entrant.name, "entrant"),
        ]
        if len(folded(name).split()) > 1
    ]
    if not people or not jurors:
        return
    theirs, ours = [folded(name) for _, name, _ in people], [folded(juror.name) for juror in jurors]
    like = process.cdist(theirs, ours, scorer=JaroWinkler.normalized_similarity)
    for i, j in np.argwhere(like >= ALIKE):
        film, name, role = people[i]
        yield film, jurors[j], f"“{name}”, its {role.casefold()}, has nearly the juror’s name."


def _mail_alike(films, jurors):
    """Jurors who write from the same house as a maker, or by the same name from another."""
    for film in films:
        for address in {film.contact_email, film.entrant.email} - {""}:
            for juror in jurors:
                box, _, domain = address.casefold().partition("@")
                own_box, _, own_domain = juror.email.casefold().partition("@")
                box, own_box = box.partition("+")[0], own_box.partition("+")[0]
                if domain == own_domain and not is_free(domain):
                    yield film, juror, f"Both write from {domain}."
                if box == own_box and len(box) >= SHORTEST_BOX and not COMMON_BOX.fullmatch(box):
                    yield film, juror, f"Both write as {box}@."


def _company_alike(films, jurors):
    """Jurors who write from an address that bears the name of a company in the credits."""
    for film in films:
        for credit in film.credits.all():
            company = re.sub(r"\W", "", folded(credit.name, sort=False))
            for juror in jurors:
                domain = juror.email.casefold().partition("@")[2]
                house = re.sub(r"\W", "", domain.partition(".")[0])
                if len(company) >= SHORTEST_COMPANY and company == house and not is_free(domain):
                    yield (
                        film,
                        juror,
                        f"The juror writes from {domain}, and “{credit.name}” is in the credits.",
                    )


def is_free(domain: str) -> bool:
    """Whether anybody may have an address there, so that sharing it says nothing."""
    return bool(FREE_MAIL.match(domain))


def folded(name: str, *, sort: bool = True) -> str:
    """A name without accents, case and punctuation, its words in alphabetical order."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    words = re.sub(r"[^\w\s]|_", " ", "".join(c for c in letters if not unicodedata.combining(c))).split()
    return " ".join(sorted(set(words)) if sort else words)
