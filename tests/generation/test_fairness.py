"""Twenty people and one card: the real tables, a clock of our own, and a worker that only lets time pass."""

from datetime import timedelta

import pytest
from django.utils import timezone

from generation import dispatch
from generation.models import Job, Turn
from tests.factories import make_edition, make_user
from tests.generation.makers import make_clip, make_job

pytestmark = pytest.mark.django_db

START = timezone.now()
LONG_S, SHORT_S = 60.0, 20.0


class Card:
    """A worker on a clock of its own: what it takes, it has drawn after the seconds that it `needs`."""

    def __init__(self, needs=None, **taking):
        self.clock = START
        self.needs = needs or (lambda job: job.estimate_s)
        self.taking = taking
        self.begun: list[tuple[Job, float]] = []

    @property
    def now_s(self) -> float:
        return (self.clock - START).total_seconds()

    def draw_next(self) -> list[Job]:
        call = dispatch.take_together(self.clock, **self.taking)
        for job in call:
            self.begun.append((job, self.now_s))
        self.clock += timedelta(seconds=sum(self.needs(job) for job in call))
        for job in call:
            job.finish(make_clip(owner=job.owner, edition=job.edition), at=self.clock)
            dispatch.settle(job)
        return call

    def draw_all(self) -> list[Job]:
        while self.draw_next():
            pass
        return [job for job, _ in self.begun]


def ask(person, edition, seconds, *, after_s=0.0, count=1, **more) -> list[Job]:
    at = START + timedelta(seconds=after_s)
    return [
        make_job(owner=person, edition=edition, estimate_s=seconds, created_at=at, **more)
        for _ in range(count)
    ]


def test_of_twenty_people_nobody_waits_behind_more_than_two_jobs_of_another():
    edition, card = make_edition(), Card()
    greedy = make_user()
    ask(greedy, edition, LONG_S, count=50)
    card.draw_next()
    card.draw_next()
    asked_s = card.now_s
    others = [make_user() for _ in range(19)]
    for person in others:
        ask(person, edition, SHORT_S, after_s=asked_s)

    order = card.draw_all()

    assert len(order) == 69
    for person in others:
        at = next(n for n, job in enumerate(order) if job.owner_id == person.pk)
        since = [job for job, begun in card.begun[:at] if begun + LONG_S > asked_s]
        assert sum(job.owner_id == greedy.pk for job in since) <= 2
        assert card.begun[at][1] - asked_s <= 2 * LONG_S + 18 * SHORT_S


def test_a_single_job_overtakes_a_queue_of_ten():
    edition, card = make_edition(), Card()
    ask(make_user(), edition, LONG_S, count=10)
    (single,) = ask(make_user(), edition, LONG_S, after_s=1)

    assert [job.pk for job in card.draw_all()].index(single.pk) == 1


def test_what_was_thought_is_corrected_by_what_it_took():
    """One person's jobs take four times what was thought; people are even all the same."""
    edition = make_edition()
    slow, fast = make_user(), make_user()
    ask(slow, edition, 10.0, count=8)
    ask(fast, edition, 10.0, count=30)
    card = Card(needs=lambda job: 40.0 if job.owner_id == slow.pk else 10.0)

    while card.now_s < 320:
        card.draw_next()

    took = {
        person: sum(card.needs(job) for job, _ in card.begun if job.owner == person)
        for person in (slow, fast)
    }
    assert abs(took[slow] - took[fast]) <= 2 * 40


def test_a_deadline_near_halves_what_is_charged():
    near, far = make_edition(), make_edition()
    for edition, days in ((near, 1), (far, 30)):
        edition.tiers.all().delete()
        edition.tiers.create(name="Regular", closes_at=START + timedelta(days=days))
    hurried, calm = make_user(), make_user()
    ask(hurried, near, LONG_S, count=12)
    ask(calm, far, LONG_S, count=12)
    card = Card()

    for _ in range(12):
        card.draw_next()

    whose = [job.owner_id for job, _ in card.begun]
    assert (whose.count(hurried.pk), whose.count(calm.pk)) == (8, 4)


def test_a_job_lost_with_its_worker_is_not_charged_again():
    (job,) = ask(make_user(), make_edition(), LONG_S)
    dispatch.take_together(START)
    assert Turn.objects.get(person=job.owner).deficit_s == LONG_S

    (again,) = dispatch.take_together(START + timedelta(hours=1))

    assert (again.pk, again.attempt, again.charged_s) == (job.pk, 2, LONG_S)


def test_settled_twice_it_is_charged_once():
    (job,) = ask(make_user(), make_edition(), LONG_S)
    (taken,) = dispatch.take_together(START)
    taken.finish(make_clip(), at=START + timedelta(seconds=100))

    dispatch.settle(taken)
    dispatch.settle(taken)

    assert Turn.objects.get(person=job.owner).deficit_s == pytest.approx(100)
    assert Job.objects.get().spent_s == pytest.approx(100)


def test_settled_twice_a_short_one_is_charged_what_it_took():
    (job,) = ask(make_user(), make_edition(), LONG_S)
    (taken,) = dispatch.take_together(START)
    taken.finish(make_clip(), at=START + timedelta(seconds=LONG_S / 4))

    dispatch.settle(taken)
    dispatch.settle(taken)

    assert Turn.objects.get(person=job.owner).deficit_s == pytest.approx(LONG_S / 4)


