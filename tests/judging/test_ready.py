"""Rankings kept ready: pages of a large round show what stood when the clock last looked, and say so."""

from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from judging import ranking, ready, rounds, tasks
from judging.models import KeptRanking, Round
from tests.judging.factories import make_house
from tests.judging.test_ranking import judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(monkeypatch):
    """Six films, three jurors, and two reviews that have not come in yet; from four reviews it is large."""
    monkeypatch.setattr(ready, "LARGE", 4)
    house = judged()
    for assignment in house.round.assignments.filter(film=house.films[5])[:2]:
        assignment.mark.delete()
    return house


def further_mark(house):
    missing = house.round.assignments.filter(mark=None).select_related("juror", "film__footage")
    house.review(missing.first(), 10)


def results(client, house, **asked):
    client.force_login(house.organiser)
    return client.get(reverse("jury_office:results", args=[house.edition.slug, house.round.pk]), asked)


def same(one, other):
    """Whether two rankings show the same; draws are kept in hundredths of a mark."""
    assert one.marks.sheet.digest == other.marks.sheet.digest
    for name in ("quality", "sd", "interval", "severity", "scale"):
        np.testing.assert_array_equal(getattr(one.marks.fit, name), getattr(other.marks.fit, name))
    for name, values in other.marks.habits.items():
        np.testing.assert_array_equal(one.marks.habits[name], values)
    assert (one.k, one.place, one.words) == (other.k, other.place, other.words)
    assert one.marks.alpha == other.marks.alpha and one.marks.fixed_at == other.marks.fixed_at
    np.testing.assert_allclose(one.p_top, other.p_top, atol=0.02)
    np.testing.assert_array_equal(one.tier, other.tier)


@pytest.mark.parametrize("k", [None, 2, 3])
def test_what_is_kept_is_what_the_marks_come_to(house, k):
    (kept,) = ready.keep()

    assert kept == house.round
    same(ready.of(house.round, k=k), ranking.of(house.round, k=k))
    assert ready.of(house.round, k=k).as_of is None  # nothing was written since
    kept, fresh = ready.whole(house.round)[1].fit, ranking.calibrated(house.round).fit
    np.testing.assert_array_equal(kept.rank_interval, fresh.rank_interval)


def test_a_page_shows_what_stood_and_says_of_when(client, house):
    ready.keep()
    before = len(ready.of(house.round).marks.sheet)
    further_mark(house)

    found = ready.of(house.round)

    assert len(found.marks.sheet) == before
    assert found.as_of == KeptRanking.objects.get().made_at
    text = results(client, house).content.decode()
    assert "What came in since then shows within a minute or two." in text
    assert "these figures change with every mark" not in text
    marks = reverse("jury_office:marks", args=[house.edition.slug, house.round.pk, house.films[0].pk])
    assert "What came in since then shows here" in client.get(marks).content.decode()


def test_the_clock_keeps_it_anew_where_something_was_written(house):
    tasks.fix_results()
    assert ready.keep() == []
    further_mark(house)

    tasks.fix_results()

    same(ready.of(house.round), ranking.of(house.round))


def test_a_small_round_is_calibrated_within_the_page(client, house, monkeypatch):
    monkeypatch.setattr(ready, "LARGE", 1000)

    assert ready.keep() == []
    assert "As of " not in results(client, house).content.decode()


def test_where_the_clock_has_stopped_the_page_computes(house):
    ready.keep()
    further_mark(house)

    found = ready.of(house.round, at=timezone.now() + ready.PATIENCE + timedelta(seconds=1))

    assert found.as_of is None
    same(found, ranking.of(house.round))


def test_after_the_close_what_was_fixed_is_kept(house):
    rounds.close(house.round, by=house.organiser, note="They are ill.")
    round = Round.objects.get(pk=house.round.pk)
    stored = ranking.fix(round, model="additive")

    ready.keep()

    assert ready.of(round).marks.fixed_at == stored.made_at
    same(ready.of(round), ranking.of(round))


def test_what_the_clock_has_just_laid_anew_is_not_mixed_with_what_was_there(house):
    ready.keep()
    old = KeptRanking.objects.get().made_at
    further_mark(house)
    ready.keep()

    with pytest.raises(KeptRanking.DoesNotExist):
        ready._ranking(house.round.pk, old, None)
    with pytest.raises(KeptRanking.DoesNotExist):
        ready._drawn(house.round.pk, old)
    found, behind = ready.whole(house.round)
    assert len(found.marks.sheet) == len(behind.sheet) == len(ranking.of(house.round).marks.sheet)


def test_a_round_that_is_small_again_is_forgotten(house, monkeypatch):
    ready.keep()
    monkeypatch.setattr(ready, "LARGE", 1000)

    assert ready.keep() == []
    assert not KeptRanking.objects.exists()


def test_an_empty_round_is_not_kept(monkeypatch):
    monkeypatch.setattr(ready, "LARGE", -1)
    house = make_house(films=2, jurors=1).open()

    assert ready.keep() == []
    assert len(ready.of(house.round)) == 0
