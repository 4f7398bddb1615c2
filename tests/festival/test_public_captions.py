"""Captions: open for public films, by a player's key for others."""

import pytest
from django.core import signing

from festival import bill
from tests.factories import make_film
from tests.festival.test_public import make_bill

pytestmark = pytest.mark.django_db


def test_captions_of_a_public_film_are_for_everyone(client):
    film = make_bill().films.get()
    film.subtitles.create(
        language="en", label="English", vtt="WEBVTT\n\n00:00.000 --> 00:01.000\nHello", cues=1
    )

    answer = client.get(f"/films/{film.pk}/captions/en.vtt")

    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.content.decode().endswith("Hello")
    assert client.get(f"/films/{film.pk}/captions/de.vtt").status_code == 404


def test_captions_of_a_private_film_open_with_the_players_key_and_without_it_not(client):
    film, other = make_film(footage=True), make_film(footage=True)
    for one in (film, other):
        one.subtitles.create(language="en", label="English", vtt="WEBVTT\n", cues=0)
    [captions] = bill.captions(film)
    key = captions["src"].partition("?key=")[2]

    assert client.get(captions["src"]).status_code == 200
    assert client.get(f"/films/{film.pk}/captions/en.vtt").status_code == 404
    assert client.get(f"/films/{film.pk}/captions/en.vtt?key=x{key}").status_code == 404
    assert client.get(f"/films/{other.pk}/captions/en.vtt?key={key}").status_code == 404


def test_a_captions_key_expires():
    film = make_film()
    film.subtitles.create(language="en", label="English", vtt="WEBVTT\n", cues=0)
    key = bill.captions(film)[0]["src"].partition("?key=")[2]

    assert bill.opens_captions(film.pk, key, age_s=60)
    assert not bill.opens_captions(film.pk, key, age_s=-1)
    assert not bill.opens_captions(film.pk, signing.Signer().sign("x"), age_s=60)
