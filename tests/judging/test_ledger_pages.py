"""The ledger as people see it: the public page, the digests, the letters, and a juror's receipts."""

import re
import subprocess

import pytest
from django.urls import reverse

from festival.models import Notice
from judging import ledger, panels, receipts, rounds
from judging.models import Record
from tests.factories import make_edition, make_organiser, make_user
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """A round that was opened, marked by one juror with a note, and closed."""
    house = make_house(films=1, jurors=1).open()
    house.review(house.assignment(), 7, 8, note="The sea\nmoved me.")
    rounds.close(house.round, by=house.organiser)
    return house


def mark_row(house) -> Record:
    return Record.objects.filter(edition=house.edition, kind="mark.given").last()


# The public page


def test_anyone_reads_the_head_and_every_published_one(client, house):
    page = client.get(reverse("ledger:edition", args=[house.edition.slug])).content.decode()

    assert Record.objects.filter(edition=house.edition).last().hash in page
    published = Record.objects.filter(edition=house.edition, kind="head.published")
    assert [record.facts["phase"] for record in published] == ["First review opened", "First review closed"]
    for record in published:
        assert record.hash in page


def test_the_public_page_names_no_juror_and_no_mark(client, house):
    page = client.get(reverse("ledger:edition", args=[house.edition.slug])).content.decode()

    assert "A round closed" in page
    assert house.jurors[0].email not in page
    assert mark_row(house).hash not in page


def test_an_edition_without_a_ledger_says_so(client):
    page = client.get(reverse("ledger:edition", args=[make_edition().slug])).content.decode()

    assert "Nothing written yet" in page


@pytest.mark.parametrize("name", ["ledger:edition", "ledger:digests"])
def test_an_edition_in_preparation_shows_nothing_to_strangers(client, name):
    edition = make_edition(status="draft")
    address = reverse(name, args=[edition.slug])

    assert client.get(address).status_code == 404
    client.force_login(make_organiser(edition))
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("opened", [1, 3])
def test_the_public_page_costs_the_same_for_one_round_and_three(
    client, house, opened, django_assert_num_queries
):
    for number in range(opened - 1):
        ledger.append(house.edition, "round.opened", {"round": 100 + number})

    with django_assert_num_queries(6):
        client.get(reverse("ledger:edition", args=[house.edition.slug]))


def test_the_digests_are_all_there_and_only_public_kinds_are_named(client, house):
    response = client.get(reverse("ledger:digests", args=[house.edition.slug]))

    lines = b"".join(response.streaming_content).decode().splitlines()
    rows = list(Record.objects.filter(edition=house.edition))
    assert len(lines) == len(rows)
    assert f"{mark_row(house).sequence} {mark_row(house).hash} sealed" in lines
    assert f"{rows[-1].sequence} {rows[-1].hash} head.published" in lines


def test_the_digests_are_sent_again_only_when_there_are_more(client, house):
    address = reverse("ledger:digests", args=[house.edition.slug])
    tag = client.get(address)["ETag"]

    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    ledger.append(house.edition, "round.opened", {"round": 1})
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


# The letters


def test_at_every_turn_the_head_goes_to_every_juror():
    house = make_house(films=2, jurors=2).open()

    letters = Notice.objects.filter(kind="ledger")

    head = Record.objects.get(edition=house.edition, kind="head.published")
    assert {letter.person for letter in letters} == set(house.jurors)
    for letter in letters:
        assert head.hash in letter.body
        assert f"number {head.sequence}" in letter.body
        assert reverse("ledger:edition", args=[house.edition.slug]) in letter.body
        assert letter.subject == f"{house.edition}: First review opened. Keep this number"


def test_who_has_left_the_jury_gets_no_head():
    house = make_house(films=2, jurors=2).open()
    panels.unseat(house.jurors[0].seats.get(), by=house.organiser)
    Notice.objects.all().delete()

    ledger.publish_head(house.edition, "Tested")

    assert [letter.person for letter in Notice.objects.filter(kind="ledger")] == [house.jurors[1]]


