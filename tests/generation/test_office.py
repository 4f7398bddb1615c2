"""The office's page of the studio and `manage.py gpu status`: workers, queue, waits, people's time."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from generation import dispatch, finishing, overview
from generation.engines import scenes
from generation.models import Allowance, Job, Terms
from tests.factories import make_edition, make_organiser, make_user
from tests.generation.makers import make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return make_edition()


@pytest.fixture
def organiser(edition, client):
    person = make_organiser(edition)
    client.force_login(person)
    return person


def board(edition) -> str:
    return reverse("studio_office:board", args=[edition.slug])


def busy(edition, people=2):
    """One job drawn, one waiting for each person."""
    who = [make_user(name=f"Person {n}") for n in range(people)]
    make_job(owner=who[0], edition=edition, estimate_s=60, engine="quick")
    dispatch.note_worker("one:1", device="a card", engine="quick")
    dispatch.take_together(worker="one:1")
    for person in who:
        make_job(owner=person, edition=edition, estimate_s=60, engine="quick")
    return who


def status() -> str:
    out = StringIO()
    call_command("gpu", "status", stdout=out)
    return out.getvalue()


def test_status_tells_of_workers_queue_and_waits(edition):
    busy(edition)

    said = status()

    assert "one:1, a card, holds quick, drawing, loading the engine for Person 0" in said
    assert "1 drawn now, 2 waiting (2 minutes of work), 0 paused, 0 failed in a day" in said
    assert "1 before it, begins in 60 seconds: quick, Person 1, 60 seconds" in said
    assert "2 before it, begins in 2 minutes: quick, Person 0, 60 seconds (ahead by 60 seconds)" in said
    assert "half were begun within" in said


def test_status_of_a_house_without_workers_says_how_one_is_started():
    assert "None was heard of in a day. `gpu --help` says how one is started." in status()


def test_gpu_needs_a_verb():
    with pytest.raises(CommandError):
        call_command("gpu")


def test_a_worker_that_fell_silent_over_a_job_is_called_silent(edition):
    busy(edition)
    Job.objects.filter(status="running").update(heartbeat_at=timezone.now() - timedelta(hours=1))
    dispatch.note_worker("one:1", at=timezone.now() - timedelta(hours=1))

    (hand,) = overview.overview().hands

    assert (hand.state, hand.name) == ("silent", "one:1")


def test_waits_are_counted_from_the_ask_to_the_first_begin(edition):
    now = timezone.now()
    for waited in (10, 20, 30, 1000):
        make_job(
            edition=edition, created_at=now - timedelta(seconds=waited + 60), attempt=1, status="done",
            started_at=now - timedelta(seconds=60),
        )  # fmt: skip

    assert overview.waits(now) == {"half": pytest.approx(25), "most": pytest.approx(854.5)}
    assert overview.waits(now - timedelta(days=3)) == {}


def test_the_page_draws_the_queue_and_the_time_people_have(edition, organiser, client, settings, tmp_path):
    settings.ENGINES_ROOT = tmp_path
    busy(edition)

    page = client.get(board(edition)).content.decode()

    assert "Person 0: " in page
    assert page.count('lane__bar"') == 3
    assert "0 seconds of 4 hours" in page
    assert "a card, holds quick" in page, "an engine that is gone is known by its id"


def test_the_page_calls_engines_by_their_titles(edition, organiser, client, settings, tmp_path):
    settings.ENGINES_ROOT = tmp_path
    scenes.build(tmp_path / "scenes")
    for worker, engine in (("one:1", "scenes"), ("two:1", finishing.ENGINE)):
        dispatch.note_worker(worker, device="a card", engine=engine)

    page = client.get(board(edition)).content.decode()

    assert "holds Scenes" in page
    assert "holds Finishing" in page


def test_people_of_other_editions_are_not_named(edition, organiser, client):
    other = make_edition()
    busy(other)

    page = client.get(board(edition)).content.decode()

    assert "Person 0" not in page
    assert "Other editions" in page


def test_time_is_granted_on_the_page_to_one_and_to_everyone(edition, organiser, client):
    person, _ = busy(edition)

    client.post(board(edition), {"person": person.pk, "minutes": "30", "note": "A longer film."})
    answer = client.post(board(edition), {"person": "", "minutes": "60"}, follow=True)

    rows = Allowance.objects.order_by("pk").values_list("person", "seconds", "by", "note")
    assert list(rows) == [(person.pk, 1800, organiser.pk, "A longer film."), (None, 3600, organiser.pk, "")]
    assert "of 1 h 30 min" in answer.content.decode()


def test_a_stranger_is_no_choice_of_the_form(edition, organiser, client):
    answer = client.post(board(edition), {"person": make_user().pk, "minutes": "30"})

    assert answer.status_code == 422
    assert not Allowance.objects.exists()


@pytest.mark.parametrize("name", ["board", "live", "terms"])
def test_only_organisers_of_the_edition_find_it(edition, client, name):
    address = reverse(f"studio_office:{name}", args=[edition.slug])
    client.force_login(make_organiser(make_edition()))

    assert client.get(address).status_code in (404, 405)
    assert client.post(address).status_code in (404, 405)


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_costs_the_same_for_one_person_and_three(
    edition, organiser, client, people, django_assert_num_queries
):
    busy(edition, people)
    client.get(board(edition))

    with django_assert_num_queries(23):
        client.get(board(edition))


def test_licences_are_ticked_on_the_page_and_those_refused_are_named(edition, organiser, client, quick):
    address = reverse("studio_office:terms", args=[edition.slug])

    told = client.post(address, {"terms-licences": ["CC0-1.0"], "terms-commercial": "on"}, follow=True)
    kept = Terms.objects.get()

    assert (kept.licences, kept.commercial, kept.everywhere, kept.by) == (["CC0-1.0"], True, False, organiser)
    assert "None of the engines here." in told.content.decode()
    Terms.objects.update(licences=["MIT"])
    assert "Quick noise is licensed under CC0-1.0" in client.get(board(edition)).content.decode()


def test_a_licence_that_no_engine_has_is_not_kept(edition, organiser, client, quick):
    address = reverse("studio_office:terms", args=[edition.slug])

    told = client.post(address, {"terms-licences": ["Nobody"]}, follow=True)

    assert "no engine" in told.content.decode() and not Terms.objects.exists()
