"""Under which licences clips may be drawn and used: asked of first looks, and by other editions."""

from dataclasses import replace

import pytest
from django.urls import reverse

from festival.errors import Refused
from festival.models import Disclosure
from generation import allowances, takes
from generation.engines import scenes
from generation.models import Job, Shot, Terms
from tests.factories import make_film, make_organiser, make_user
from tests.generation.makers import make_clip, make_shot, make_take
from tests.generation.small import ON_THE_DESK, SMALL

pytestmark = pytest.mark.django_db

CC0 = {"licences": ["CC0-1.0"]}
FREE = replace(SMALL, licence="MIT", commercial=True)


@pytest.fixture(autouse=True)
def small(tmp_path, settings):
    settings.ENGINES_ROOT = tmp_path
    return scenes.build(tmp_path / "small", card=FREE)


@pytest.fixture
def person(client):
    person = make_user()
    client.force_login(person)
    return person


@pytest.fixture
def shot(person):
    return make_shot(owner=person, **ON_THE_DESK)


def state(edition, **asked) -> Terms:
    return allowances.state_terms(edition, by=make_organiser(edition), **asked)


# Into a film of another edition


def elsewhere(person, **asked):
    """A film of another edition which asks this of licences."""
    film = make_film(entrant=person, footage=True)
    state(film.edition, **asked)
    return film


def drawn(shot, **facts):
    person = shot.scene.production.owner
    said = {"engine": "small", "licence": "MIT"} | facts
    return make_take(shot=shot, clip=make_clip(owner=person, edition=shot.scene.production.edition, **said))


@pytest.mark.parametrize("asked", [{}, {"licences": ["MIT"]}, {"commercial": True, "everywhere": True}])
def test_a_take_goes_into_a_film_of_another_edition_that_takes_its_licence(shot, person, asked):
    takes.deliver(drawn(shot), by=person, film=elsewhere(person, **asked), start_s=0)

    assert Disclosure.objects.get().standing == "verified"


@pytest.mark.parametrize(
    ("card", "asked", "words"),
    [
        (FREE, CC0, r"Small is licensed under MIT, and .* takes CC0-1\.0\. Choose another clip"),
        (replace(FREE, commercial=False), {"commercial": True}, "does not allow commercial use"),
        (replace(FREE, commercial=None), {"commercial": True}, "does not say whether it allows"),
        (replace(FREE, territory="not there"), {"everywhere": True}, r"not hold everywhere \(not there\)"),
        (replace(FREE, name="other"), CC0, r"was drawn under MIT, and .* takes CC0-1\.0"),
        (replace(FREE, name="other"), {"commercial": True}, "nobody can tell whether it may be used"),
        (replace(FREE, licence="CC0-1.0"), CC0, "was drawn under MIT"),
        (replace(FREE, licence="CC0-1.0"), {"everywhere": True}, "nobody can tell whether"),
    ],
)  # fmt: skip
def test_a_take_whose_licence_the_entrys_edition_refuses_is_a_sentence(
    client, shot, person, settings, card, asked, words
):
    scenes.build(settings.ENGINES_ROOT / "small", card=card)
    film, take = elsewhere(person, **asked), drawn(shot)

    with pytest.raises(Refused, match=words):
        takes.deliver(take, by=person, film=film, start_s=0)
    page = client.post(
        reverse("studio:take_deliver", args=[take.pk]), {"film": film.pk, "start_s": "0:00"}, follow=True
    )

    assert "festival office" in page.content.decode() and not Disclosure.objects.exists()


def test_an_engine_that_is_gone_is_taken_for_its_licence_where_no_more_is_asked(shot, person):
    take = drawn(shot, engine="gone")

    takes.deliver(take, by=person, film=elsewhere(person, licences=["MIT"]), start_s=0)

    assert Disclosure.objects.count() == 1


def test_what_was_drawn_for_an_edition_stays_in_it_whatever_it_asks_by_now(shot, person):
    edition = shot.scene.production.edition
    take, film = drawn(shot), make_film(edition=edition, entrant=person, footage=True)
    state(edition, licences=["CC0-1.0"])

    takes.deliver(take, by=person, film=film, start_s=0)

    assert Disclosure.objects.count() == 1


# First looks


def test_a_draft_is_drawn_by_the_smallest_engine_that_the_edition_takes(client, shot, person, settings):
    edition = shot.scene.production.edition
    smallest = replace(SMALL, name="tiny", title="Tiny", sizes={"16:9": (64, 40)}, licence="CC0-1.0")
    scenes.build(settings.ENGINES_ROOT / "tiny", card=smallest)
    large = replace(FREE, name="large", title="Large", sizes={"16:9": (256, 144)})
    scenes.build(settings.ENGINES_ROOT / "large", card=large)
    Shot.objects.update(engine="large")
    first = takes.draw(Shot.objects.get(), by=person, draft=True)[0]

    state(edition, licences=["MIT"])
    second = takes.draw(Shot.objects.get(), by=person, draft=True)[0]

    assert (first.engine, second.engine) == ("tiny", "small")
    assert takes.draft_card(shot.scene.production.edition).name == "small"
    assert takes.another(second, by=person).draft, "by the engine that draws drafts there"


def test_where_no_engine_may_draw_a_draft_none_is_offered_and_nothing_is_drawn_instead(client, shot, person):
    state(shot.scene.production.edition, licences=["CC0-1.0"])

    assert "data-draft hidden" in client.get(reverse("studio:shot", args=[shot.pk])).content.decode()
    with pytest.raises(Refused, match="may draw a first look"):
        takes.draw(shot, by=person, draft=True)
    assert not Job.objects.exists()
