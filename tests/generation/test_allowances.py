"""Seconds of drawing: granted, spent, promised, and what is said when they are used up."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from django.utils import timezone

from festival.errors import Refused, Unacceptable
from generation import allowances, dispatch, estimates, studio
from generation.models import LEASE, Allowance, Job
from tests.factories import make_edition, make_organiser, make_user
from tests.generation.makers import make_brief, make_clip, make_job
from tests.generation.small import MODEL, install_card

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def edition(settings):
    settings.GPU_ALLOWANCE_S = 600
    return make_edition()


def test_everyone_has_what_the_setting_says_until_organisers_say_otherwise(edition):
    person, organiser = make_user(), make_organiser(edition)
    assert allowances.left_s(person, edition) == 600

    allowances.grant(edition, by=organiser, seconds=900)
    allowances.grant(edition, by=organiser, person=person, seconds=100, note="A longer film.")

    assert allowances.granted_s(person, edition) == 1000
    assert allowances.granted_s(make_user(), edition) == 900
    row = Allowance.objects.get(person=person)
    assert (row.by, row.seconds, row.note) == (organiser, 100, "A longer film.")
    notes = list(edition.events.values_list("by", "note"))
    assert notes == [
        (organiser.pk, "Drawing time for everyone: 15 minutes."),
        (organiser.pk, f"Drawing time for {person}, added: 2 minutes. A longer film."),
    ]


def test_only_organisers_grant(edition):
    with pytest.raises(Refused, match="organisers"):
        allowances.grant(edition, by=make_user(), seconds=900)

    assert not Allowance.objects.exists()


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1, 1e12])
def test_what_nobody_means_is_not_granted(edition, seconds):
    with pytest.raises(Unacceptable, match="hours"):
        allowances.grant(edition, by=make_organiser(edition), seconds=seconds)


def test_what_is_spent_running_or_promised_is_not_left(edition):
    person = make_user()
    make_job(owner=person, edition=edition, status=Job.Status.FAILED, spent_s=100)
    make_job(owner=person, edition=edition, estimate_s=50)
    make_job(
        owner=person, edition=edition, status=Job.Status.RUNNING, estimate_s=60, together=2,
        started_at=NOW - timedelta(seconds=40),
    )  # fmt: skip
    make_job(owner=person, edition=make_edition(), estimate_s=999)

    assert allowances.spent_s(person, edition, NOW) == pytest.approx(120)
    assert allowances.left_s(person, edition, NOW) == pytest.approx(600 - 100 - 50 - 60)


def test_a_wish_beyond_what_is_left_is_a_sentence_and_no_job(quick, edition):
    person = make_user()
    make_clip(engine="quick", drawn_in_s=500)  # which is what the estimate rests on
    wish = {"engine": "quick", "prompt": "a cat", "seconds": 0.6, "aspect": "4:3"}
    studio.request(edition, by=person, **wish)

    with pytest.raises(Refused, match="about 8 minutes, and 2 minutes of your 10 minutes"):
        studio.request(edition, by=person, **wish)
    Job.objects.update(status="failed", spent_s=600)
    with pytest.raises(Refused, match=r"are used up\. Ask the festival office"):
        studio.request(edition, by=person, **wish)
    with pytest.raises(Refused, match="are used up"):
        dispatch.retry(Job.objects.get(), by=person)

    assert Job.objects.count() == 1


def test_hours_with_a_worker_that_died_are_nobodys(edition):
    person = make_user()
    job = make_job(owner=person, edition=edition, estimate_s=60, engine="quick")
    begun = NOW - timedelta(hours=5)
    assert Job.objects.claim(job.pk, at=begun)
    Job.objects.get().beat(step=1, at=begun + timedelta(seconds=30))
    most_s = 30 + LEASE.total_seconds()

    assert allowances.spent_s(person, edition, begun + timedelta(seconds=40)) == pytest.approx(40)
    assert allowances.spent_s(person, edition, NOW) == pytest.approx(most_s)
    assert allowances.accounts(edition)[0].spent_s == pytest.approx(most_s)
    Job.objects.get().cancel(at=NOW)
    assert allowances.spent_s(person, edition, NOW) == pytest.approx(most_s)


def test_what_is_given_up_with_its_worker_costs_nothing_and_what_fails_in_its_hands_what_it_took(edition):
    lost, failed = (make_job(edition=edition, estimate_s=60, spent_s=5) for _ in range(2))
    for job in (lost, failed):
        assert Job.objects.claim(job.pk, at=NOW - timedelta(hours=5))
    Job.objects.get(pk=failed.pk).beat(step=1, at=NOW - timedelta(hours=5) + timedelta(seconds=10))
    Job.objects.get(pk=failed.pk).fail("broke off", at=NOW - timedelta(hours=5) + timedelta(seconds=20))

    dispatch.give_up(Job.objects.get(pk=lost.pk), dispatch.WORKER_DIED)

    assert Job.objects.get(pk=lost.pk).spent_s == 5
    assert Job.objects.get(pk=failed.pk).spent_s == pytest.approx(25)


def test_accounts_tell_who_spent_most_first(edition):
    little, much, granted = make_user(name="Ada"), make_user(name="Ben"), make_user(name="Cy")
    allowances.grant(edition, by=make_organiser(edition), person=granted, seconds=60)
    make_job(owner=little, edition=edition, spent_s=10, status=Job.Status.DONE)
    make_job(owner=much, edition=edition, spent_s=700, status=Job.Status.CANCELLED)
    make_job(owner=much, edition=edition)

    rows = allowances.accounts(edition)

    assert [(row.person, row.granted_s, row.spent_s, row.left_s, row.waiting) for row in rows] == [
        (much, 600, 700, 0, 1),
        (little, 600, 10, 590, 0),
        (granted, 660, 0, 660, 0),
    ]


@pytest.mark.parametrize("people", [1, 3])
def test_accounts_cost_the_same_for_one_person_and_three(edition, people, django_assert_num_queries):
    for _ in range(people):
        make_job(edition=edition)

    with django_assert_num_queries(4):
        assert len(allowances.accounts(edition)) == people


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (0.2, "1 second"), (45.4, "45 seconds"), (600, "10 minutes"), (3600, "1 hour"),
     (5400, "1 h 30 min"), (14400, "4 hours")],
)  # fmt: skip
def test_time_in_words(seconds, words):
    assert allowances.in_words(seconds) == words


def test_an_estimate_is_learned_from_what_was_drawn_and_forgives_a_slow_first_one():
    brief = {"frames": 10, "width": 100, "height": 100, "steps": 10, "native": None}
    for frames, took in ((10, 30.0), (10, 2.0), (20, 4.0), (30, 6.0), (40, 8.0)):
        make_clip(engine="wan", brief=brief | {"frames": frames}, drawn_in_s=took)

    assert estimates.estimate_s("wan", 80, (100, 100), 10) == pytest.approx(16, rel=0.35)
    assert estimates.estimate_s("wan", 20, (200, 100), 10) == pytest.approx(8, rel=0.35)
    assert not estimates.is_guess("wan")


def test_an_engine_that_has_drawn_nothing_is_guessed_at():
    assert estimates.estimate_s("new", 48, (100, 100), 10) == 20
    assert estimates.is_guess("new")


def test_a_guess_grows_with_the_steps(quick):
    assert estimates.estimate_s("quick", 24, (64, 48), quick.steps) == 10
    assert estimates.estimate_s("quick", 24, (64, 48), 2 * quick.steps) == 20


def test_of_a_clip_that_is_drawn_over_the_steps_that_are_taken_count(tmp_path, settings):
    settings.ENGINES_ROOT = tmp_path
    install_card(tmp_path / "model", replace(MODEL, inputs=("text", "source_video")))
    install_card(tmp_path / "vace", replace(MODEL, name="vace", inputs=("text", "source_video", "control")))
    whole, over = make_brief(steps=10), {"source": "a" * 64, "strength": 0.0}
    for engine in ("model", "vace"):
        for _ in range(4):
            make_clip(engine=engine, brief=asdict(whole), drawn_in_s=20.0)

    def cost(engine, **more):
        return estimates.of(replace(whole, engine=engine, **more))

    assert cost("model", **over) == pytest.approx(2)
    assert cost("model", **over | {"strength": 0.5}) == pytest.approx(10)
    assert cost("vace", **over) == pytest.approx(20), "a control clip is followed in all steps"


@pytest.mark.parametrize("few", [{"steps": 1}, {"steps": 20, "source": "a" * 64, "strength": 0.0}])
def test_drawings_of_few_steps_say_nothing_about_many(few):
    for brief, took in ((make_brief(steps=10), 20.0), (make_brief(**few), 5.0)):
        for _ in range(40):
            make_clip(engine="quick", brief=asdict(brief), drawn_in_s=took)

    assert estimates.of(make_brief(steps=10)) == pytest.approx(20)
    assert estimates.of(make_brief(**few)) < 20


def test_what_waits_is_not_drawn_once_the_seconds_are_spent_until_more_are_granted(edition):
    person, other, organiser = make_user(), make_user(), make_organiser(edition)
    job = make_job(owner=person, edition=edition, estimate_s=1)
    waits = make_job(owner=other, edition=edition, estimate_s=1)
    make_job(owner=person, edition=edition, status=Job.Status.DONE, spent_s=600)

    assert dispatch.take().pk == waits.pk, "whoever has seconds left is served"
    assert dispatch.take() is None

    job.refresh_from_db()
    assert (job.status, job.attempt, job.spent_s, job.charged_s) == ("failed", 0, 0, 0)
    assert "10 minutes of drawing" in job.problem and "used up before its turn came" in job.problem
    with pytest.raises(Refused, match="are used up"):
        dispatch.retry(job, by=person)
    allowances.grant(edition, by=organiser, person=person, seconds=60)
    dispatch.retry(job, by=person)
    assert dispatch.take().pk == job.pk


def test_seconds_that_the_office_takes_back_stop_what_waits(edition):
    person, organiser = make_user(), make_organiser(edition)
    job = make_job(owner=person, edition=edition, estimate_s=1)
    make_job(owner=person, edition=edition, status=Job.Status.DONE, spent_s=100)
    allowances.grant(edition, by=organiser, person=person, seconds=-500)

    assert dispatch.take() is None

    job.refresh_from_db()
    assert job.status == "failed"


def test_terms_are_kept_with_the_edition_and_only_organisers_state_them(edition):
    organiser = make_organiser(edition)
    with pytest.raises(Refused, match="organisers"):
        allowances.state_terms(edition, by=make_user(), commercial=True)

    allowances.state_terms(edition, by=organiser, licences=["MIT"])
    kept = allowances.state_terms(edition, by=organiser, licences=["MIT", "Apache-2.0"], everywhere=True)

    assert (kept.licences, kept.commercial, kept.everywhere) == (["Apache-2.0", "MIT"], False, True)
    assert edition.events.last().note == "Engines that may draw: Apache-2.0 or MIT, valid everywhere."


def test_an_engine_without_a_licence_for_the_edition_is_a_sentence_and_no_job(quick, edition):
    allowances.state_terms(edition, by=make_organiser(edition), licences=["MIT"])
    wish = {"engine": "quick", "prompt": "a cat", "seconds": 0.6, "aspect": "4:3"}

    with pytest.raises(Refused, match=r"is licensed under CC0-1\.0, and .* takes MIT\. Choose another"):
        studio.request(edition, by=make_user(), **wish)

    assert not Job.objects.exists()
