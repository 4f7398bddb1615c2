"""The styleguide shows every part, in both lights, with and without a film in the house."""

import pytest

from tests.festival.test_public import make_bill

pytestmark = pytest.mark.django_db

PARTS = [
    'class="button"',
    'class="button button--quiet"',
    'class="button button--danger"',
    "field__help",
    "field__error",
    "<select",
    'type="file"',
    'class="progress"',
    'class="table"',
    'class="toolbar"',
    'class="tabs"',
    'class="dialog"',
    'class="notice notice--good"',
    'class="badge"',
    'class="film"',
    'class="poster"',
    'class="person"',
    'class="timecode"',
    'class="ticket"',
    'class="ai"',
    'class="timeline"',
    "rubric__scale",
    'class="intervals"',
    'class="queue"',
    'class="card"',
    'class="empty"',
    'class="pager"',
    'class="days"',
    "seats",
]


def test_every_part_is_there_in_both_rooms(client):
    page = client.get("/styleguide/").content.decode()

    assert {part: page.count(part) >= 2 for part in PARTS} == {part: True for part in PARTS}
    assert page.count('class="room" data-room="night"') == page.count('class="room" data-room="paper"') == 1


def test_the_player_is_there_once_a_film_is_on_show(client):
    assert "<film-player" not in client.get("/styleguide/").content.decode()

    make_bill()

    assert client.get("/styleguide/").content.decode().count("<film-player") == 1


@pytest.mark.parametrize("address", ["/", "/films/", "/schedule/", "/styleguide/", "/accounts/login/"])
def test_no_page_carries_style_or_script_of_its_own(client, address):
    make_bill()

    page = client.get(address).content.decode()

    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick=" not in page
