"""The export for Belenios: what it holds, what it leaves out, and who gets it."""

import io
import json
from zipfile import ZipFile

import pytest
from django.urls import reverse

from festival.errors import Refused
from judging import belenios
from judging.models import Conflict, Round
from tests.factories import make_user
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db


def final(**terms):
    house = make_house(films=3, jurors=3, lines=())
    Round.objects.filter(pk=house.round.pk).update(kind=Round.Kind.FINAL, **terms)
    house.round.refresh_from_db()
    return house


def unpacked(house) -> dict[str, str]:
    with ZipFile(io.BytesIO(belenios.export(house.round, by=house.organiser))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_ranked_ballot_is_written_as_belenios_reads_it():
    house = final(method=Round.Method.SCHULZE)
    films = sorted(house.films, key=lambda film: film.title)

    found = json.loads(unpacked(house)["template.json"])

    assert found.keys() == {"name", "description", "questions"}
    assert found["questions"] == [
        {
            "type": "NonHomomorphic",
            "value": {
                "question": "Give the film you think best 1, the next 2, and so on.",
                "answers": [f"{film.title} ({film.code})" for film in films],
            },
            "extra": {"method": "Schulze", "blank": True},
        }
    ]


@pytest.mark.parametrize(("method", "most"), [("plurality", 1), ("approval", 3)])
def test_a_choice_is_one_that_can_be_added_up_unopened(method, most):
    (question,) = json.loads(unpacked(final(method=method))["template.json"])["questions"]

    assert (question["min"], question["max"], question["blank"]) == (1, most, True)
    assert "type" not in question


def test_a_count_that_belenios_does_not_know_is_said():
    files = unpacked(final(method=Round.Method.BORDA))

    assert "extra" not in json.loads(files["template.json"])["questions"][0]
    assert belenios.PUBLISHED in files["README.txt"]


def test_voters_are_the_jurors_without_a_tie_one_a_line():
    house = final()
    tied, *free = house.jurors
    Conflict.objects.create(film=house.films[0], juror=tied, reason="My sister acts in it.")

    assert unpacked(house)["voters.txt"].splitlines() == sorted(juror.email for juror in free)


def test_nothing_in_it_is_secret():
    files = unpacked(final())

    assert set(files) == {"template.json", "voters.txt", "README.txt"}
    assert "privcred" not in "".join(files.values())


@pytest.mark.parametrize(
    ("house", "sentence"),
    [
        (lambda: make_house(), "takes no ballots"),
        (lambda: of_one_film(), "fewer than two films"),
        (lambda: without_jury(), "no juror who may vote"),
    ],
)
def test_what_cannot_be_voted_on_is_refused(house, sentence):
    house = house()

    with pytest.raises(Refused, match=sentence):
        belenios.export(house.round, by=house.organiser)


def of_one_film():
    house = make_house(films=1, lines=())
    Round.objects.filter(pk=house.round.pk).update(kind=Round.Kind.FINAL)
    house.round.refresh_from_db()
    return house


def without_jury():
    house = final()
    house.edition.panels.all().delete()
    return house


def test_only_an_organiser_exports():
    with pytest.raises(Refused):
        belenios.export(final().round, by=make_user())


def test_the_office_downloads_it_and_is_told_where_it_cannot(client):
    house = final()
    client.force_login(house.organiser)
    address = reverse("jury_office:belenios", args=[house.edition.slug, house.round.pk])

    response = client.get(address)

    assert response["Content-Disposition"] == (
        f'attachment; filename="belenios-{house.edition.slug}-round-{house.round.pk}.zip"'
    )
    assert ZipFile(io.BytesIO(response.content)).testzip() is None
    house.edition.panels.all().delete()
    page = client.get(address, follow=True)
    assert "no juror who may vote" in page.content.decode()
