"""Signed addresses of a film's parts."""

import pytest
from django.core import signing

from festival import screenings
from tests.factories import make_footage

pytestmark = pytest.mark.django_db


def parts(address):
    _, media, token, rest = address.split("/", 3)
    assert media == "media"
    return token, rest


def test_play_signs_every_part_for_the_footages_folder():
    footage = make_footage(folder="footage/abc/1")

    playback = screenings.play(footage)

    found = {part: screenings.opened(*parts(address), age_s=60) for part, address in playback.items()}
    assert found == {
        "hls": "footage/abc/1/master.m3u8",
        "mp4": "footage/abc/1/film.mp4",
        "poster": "footage/abc/1/poster.jpg",
        "sprite": "footage/abc/1/sprite.vtt",
        "waveform": "footage/abc/1/waveform.png",
    }


def test_an_address_ages_and_cannot_be_altered():
    token, rest = parts(screenings.address("stills/1.jpg"))

    assert (screenings.opened(token, rest, age_s=60), rest) == ("stills/1.jpg", "")
    with pytest.raises(signing.SignatureExpired):
        screenings.opened(token, rest, age_s=-1)
    with pytest.raises(signing.BadSignature):
        screenings.opened(token[:-1] + ("A" if token[-1] != "A" else "B"), rest, age_s=60)


def test_a_token_of_another_purpose_opens_nothing():
    other = signing.TimestampSigner(salt="password").sign_object("stills/1.jpg", compress=True)
    with pytest.raises(signing.BadSignature):
        screenings.opened(other, "", age_s=60)


def test_what_has_no_name_has_no_address_for_it_would_open_the_whole_archive():
    assert screenings.address("") == ""

    token = signing.TimestampSigner(salt=screenings.SALT).sign_object("", compress=True)
    with pytest.raises(signing.BadSignature):
        screenings.opened(token, "originals/abc", age_s=60)
