"""Rankings: what a round's marks come to, fixed after the close, and computed again from the ledger."""

import numpy as np
import pytest

from festival.models import Film
from judging import panels, ranking, rounds, tasks, verification
from judging.models import Record, Round, StoredFit
from tests.judging.factories import make_house, watch_all

pytestmark = pytest.mark.django_db

QUALITY = [9, 8, 8, 5, 3, 2]  # what the films are worth
KINDNESS = [0, 1, -1]  # what each juror adds to every mark


def judged(*, films=6, jurors=3, quality=QUALITY, kindness=KINDNESS):
    """Every juror has reviewed every film, each in a way of their own."""
    house = make_house(films=films, jurors=jurors, reviews=jurors).open()
    for assignment in house.round.assignments.select_related("juror", "film__footage", "round__edition"):
        film, juror = house.films.index(assignment.film), house.jurors.index(assignment.juror)
        house.review(assignment, int(np.clip(quality[film] + kindness[juror], 1, 10)))
    return house


def close(house, **words):
    rounds.close(house.round, by=house.organiser, **words)
    return house


def findings(house):
    """What verification finds; the factory seats jurors without a row, which is no concern here."""
    found = verification.verify(house.edition).findings
    return [finding.what for finding in found if not finding.what.startswith("The seat")]


def titles(house, found, films):
    names = {str(film.pk): house.films.index(film) for film in house.films}
    return [names[found.marks.sheet.films[film]] for film in films]


def test_the_best_films_come_first_and_severity_is_told_from_quality():
    house = judged()

    found = ranking.of(house.round, k=3)

    assert titles(house, found, found.order[:1]) == [0]
    assert set(titles(house, found, found.order[-2:])) == {4, 5}
    severity = dict(zip(found.marks.sheet.jurors, found.marks.fit.severity, strict=True))
    strict, fair, kind = (severity[house.jurors[n].pk] for n in (2, 0, 1))
    assert strict < fair < kind
    assert found.p_top[found.order[0]] > 0.9 > 0.1 > found.p_top[found.order[-1]]
    assert found.marks.w > 0.9  # every juror has reviewed every film


def test_tiers_hold_films_together_that_cannot_be_told_apart_and_end_at_the_cut():
    house = judged()

    found = ranking.of(house.round, k=3)

    by_film = dict(zip(titles(house, found, range(6)), found.tier, strict=True))
    assert by_film[1] == by_film[2] >= by_film[0] > 0
    assert by_film[4] == by_film[5] == 0


def test_the_cut_may_run_through_a_tier():
    house = judged(films=4, quality=[5, 5, 5, 5], kindness=[-1, 0, 1])

    found = ranking.of(house.round, k=2)

    assert found.straddled == 4


def test_a_further_mark_shows_at_once():
    house = make_house(films=2, jurors=1).open()
    assert len(ranking.of(house.round)) == 0

    house.review(house.assignment(0), 7)

    assert len(ranking.of(house.round)) == 1


def test_a_round_is_fixed_once_after_its_close_and_written_down():
    house = judged()
    tasks.fix_results()
    assert not StoredFit.objects.exists()  # it is still open
    close(house)

    tasks.fix_results()
    tasks.fix_results()

    stored = StoredFit.objects.get()
    row = Record.objects.get(kind="fit.done").facts
    assert (row["round"], row["result"], row["model"]) == (house.round.pk, stored.digest, "auto")
    assert row["parameters"]["used"] == stored.model
    found = ranking.of(Round.objects.get(pk=house.round.pk), k=3)
    assert found.marks.fixed_at == stored.made_at
    assert titles(house, found, found.order[:1]) == [0]
    assert found.tier.any()


def test_verification_computes_the_calibration_again():
    house = close(judged())
    tasks.fix_results()

    report = verification.verify(house.edition)

    assert findings(house) == []
    assert report.results == 2  # the means, and the calibration


def test_verification_names_a_calibration_that_was_changed_in_the_table():
    house = close(judged())
    ranking.fix(house.round, model="additive")
    stored = StoredFit.objects.get()
    stored.figures["quality"][0] += 1e-9
    stored.save()

    (what,) = findings(house)

    assert "is not the one that was fixed" in what


def test_a_row_that_states_other_figures_is_named():
    house = close(judged())
    ranking.fix(house.round, model="additive")
    facts = Record.objects.get(kind="fit.done").facts
    facts.pop("salt", None)
    ranking.ledger.append(house.edition, "fit.done", facts | {"model": "raw"})

    assert any("gives other figures" in what for what in findings(house))


def test_a_mark_struck_after_the_close_has_the_round_fixed_anew():
    house = close(judged())
    ranking.fix(house.round, model="additive")
    first = StoredFit.objects.get()
    tied = house.round.assignments.select_related("juror", "film", "round__edition").first()

    panels.declare_conflict(tied, by=tied.juror, reason="Family.")
    round = Round.objects.get(pk=house.round.pk)
    assert ranking.of(round).marks.fixed_at is None  # not what was fixed: that is out of date
    ranking.fix(round, model="additive")

    second = round.fits.first()
    assert second.pk != first.pk and second.inputs != first.inputs
    assert ranking.of(round).marks.fixed_at == second.made_at
    assert findings(house) == []


# What bad input gets


def test_all_marks_equal_tell_nothing_apart():
    house = judged(quality=[5] * 6, kindness=[0] * 3)

    found = ranking.of(house.round, k=2)

    assert found.words[1] == "All marks are equal, so there is nothing to tell films or jurors apart by."
    assert found.straddled == 6  # one tier, and the cut runs through it
    assert np.isnan(found.marks.alpha)


def test_one_juror_only_is_said():
    house = judged(jurors=1)

    found = ranking.of(house.round)

    assert "There is only one juror" in found.words[1]
    assert np.isnan(found.marks.w)


def test_an_empty_round_says_so():
    house = make_house(films=2, jurors=1).open()

    found = ranking.of(house.round)

    assert found.words == ("No film has a whole review yet, so there is nothing to compare.",)
    assert len(found) == len(found.order) == found.straddled == 0
    assert ranking.fix(house.round) is None


def test_groups_that_share_no_juror_are_not_compared():
    house = make_house(films=4, jurors=2, reviews=1)
    house.open(watched=False)
    house.round.assignments.all().delete()
    for film, juror in ((0, 0), (1, 0), (2, 1), (3, 1)):
        house.round.assignments.create(film=house.films[film], juror=house.jurors[juror], position=film)
    watch_all(house.round)
    rows = house.round.assignments.select_related("juror", "film__footage", "round__edition").order_by(
        "position"
    )
    for assignment, value in zip(rows, (9, 4, 8, 3), strict=True):
        house.review(assignment, value)

    found = ranking.of(house.round, k=2)

    assert any("fall into 2 groups that share no juror" in sentence for sentence in found.words)
    assert not found.tier.any()


def test_sections_are_part_of_what_was_fixed():
    house = close(judged())
    stored = ranking.fix(house.round, model="additive")
    Film.objects.filter(edition=house.edition).update(section=None)

    assert Record.objects.get(kind="fit.done").facts["parameters"]["sections"] == {
        film: house.films[0].section_id for film in stored.films
    }
    assert findings(house) == []
