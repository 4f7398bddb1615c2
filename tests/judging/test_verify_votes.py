"""Verification of votes: ballots open and secret, and pairs, counted again from the ledger's rows alone."""

import pytest

from festival.models import Film
from judging import ballots, pairs, panels, rounds, verification
from judging.models import Ballot, Check, Preference, Record, Round, Ruling, Voter
from judging.tally.replay import Replay
from tests.judging.factories import make_house
from tests.judging.stages import check_film, make_stage, tie, vote
from tests.judging.test_verify import rewrite

pytestmark = pytest.mark.django_db


def final(**terms):
    """A final of three films in which three jurors have voted."""
    house = make_stage("final", films=3, jurors=3, **terms)
    one, two, three = house.films
    for juror, tiers in zip(house.jurors, ([one, two, three], [two, one], [(three, one), two]), strict=True):
        vote(house.round, juror, *tiers)
    return house


def paired():
    """A round of pairs in which two jurors have compared three films."""
    house = make_stage("pairwise", films=3, jurors=2)
    one, two, three = house.films
    first, second = house.jurors
    pairs.prefer(house.round, one, two, one, by=first)
    pairs.prefer(house.round, two, three, None, by=first)
    pairs.prefer(house.round, one, three, three, by=second)
    return house


def without_seats(report) -> list[str]:
    return [finding.what for finding in report.findings if "The seat" not in finding.what]


def found(house) -> list[str]:
    return without_seats(verification.verify(house.edition))


def counted(house) -> Record:
    return Record.objects.get(edition=house.edition, kind="count.done")


@pytest.mark.parametrize("method", [method for method in Round.Method])
@pytest.mark.parametrize("secret", [False, True])
def test_a_final_is_counted_again(method, secret):
    house = closed_final(method=method, secret=secret)

    report = verification.verify(house.edition)

    assert without_seats(report) == []
    assert report.results == 1


def closed_final(**terms):
    house = final(**terms)
    rounds.close(house.round, by=house.organiser, note="Enough.")
    house.round.refresh_from_db()
    return house


def test_a_secret_ballot_leaves_no_row_before_the_close_and_no_name_after():
    house = final(secret=True)
    before = set(Record.objects.filter(edition=house.edition).values_list("kind", flat=True))

    rounds.close(house.round, by=house.organiser, note="Enough.")

    assert not before & {"ballot.cast", "ballots.revealed", "count.done"}
    row = Record.objects.get(edition=house.edition, kind="ballots.revealed")
    assert row.by is None
    assert row.facts["voters"] == sorted(juror.pk for juror in house.jurors)
    commitments = [ballot["commitment"] for ballot in row.facts["ballots"]]
    assert commitments == sorted(Ballot.objects.values_list("commitment", flat=True))


def test_a_film_withdrawn_in_the_final_leaves_the_count_and_the_ledger_holds():
    house = final()
    gone = house.films[1]
    gone.move(Film.Status.WITHDRAWN, by=gone.entrant)

    rounds.close(house.round, by=house.organiser, note="Enough.")

    assert str(gone.pk) not in counted(house).facts["result"]["candidates"]
    assert found(house) == []


def test_a_juror_removed_half_way_leaves_a_ledger_that_holds():
    house = make_house(films=3, jurors=3, reviews=2).open()
    leaving = house.jurors[0]
    first, *_ = house.round.assignments.filter(juror=leaving).select_related("round__edition", "juror")
    house.review(first, 9)
    panels.unseat(leaving.seats.get(), by=house.organiser)
    for assignment in house.round.assignments.standing().select_related("round__edition", "juror"):
        if assignment.juror != leaving:
            house.review(assignment, 4)

    rounds.close(house.round, by=house.organiser, note="Enough.")
    rounds.open(house.round, by=house.organiser)
    house.review(house.round.assignments.standing().exclude(juror=leaving).first(), 10)
    rounds.close(house.round, by=house.organiser, note="Enough.")

    report = verification.verify(house.edition)
    assert without_seats(report) == []
    assert report.results == 2


