"""The chain: how rows are written, and what gives a tampered one away."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from judging.tally import chain

EDITION = 7
NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)

scalars = some.none() | some.booleans() | some.integers(-(2**53) + 1, 2**53 - 1) | some.text()
keys = some.text(some.characters(max_codepoint=127))
values = some.recursive(
    scalars, lambda inner: some.lists(inner) | some.dictionaries(keys, inner), max_leaves=12
)


def rows(count: int, start=(0, chain.GENESIS)) -> list[chain.Row]:
    made, last = [], start
    for number in range(count):
        at = chain.moment(NOON + timedelta(seconds=number))
        body = chain.canonical({"number": number, "words": "é “quoted”"})
        made.append(chain.link(EDITION, last, at=at, actor=number or None, kind="mark.given", body=body))
        last = made[-1].sequence, made[-1].hash
    return made


def broken(tampered) -> chain.Broken:
    with pytest.raises(chain.Broken) as caught:
        list(chain.walk(EDITION, tampered))
    return caught.value


def test_the_digest_is_what_anybody_can_compute_with_sha256sum():
    first, second = rows(2)

    text = (
        '{"actor":1,"at":"2027-03-01T12:00:01.000000+00:00","body":{"number":1,"words":"é “quoted”"},'
        '"edition":7,"kind":"mark.given","sequence":2}'
    )
    assert chain.text(EDITION, second) == text
    assert second.previous == first.hash
    assert second.hash == hashlib.sha256((first.hash + text).encode()).hexdigest()


def test_a_row_nobody_is_named_for_says_null():
    assert chain.text(EDITION, rows(1)[0]).startswith('{"actor":null,"at":')


def test_a_moment_is_the_same_wherever_it_was_read():
    lisbon = NOON.astimezone(timezone(timedelta(hours=1)))

    assert chain.moment(lisbon) == chain.moment(NOON) == "2027-03-01T12:00:00.000000+00:00"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        # RFC 8785, section 3.2.3: keys sorted, and what is escaped and what is not
        ({"b": [], "a": {"z": 1, "B": None}}, '{"a":{"B":null,"z":1},"b":[]}'),
        ('\u20ac$\u000f\u000aA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ([True, -0, 9007199254740991], "[true,0,9007199254740991]"),
    ],
)
def test_canonical_json_is_that_of_the_standard(value, written):
    assert chain.canonical(value) == written


@pytest.mark.parametrize("value", [0.5, 2**53, {"é": 1}, {1: 2}, {"a": [0.1]}, {1, 2}, b"x", NOON])
def test_what_has_no_one_way_to_be_written_is_refused(value):
    with pytest.raises(TypeError):
        chain.canonical(value)


@given(values)
def test_canonical_json_reads_back_and_is_written_the_same_again(value):
    import json

    try:
        written = chain.canonical(value)
        written.encode()
    except UnicodeEncodeError:
        return  # half a surrogate pair is no text
    assert chain.canonical(json.loads(written)) == written


@given(some.floats(allow_nan=False))
def test_a_figure_reads_back_to_the_same_bits(value):
    assert float(chain.figure(value)).hex() == value.hex()


def test_words_are_sealed_by_their_key():
    # RFC 4231, test case 2
    assert chain.sealed("what do ya want for nothing?", b"Jefe") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_a_whole_chain_is_handed_on():
    assert list(chain.walk(EDITION, rows(5))) == rows(5)
    assert list(chain.walk(EDITION, [])) == []


@given(some.integers(0, 4), some.data())
def test_one_character_changed_in_any_column_is_named(place, data):
    whole = rows(5)
    column = data.draw(some.sampled_from(["at", "kind", "body", "previous", "hash"]))
    old = getattr(whole[place], column)
    at = data.draw(some.integers(0, len(old) - 1))
    changed = old[:at] + chr(ord(old[at]) ^ 1) + old[at + 1 :]
    tampered = [*whole[:place], whole[place]._replace(**{column: changed}), *whole[place + 1 :]]

    assert broken(tampered).sequence == place + 1


def test_an_actor_changed_is_named():
    whole = rows(4)
    whole[2] = whole[2]._replace(actor=99)

    assert str(broken(whole)) == (
        "Row 3 (mark.given) was changed after it was written: its content does not give its digest."
    )


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [
        ([0, 2, 3], "Row 2 is missing: row 3 (mark.given) comes after row 1."),
        ([0, 3], "Rows 2 to 3 are missing: row 4 (mark.given) comes after row 1."),
        ([1, 2], "Row 1 is missing: row 2 (mark.given) comes after row 0."),
        ([0, 1, 1], "Row 2 (mark.given) stands twice."),
    ],
)
def test_a_gap_is_named(kept, sentence):
    whole = rows(4)

    assert str(broken([whole[place] for place in kept])) == sentence


def test_two_rows_that_changed_places_are_named():
    whole = rows(4)
    whole[1], whole[2] = whole[2]._replace(sequence=2), whole[1]._replace(sequence=3)

    problem = broken(whole)

    assert (problem.sequence, problem.kind) == (2, "mark.given")


def test_a_row_replaced_with_a_fitting_digest_is_given_away_by_the_next():
    whole = rows(4)
    forged = whole[1]._replace(body='{"number":9}')
    whole[1] = forged._replace(hash=chain.hash_of(EDITION, forged))

    assert str(broken(whole)).startswith("Row 3 (mark.given) does not follow row 2")


def test_the_chain_of_another_edition_does_not_hold():
    with pytest.raises(chain.Broken, match=r"^Row 1 \(mark.given\) was changed"):
        list(chain.walk(EDITION + 1, rows(2)))
