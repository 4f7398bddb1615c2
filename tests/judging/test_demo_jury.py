"""The demo's jury: it watches, marks and closes, goes on after it was broken off, and its ledger holds."""

import pytest
from django.core.management import call_command

from festival import archive
from festival.demo.catalogue import FILMS, PEOPLE
from festival.media.examination import examine
from festival.models import Film, Role
from judging import ranking, rounds
from judging.management.commands import demo_jury
from judging.models import Mark, Round
from tests.factories import make_edition, make_film, make_user
from tests.festival.reels import reel

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(tmp_path):
    """The demo's people and three of its films, which really play."""
    edition = make_edition(slug="demo")
    for email, name, kind in PEOPLE:
        Role.objects.create(edition=edition, person=make_user(email=email, name=name), kind=kind)
    examine(reel(), tmp_path)
    archive.publish(tmp_path, "footage/demo")
    for one in FILMS[:3]:
        film = make_film(edition=edition, title=one.title, status=Film.Status.ELIGIBLE, footage=True)
        film.footage.folder, film.footage.duration_s = "footage/demo", 1.0
        film.footage.save()
    return edition


def verify(edition, capsys) -> str:
    capsys.readouterr()
    call_command("verify", edition.slug)
    return capsys.readouterr().out


def test_the_demos_ledger_holds_with_its_results_computed_again(edition, capsys):
    call_command("demo_jury", edition.slug)

    review = edition.rounds.get()
    ranking.fix(review)
    assert review.status == Round.Status.CLOSED
    assert Mark.objects.counted().filter(assignment__round=review).count() == 9
    assert "and 2 results computed again, bit for bit." in verify(edition, capsys)


def test_broken_off_it_goes_on_where_it_was_and_done_it_does_nothing(edition, capsys):
    organiser = edition.roles.organisers().get().person
    demo = demo_jury.Command()
    review = demo.begin(edition, organiser)  # the power goes here
    call_command("demo_jury", edition.slug)

    rounds.open(edition.rounds.get(), by=organiser)  # and here, before the close
    before = list(Mark.objects.order_by("pk").values_list("pk", "given_at"))
    call_command("demo_jury", edition.slug)
    call_command("demo_jury", edition.slug)

    review.refresh_from_db()
    assert review.status == Round.Status.CLOSED
    assert list(Mark.objects.order_by("pk").values_list("pk", "given_at")) == before
    assert "holds" in verify(edition, capsys)