def test_the_published_head_is_that_of_the_row_before():
    edition = make_edition()
    before = ledger.append(edition, "round.opened", {"round": 1})

    head = ledger.publish_head(edition, "Tested")

    assert head.facts == {"head": before.hash, "phase": "Tested", "rows": 1}


# Receipts


def test_a_juror_reads_what_they_gave(client, house):
    client.force_login(house.jurors[0])

    page = client.get(reverse("jury:receipts", args=[house.edition.slug])).content.decode()

    assert "Marks for film 1 on your list in “First review”: Story 7, Sound 8; a note" in page
    assert mark_row(house).hash in page


@pytest.mark.parametrize("name", ["jury:receipts", "jury:receipts_file"])
def test_nobody_else_is_let_in(client, house, name):
    address = reverse(name, args=[house.edition.slug])

    assert client.get(address).status_code == 302
    for person in (make_user(), house.organiser):
        client.force_login(person)
        assert client.get(address).status_code == 404


def test_a_juror_sees_no_row_of_another(client):
    house = make_house(films=2, jurors=2).open()
    for assignment in house.round.assignments.select_related("round__edition", "juror"):
        house.review(assignment, 5)
    one, two = house.jurors
    client.force_login(one)

    page = client.get(reverse("jury:receipts", args=[house.edition.slug])).content.decode()

    for record in Record.objects.filter(kind="mark.given"):
        assert (record.hash in page) == (record.by_id == one.pk)
    assert Record.objects.filter(kind="mark.given", by=two).exists()


def test_a_juror_who_has_left_keeps_their_receipts(client, house):
    panels.unseat(house.jurors[0].seats.get(), by=house.organiser)
    client.force_login(house.jurors[0])

    assert client.get(reverse("jury:receipts", args=[house.edition.slug])).status_code == 200


@pytest.mark.parametrize("marked", [1, 3])
def test_receipts_cost_the_same_for_one_mark_and_three(client, marked, django_assert_num_queries):
    house = make_house(films=3, jurors=1).open()
    for place in range(marked):
        house.review(house.assignment(place), 5)
    client.force_login(house.jurors[0])

    with django_assert_num_queries(10):
        client.get(reverse("jury:receipts", args=[house.edition.slug]))


def test_the_file_is_checked_with_the_tools_it_names(client, house):
    client.force_login(house.jurors[0])

    response = client.get(reverse("jury:receipts_file", args=[house.edition.slug]))

    text, name = response.content.decode(), f"receipts-{house.edition.slug}.txt"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    block = text[text.index(f"Row {mark_row(house).sequence},") :]
    before, row, digest = (found_in(block, name) for name in ("before", "row", "digest"))
    found = subprocess.run(["sha256sum"], input=before + row, capture_output=True, text=True, check=True)
    assert found.stdout.split()[0] == digest == mark_row(house).hash
    key = found_in(block, "key")
    seal = subprocess.run(
        ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key}"],
        input="The sea\nmoved me.", capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert seal.stdout.split()[-1] == mark_row(house).facts["note"]
    assert "note:   The sea\nmoved me." in block


def found_in(block: str, name: str) -> str:
    return re.search(rf"^{name}: +(\S.*)$", block, re.M)[1]


def test_every_kind_of_receipt_is_a_sentence():
    edition, juror = make_edition(), make_user()
    film, other = "3c7a2f55-02d7-4a68-8f4e-b7c2e2b7f0aa", "9f0c1c6e-6f0e-4a07-9f61-6a0f2c5c8f10"
    place = {"assignment": film, "round": 1, "film": film, "juror": 1}
    given = [
        ("check.given", {**place, "passes": False, "reason": "x"}),
        ("ballot.cast", {"round": 1, "juror": 1, "tiers": [[film]]}),
        ("comparison.made", {"round": 1, "juror": 1, "first": film, "second": other, "better": None}),
        ("conflict.declared", {"film": film, "juror": 1, "reason": "x", "struck": []}),
    ]

    written = ledger.extend(edition, given, by=juror)

    assert [receipt.what for receipt in receipts.receipts(written)] == [
        "Your word on a film: it does not pass",
        "Your ballot",
        "One film before another",
        "A tie to a film, so that you do not judge it",
    ]
