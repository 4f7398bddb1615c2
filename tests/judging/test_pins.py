"""Notes pinned to moments of a film."""

import pytest
from django.urls import reverse
from django.utils import timezone

from festival.errors import Refused, Unacceptable
from judging import panels, pins
from judging.models import Pin, Round
from tests.factories import make_user
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house(films=1, jurors=1).open()  # a film of sixty seconds


def post(client, assignment, accept="application/json", **data):
    client.force_login(assignment.juror)
    return client.post(reverse("jury:pin", args=[assignment.pk]), data, headers={"Accept": accept})


def test_pins_stand_in_the_order_of_the_film(house):
    assignment = house.assignment()

    pins.pin(assignment, by=assignment.juror, at_s=41.5, words="The cut")
    pins.pin(assignment, by=assignment.juror, at_s=3, words=" Her hand ")
    pins.pin(assignment, by=assignment.juror, at_s=3, words="Her hand")  # twice is once

    assert list(assignment.pins.values_list("at_s", "words")) == [(3.0, "Her hand"), (41.5, "The cut")]


@pytest.mark.parametrize(
    ("at_s", "words", "why"),
    [
        (61, "After the end", "outside the film"),
        (-1, "Before", "outside the film"),
        (5, "  ", "Write a word"),
    ],
)
def test_a_pin_needs_words_and_a_moment_of_the_film(house, at_s, words, why):
    assignment = house.assignment()

    with pytest.raises(Unacceptable, match=why):
        pins.pin(assignment, by=assignment.juror, at_s=at_s, words=words)

    assert not Pin.objects.exists()


def test_there_is_an_end_to_pins(house, monkeypatch):
    assignment = house.assignment()
    monkeypatch.setattr(pins, "MOST_PINS", 1)
    pins.pin(assignment, by=assignment.juror, at_s=1, words="One")

    with pytest.raises(Unacceptable, match="1 pins are the most"):
        pins.pin(assignment, by=assignment.juror, at_s=2, words="Two")


def test_only_the_juror_pins_and_only_while_judging(house):
    assignment = house.assignment()
    with pytest.raises(Refused, match="not on your list"):
        pins.pin(assignment, by=make_user(), at_s=1, words="Mine")
    panels.declare_conflict(assignment, by=assignment.juror, reason="I know them.")
    with pytest.raises(Refused, match="recused"):
        pins.pin(house.assignment(), by=assignment.juror, at_s=1, words="Mine")


def test_the_page_pins_lists_and_removes(client, house):
    assignment = house.assignment()

    told = post(client, assignment, at_s="0:00:41.50", words="The <cut>").json()
    assert 'data-seek="41.50"' in told["pins"]
    assert "The &lt;cut&gt;" in told["pins"]

    response = client.post(reverse("jury:unpin", args=[assignment.pk, Pin.objects.get().pk]), follow=True)
    assert response.redirect_chain == [(reverse("jury:film", args=[assignment.pk]), 302)]
    assert not Pin.objects.exists()


def test_without_scripts_the_form_leads_back_to_the_page(client, house):
    assignment = house.assignment()

    response = post(client, assignment, "text/html", at_s="41", words="The cut")

    assert response.headers["Location"] == reverse("jury:film", args=[assignment.pk])
    assert "The cut" in client.get(response.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"at_s": "soon", "words": "x"}, "Write a timecode"),
        ({"at_s": "", "words": "x"}, "Say at which moment"),
        ({"at_s": "1", "words": ""}, "Write a word or two"),
        ({"at_s": "2:00", "words": "x"}, "outside the film"),
    ],
)
def test_what_is_wrong_is_said(client, house, data, why):
    answer = post(client, house.assignment(), **data)

    assert answer.status_code == 422
    assert why in answer.json()["detail"]


def test_another_jurors_pin_does_not_exist(client):
    house = make_house(films=1, jurors=2, reviews=2).open()
    mine, theirs = house.assignment(0), house.assignment(1)
    pin = pins.pin(theirs, by=theirs.juror, at_s=1, words="Secret")
    client.force_login(mine.juror)

    assert "Secret" not in client.get(reverse("jury:film", args=[mine.pk])).content.decode()
    assert client.post(reverse("jury:unpin", args=[mine.pk, pin.pk])).status_code == 404
    assert client.post(reverse("jury:unpin", args=[theirs.pk, pin.pk])).status_code == 404


def test_after_closing_pins_stand(client, house):
    assignment = house.assignment()
    pin = pins.pin(assignment, by=assignment.juror, at_s=1, words="Kept")
    Round.objects.update(status=Round.Status.CLOSED, closed_at=timezone.now())

    client.force_login(assignment.juror)
    answer = client.post(
        reverse("jury:unpin", args=[assignment.pk, pin.pk]), headers={"Accept": "application/json"}
    )

    assert answer.status_code == 403
    assert Pin.objects.get() == pin
