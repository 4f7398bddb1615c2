"""Erasure: a juror's words are gone everywhere, and the ledger still holds."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from judging import backgrounds, erasure, marks, panels, verification
from judging.models import Background, Conflict, Mark, Pin, Record, Words
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db

SECRET = "Her mother was my teacher"


@pytest.fixture
def house():
    """Two jurors with a note each; one has pinned a word and stepped down from a film."""
    house = make_house(films=2, jurors=2, reviews=2).open()
    for assignment in house.round.assignments.select_related("round__edition", "juror", "film__footage"):
        house.review(assignment, 5, note=f"{SECRET} of {assignment.juror.pk}.", share_note=True)
    mine = house.assignment()
    Pin.objects.create(assignment=mine, at_s=1, words=SECRET)
    backgrounds.keep(mine.juror, languages=["pt"], houses=[SECRET])
    panels.declare_conflict(mine, by=mine.juror, reason=f"{SECRET}.")
    return house


def findings(house) -> list[str]:
    what = [finding.what for finding in verification.verify(house.edition).findings]
    return [sentence for sentence in what if not sentence.startswith("The seat")]  # taken by no act here


def test_a_jurors_words_are_gone_and_the_other_jurors_stay(house):
    gone, stays = house.assignment().juror, house.jurors[1]
    assert Words.objects.filter(text__contains=SECRET).count() == 5

    assert erasure.forget(gone) == 3

    assert set(Words.objects.values_list("record__by", flat=True)) == {stays.pk}
    assert set(Mark.objects.filter(assignment__juror=gone).values_list("note", flat=True)) == {""}
    assert Mark.objects.filter(assignment__juror=stays, note__contains=SECRET).count() == 2
    assert [conflict.reason for conflict in Conflict.objects.all()] == ["Erased."]
    assert not Pin.objects.exists() and not Background.objects.exists()


def test_the_ledger_still_holds_and_says_how_much_was_erased(house):
    before = list(Record.objects.values_list("hash", flat=True))

    erasure.forget(house.assignment().juror)

    report = verification.verify(house.edition)
    assert findings(house) == []
    assert report.erased == 3
    assert list(Record.objects.values_list("hash", flat=True)) == before


def test_what_was_decided_stays(house):
    means = [result.mean for result in marks.results(house.round)]

    erasure.forget(house.jurors[1])

    assert [result.mean for result in marks.results(house.round)] == means


def test_the_command_erases_by_address(house):
    out = StringIO()

    call_command("forget", house.jurors[1].email.upper(), stdout=out)

    assert out.getvalue() == f"2 texts of {house.jurors[1]} were erased beside the ledger.\n"
    with pytest.raises(CommandError, match="There is nobody with the address"):
        call_command("forget", "nobody@example.org")
