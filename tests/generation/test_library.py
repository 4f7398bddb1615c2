"""The library of takes: found by their traits, page by page, and as fast at 25,000 as at 25."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from generation import library, productions
from generation.models import Clip, Production, Take
from tests.factories import make_edition, make_user
from tests.generation.makers import make_clip, make_shot, make_take

pytestmark = pytest.mark.django_db

EVERY = 1000  # of the database's own instructions, of which SQLite tells
COUNTED = connection.vendor == "sqlite"


@pytest.fixture
def person():
    return make_user()


def fill(person, count: int, *, each: int = 500) -> list[Production]:
    """So many drawn takes of this person, in productions of `each`, a minute apart."""
    edition, begun, now = make_edition(), [], timezone.now()
    model = make_clip(owner=person, edition=edition)
    model.delete()
    for number in range(0, count, each):
        shot = make_shot(owner=person, edition=edition)
        begun.append(shot.scene.production)
        rows = range(number, min(number + each, count))
        fields = {f.attname: getattr(model, f.attname) for f in Clip._meta.fields if f.attname != "id"}
        clips = Clip.objects.bulk_create(Clip(**fields) for _ in rows)
        Take.objects.bulk_create(
            Take(
                production=shot.scene.production, shot=shot, number=row + 1, asked_by=person, clip=clip,
                wish={}, engine=("small", "noise", "wan")[row % 3], aspect=("16:9", "1:1")[row % 2],
                words=f"a {'boat' if row % 100 else 'lighthouse'} at sea", seed=row, spent_s=1,
                made_at=now - timedelta(minutes=row),
            )
            for row, clip in zip(rows, clips, strict=True)
        )  # fmt: skip
    return begun


def walked(rows, size: int) -> list[list[int]]:
    """The seeds on each page, from the first to the last."""
    pages, after = [], ""
    while not pages or after:
        page = library.page(rows, after=after, size=size)
        pages.append([take.seed for take in page.takes])
        after = page.after
    return pages


def test_pages_follow_each_other_without_a_gap_or_an_overlap(person):
    fill(person, 7)
    Take._base_manager.filter(seed__in=[2, 3]).update(made_at=timezone.now() - timedelta(minutes=2))

    pages = walked(library.search(person), size=3)

    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(seed for page in pages for seed in page) == list(range(7))


def test_a_take_made_meanwhile_moves_no_page(person):
    fill(person, 6)
    first = library.page(library.search(person), size=3)
    make_take(owner=person)

    second = library.page(library.search(person), after=first.after, size=3)

    assert [take.seed for take in second.takes] == [3, 4, 5]


@pytest.mark.parametrize("after", ["", "~", "yesterday~x", "2026-11-21T10:00:00~" + "0" * 32, "x" * 300])
def test_what_is_no_place_is_the_beginning(person, after):
    fill(person, 2)

    assert len(library.page(library.search(person), after=after).takes) == 2


@pytest.mark.parametrize(
    ("traits", "seeds"),
    [
        ({"engine": "noise"}, [1, 4]),
        ({"aspect": "1:1"}, [1, 3, 5]),
        ({"engine": "noise", "aspect": "1:1"}, [1]),
        ({"words": "LIGHTHOUSE sea"}, [0]),
        ({"selected": "yes"}, [2]),
        ({"selected": "no"}, [0, 1, 3, 4, 5]),
        ({"made": "day"}, [0, 1, 2, 3, 4]),
        ({"made": "ever since"}, [0, 1, 2, 3, 4, 5]),
        ({"production": "no id"}, []),
    ],
)
def test_takes_are_found_by_their_traits(person, traits, seeds):
    fill(person, 6)
    Take._base_manager.filter(seed=5).update(made_at=timezone.now() - timedelta(days=2))
    take = Take.objects.get(seed=2)
    take.shot.selected = take
    take.shot.save()

    assert [take.seed for take in library.search(person, **traits)] == seeds


def test_facets_count_what_one_may_see_and_nothing_else(person):
    mine, other = fill(person, 4, each=3)
    fill(make_user(), 2)

    found = library.facets(person)

    assert {p.pk: count for p, count in found.productions} == {mine.pk: 3, other.pk: 1}
    assert (found.engines, found.aspects) == (
        [("noise", 1), ("small", 2), ("wan", 1)],
        [("16:9", 2), ("1:1", 2)],
    )
    assert found.total == 4
    assert library.facets(make_user()).total == 0


def test_a_member_finds_what_was_drawn_in_a_shared_production(person):
    (production,) = fill(person, 2)
    bob = make_user()

    assert not library.search(bob)
    productions.accept(productions.invite(production, bob.email, by=person), by=bob)
    assert len(library.search(bob, production=str(production.pk))) == 2


def test_it_stays_fast_and_costs_the_same_at_25_000_takes(client, person, django_assert_num_queries):
    client.force_login(person)
    fill(person, 3)
    few = cost(client, "/studio/takes/")
    fill(person, 25_000, each=1000)
    deep = _place(20_000)

    first = work(client, "/studio/takes/") if COUNTED else 0
    for query in ("", f"?after={deep.replace('+', '%2B')}", "?engine=noise&words=lighthouse", "?made=week"):
        with django_assert_num_queries(few):
            page = client.get(f"/studio/takes/{query}")
        assert len(page.context["found"].takes) == library.PAGE
        assert not COUNTED or work(client, f"/studio/takes/{query}") < 1.1 * first, query


def work(client, address: str) -> int:
    """How many thousand instructions SQLite carries out for a page."""
    told = 0

    def tell() -> None:
        nonlocal told
        told += 1

    connection.connection.set_progress_handler(tell, EVERY)
    try:
        client.get(address)
    finally:
        connection.connection.set_progress_handler(None, 0)
    return told


def _place(number: int) -> str:
    """Where the page ends that holds the take of this number."""
    take = Take.objects.order_by("-made_at", "-id")[number]
    return f"{take.made_at.isoformat()}~{take.pk}"


def cost(client, address: str) -> int:
    """How many queries a page asks."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)