def test_the_winner_altered_in_a_forged_chain_is_named():
    house = closed_final(method="borda", places=1)
    row, result = counted(house), counted(house).facts["result"]
    (winner,) = result["winners"]
    other = next(film for film in result["candidates"] if film != winner)
    rewrite(house.edition, row, f'"winners":["{winner}"]', f'"winners":["{other}"]')

    sentence = f"the count gives winners ['{winner}'], and there stands ['{other}']."
    assert f"Row {row.sequence} (count.done): {sentence}" in found(house)


def test_a_ballot_altered_in_a_forged_chain_is_not_what_was_counted():
    house = closed_final()
    row = Record.objects.filter(edition=house.edition, kind="ballot.cast").first()
    one, two = row.facts["tiers"][:2]
    rewrite(house.edition, row, f'["{one[0]}"],["{two[0]}"]', f'["{two[0]}"],["{one[0]}"]')

    assert any("what was counted is not what the ledger has of it" in what for what in found(house))


def test_a_method_changed_after_the_opening_is_named():
    house = final(method="schulze")
    Round.objects.filter(pk=house.round.pk).update(method="plurality")
    house.round.refresh_from_db()

    rounds.close(house.round, by=house.organiser, note="Enough.")

    fixed = Record.objects.get(edition=house.edition, kind="round.composed").sequence
    sentence = f"the count went by method plurality, and row {fixed} fixed schulze."
    assert any(what.endswith(sentence) for what in found(house))


@pytest.mark.parametrize("secret", [False, True])
def test_a_ballot_altered_in_the_table_is_named(secret):
    house = closed_final(secret=secret)
    ballot = Ballot.objects.first()
    Ballot.objects.filter(pk=ballot.pk).update(tiers=ballot.tiers[::-1])

    assert [what.split(" ")[1] for what in found(house)] == ["ballot"]


def test_a_count_altered_in_the_table_is_named():
    house = closed_final()
    outcome = house.round.outcome | {"winners": [str(house.films[2].pk)]}
    Round.objects.filter(pk=house.round.pk).update(outcome=outcome)

    assert [what[:18] for what in found(house)] == ["The count of round"]


def test_pairs_are_fitted_again_and_an_answer_altered_is_named():
    house = paired()
    rounds.close(house.round, by=house.organiser, note="Enough.")

    report = verification.verify(house.edition)
    assert without_seats(report) == []
    assert report.results == 1
    Preference.objects.filter(better=None).update(better=house.films[1])
    assert [what[:23] for what in found(house)] == ["The comparison of juror"]


def test_a_juror_with_a_tie_is_counted_nowhere():
    house = paired()
    tie(house.films[0], house.jurors[1], house.round)
    rounds.close(house.round, by=house.organiser, note="Enough.")

    replay = Replay()
    for row in Record.objects.filter(edition=house.edition):
        replay.read(row.row)

    assert {key[1] for key in replay.compared(house.round.pk)} == {house.jurors[0].pk}
    assert found(house) == []


def test_checks_and_rulings_are_held_against_their_rows():
    house = make_stage("eligibility", films=2, jurors=2)
    check_film(house.round, house.films[0], True, True)
    check_film(house.round, house.films[1], "Too long.", "Too long.")
    rounds.close(house.round, by=house.organiser)
    assert found(house) == []

    Check.objects.filter(passes=False).update(passes=True)
    Ruling.objects.filter(through=False).update(through=True)

    assert sorted({" ".join(what.split(" ")[:2]) for what in found(house)}) == ["The check", "The ruling"]


def test_an_exception_taken_from_the_table_is_named():
    house = make_stage("eligibility", films=1, jurors=2)
    rounds.close(house.round, by=house.organiser, note="The festival begins tomorrow.")
    assert found(house) == []

    house.round.waivers.all().delete()

    assert [what[:16] for what in found(house)][:1] == ["The exception on"]


def test_nobody_can_tell_from_the_rows_who_voted_what():
    house = closed_final(secret=True)

    text = "".join(Record.objects.filter(edition=house.edition).values_list("body", flat=True))

    assert Voter.objects.filter(round=house.round).count() == 3
    for ballot in Ballot.objects.all():
        assert ballot.juror is None
        assert text.count(ballot.commitment) == 1
    assert ballots.transcript(house.round).hidden