def test_takes_cancelled_within_a_call_cost_their_share_of_it_as_it_ends():
    edition, person = make_edition(), make_user()
    ask(person, edition, 5.0, count=4, batch_key="k", engine="quick")
    call = dispatch.take_together(START, batchable=frozenset({"quick"}), worker="one")
    for job in call[1:]:
        dispatch.cancel(Job.objects.get(pk=job.pk), by=person)
    call[0].finish(make_clip(owner=person, edition=edition), at=START + timedelta(seconds=40))

    dispatch.put_down(call, START + timedelta(seconds=40))
    for job in call:
        dispatch.settle(job)

    assert set(Job.objects.values_list("status", "spent_s")) == {("done", 10.0), ("cancelled", 10.0)}
    assert Turn.objects.get(person=person).deficit_s == pytest.approx(40)


def test_what_is_cancelled_while_it_waits_costs_nothing_and_another_attempt_is_left_alone():
    edition, person = make_edition(), make_user()
    ask(person, edition, 5.0, count=2)
    (taken,) = dispatch.take_together(START)
    waits = Job.objects.exclude(pk=taken.pk).get()
    dispatch.cancel(waits, by=person)
    Job.objects.filter(pk=taken.pk).update(attempt=2)
    dispatch.cancel(Job.objects.get(pk=taken.pk), by=person)
    spent_s = Job.objects.get(pk=taken.pk).spent_s

    dispatch.put_down([taken], START + timedelta(days=30))

    assert Job.objects.get(pk=waits.pk).spent_s == 0
    assert Job.objects.get(pk=taken.pk).spent_s == spent_s


def test_takes_of_a_kind_are_one_call_and_each_has_a_lease_of_its_own():
    edition, person = make_edition(), make_user()
    ask(person, edition, 5.0, count=3, batch_key="k", engine="quick")
    ask(person, edition, 5.0, after_s=1, batch_key="other", engine="quick")

    call = dispatch.take_together(START, batchable=frozenset({"quick"}), worker="one")

    assert [job.batch_key for job in call] == ["k"] * 3
    rows = Job.objects.filter(status="running").values_list("heartbeat_at", "together", "worker", "attempt")
    assert set(rows) == {(START, 3, "one", 1)}
    call[0].finish(make_clip(owner=person, edition=edition), at=START + timedelta(seconds=30))
    assert call[0].spent_s == pytest.approx(10), "a third of the call"


def test_jobs_of_an_engine_that_draws_one_at_a_time_and_those_tried_before_come_alone():
    edition, person = make_edition(), make_user()
    ask(person, edition, 5.0, count=2, batch_key="k", engine="wan")
    assert len(dispatch.take_together(START)) == 1
    Job.objects.update(status="queued", attempt=1)

    assert len(dispatch.take_together(START, batchable=frozenset({"wan"}))) == 1


def test_what_one_has_waiting_already_counts_beforehand():
    edition, person = make_edition(), make_user()
    ask(person, edition, LONG_S, count=2)

    assert dispatch.expected_wait_s(person, seconds=SHORT_S, at=START) == pytest.approx(2 * LONG_S)


def test_who_asks_the_engine_that_is_loaded_is_shown_to_wait_less():
    other, person = make_user(), make_user()
    dispatch.note_worker("one", engine="wan", at=START)
    ask(other, make_edition(), LONG_S, engine="scenes")

    assert dispatch.expected_wait_s(person, seconds=SHORT_S, engine="wan", at=START) == 0
    assert dispatch.expected_wait_s(person, seconds=SHORT_S, engine="scenes", at=START) == LONG_S
    dispatch.note_worker("two", engine="scenes", at=START)
    (waits,) = ask(person, make_edition(), SHORT_S, engine="wan")
    assert dispatch.outlook(waits, START)[1] == 0, "of two hands, each takes one"


def test_what_is_shown_beforehand_is_what_comes_to_pass():
    edition, greedy, other = make_edition(), make_user(), make_user()
    ask(greedy, edition, LONG_S, count=5)
    card = Card()
    card.draw_next()

    expected = dispatch.expected_wait_s(other, seconds=SHORT_S, at=card.clock)
    (mine,) = ask(other, edition, SHORT_S, after_s=card.now_s)
    assert dispatch.outlook(mine, card.clock) == (0, expected)
    asked_s = card.now_s
    card.draw_all()

    begun = next(begun for job, begun in card.begun if job.pk == mine.pk)
    assert begun - asked_s == pytest.approx(expected)


def test_the_outlook_counts_what_is_being_drawn_now():
    edition = make_edition()
    ask(make_user(), edition, LONG_S)
    dispatch.take_together(START)
    (mine,) = ask(make_user(), edition, SHORT_S)

    assert dispatch.outlook(mine, START + timedelta(seconds=15)) == (1, 45.0)


@pytest.mark.parametrize("jobs", [1, 3])
def test_taking_costs_the_same_for_one_job_waiting_and_three(jobs, django_assert_num_queries):
    edition = make_edition()
    for _ in range(jobs):
        ask(make_user(), edition, LONG_S)

    with django_assert_num_queries(20):
        assert len(dispatch.take_together(START)) == 1
