"""Forms may follow each other as quickly as people fill them in, and no quicker."""

import pytest
from allauth.account.adapter import get_adapter
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from festival import pace
from festival import settings as house
from tests.factories import make_film, make_user
from tests.festival.clock import with_pace

pytestmark = pytest.mark.django_db

WHY = (
    "This came too quickly after the rest, so it was not taken in. Nothing is lost: "
    "wait 60 seconds, then send it again."
)
DOOR = "/accounts/login/"
LIGHT = "/theme/"


@pytest.fixture
def clock(monkeypatch):
    return with_pace(monkeypatch, form_user="2/min", form_anon="2/min")


def visitor(address="192.0.2.1"):
    return Client(REMOTE_ADDR=address)


def signed_in(person=None, address="192.0.2.1"):
    client = visitor(address)
    client.force_login(person or make_user())
    return client


def post(client, times=1, **extra):
    """Choose a light for the room so many times; what the answers' statuses were."""
    return [client.post(LIGHT, {"theme": "paper"}, **extra).status_code for _ in range(times)]


def test_forms_are_taken_in_up_to_the_rate_and_again_as_the_minute_goes_by(clock):
    client = signed_in()

    assert post(client) == [302]
    clock.now += 20
    assert post(client, times=2) == [302, 429]
    clock.now += 39.5
    assert client.post(LIGHT).headers["Retry-After"] == "1"
    clock.now += 0.5
    assert post(client, times=2) == [302, 429]  # what is refused does not count


def test_the_page_says_what_is_kept_and_what_to_do(clock):
    client = signed_in(make_user(name="Alice"))
    post(client, times=2)

    answer = client.post(LIGHT, {"theme": "paper"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    page = answer.content.decode()
    assert f"{WHY} To do so, reload this page" in page
    assert "<title>One moment please" in page
    assert "Alice" in page  # still signed in
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_an_element_that_asks_for_json_reads_the_same_sentence(clock):
    client = signed_in()
    post(client, times=2)

    answer = client.post(LIGHT, headers={"Accept": "application/json"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert answer.json() == {"detail": WHY}


def test_people_behind_one_address_are_counted_each_and_one_person_everywhere(clock):
    alice = make_user()
    assert post(signed_in(alice), times=3) == [302, 302, 429]

    assert post(signed_in(), times=2) == [302, 302]
    assert post(visitor(), times=2) == [302, 302]
    assert post(signed_in(alice, address="192.0.2.9")) == [429]


def test_visitors_are_counted_by_an_address_that_no_header_makes_up(clock):
    assert [post(visitor(), HTTP_X_FORWARDED_FOR=f"198.51.100.{n}") for n in range(3)] == [
        [302],
        [302],
        [429],
    ]

    assert post(visitor("192.0.2.2")) == [302]
    assert visitor().post(DOOR, {"login": "a@example.org", "password": "guess"}).status_code == 429


def test_looking_is_never_counted(clock):
    client = signed_in()
    assert [client.get("/films/").status_code for _ in range(4)] == [200] * 4
    assert [client.head("/films/").status_code for _ in range(4)] == [200] * 4

    assert post(client, times=3) == [302, 302, 429]
    assert client.get("/films/").status_code == 200


def test_a_refused_form_changes_nothing_and_is_kept_when_sent_again(clock):
    film = make_film(title="Low Tide")
    client = signed_in(film.entrant)
    address = reverse("entrant:withdraw", args=[film.pk])
    post(client, times=2)

    assert client.post(address).status_code == 429
    film.refresh_from_db()
    assert film.status == "draft"

    clock.now += 60
    assert client.post(address).status_code == 302
    film.refresh_from_db()
    assert film.status == "withdrawn"


def test_the_api_and_uploads_keep_their_own_pace(clock):
    person = make_user()
    client = signed_in(person)
    assert post(client, times=3) == [302, 302, 429]

    assert [client.post("/api/token/").status_code for _ in range(3)] == [200] * 3
    token = {
        "HTTP_AUTHORIZATION": f"Token {Token.objects.get(user=person).key}",
        "HTTP_TUS_RESUMABLE": "1.0.0",
    }
    address = f"/uploads/{make_film().pk}/"
    piece = {"content_type": "application/offset+octet-stream", "HTTP_UPLOAD_OFFSET": "0"}
    assert [visitor().patch(address, b"", **piece, **token).status_code for _ in range(3)] == [404] * 3
    assert [visitor().post("/uploads/", **token).status_code for _ in range(3)] == [400] * 3


@pytest.mark.urls("tests.festival.test_bounces")
def test_what_mail_services_tell_is_no_form(clock, settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "name:word"}
    told = ("/anymail/postmark/tracking/", "{}", "application/json")

    assert [visitor().post(*told).status_code for _ in range(3)] == [400] * 3  # without the secret


def test_a_form_without_its_token_uses_nothing_up(clock):
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR="192.0.2.1")
    assert post(client, times=3) == [403] * 3

    assert post(visitor(), times=3) == [302, 302, 429]


def test_a_rate_that_was_lowered_meanwhile_still_says_when(clock, monkeypatch):
    client = signed_in()
    post(client, times=2)
    rates = {"form_user": "1/min"}
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", rates)

    assert client.post(LIGHT).headers["Retry-After"] == "60"


def test_nobody_who_types_and_directs_without_a_pause_meets_the_limit():
    """The desk waits half a second after a change and the words' guide 0.4; a juror's page posts less."""
    most, minute = house.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["form_user"].split("/")

    assert minute == "min"
    assert int(most) >= 2 * (60 / 0.5 + 60 / 0.4)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unix:", "unix:"),
    ],
)
def test_an_address_is_counted_by_what_one_customer_has(address, counted):
    assert pace.network(address) == counted


def test_visitors_of_one_network_have_one_pace(clock):
    assert post(visitor("2001:db8:1:2::1"), times=2) == [302, 302]
    assert post(visitor("2001:db8:1:2::2")) == [429]
    assert post(visitor("2001:db8:1:3::1")) == [302]


def test_sign_ins_that_fail_are_counted_by_network(rf):
    request = rf.get(DOOR, REMOTE_ADDR="2001:db8:1:2:3:4:5:6")

    assert get_adapter().get_client_ip(request) == "2001:db8:1:2::/64"
