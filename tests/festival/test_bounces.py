"""Bounces: a mail service tells that a letter came back, and the programme waits again."""

import base64
import json
from importlib import reload

import pytest
from django.core import mail
from django.test import override_settings
from django.urls import include, path

from festival import letters, notices, urls
from festival.models import Edition, Film, Notice
from tests.factories import make_edition, make_film, make_organiser

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

urlpatterns = [*urls.urlpatterns, path("anymail/", include("anymail.urls"))]
SECRET = "house:a-long-random-word"


@pytest.fixture
def letter():
    """A decision letter that has been handed over."""
    edition = make_edition(status=Edition.Status.CLOSED)
    make_film(edition=edition, status=Film.Status.DECLINED)
    letters.send(edition, by=make_organiser(edition))
    letter = letters.of(edition).get()
    notices.send(letter.pk)
    letter.refresh_from_db()
    return letter


@pytest.fixture
def service(client, settings):
    """Post an event as Postmark does: service(letter, **fields) -> the answer."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}

    def tell(letter, *, secret=SECRET, **fields):
        event = {
            "RecordType": "Bounce",
            "Type": "HardBounce",
            "ID": 42,
            "Email": letter.person.email,
            "Metadata": {"notice": str(letter.pk)},
            "Description": "The server could not deliver your message: unknown mailbox.",
            "BouncedAt": "2027-05-03T18:00:00Z",
        }
        return client.post(
            "/anymail/postmark/tracking/",
            json.dumps(event | fields),
            content_type="application/json",
            headers={"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"},
        )

    return tell


def test_a_letter_says_which_it_is_to_the_service_that_carries_it(letter):
    assert mail.outbox[-1].metadata == {"notice": str(letter.pk)}


def test_a_bounce_is_written_down_and_the_programme_waits(letter, service):
    assert not letters.untold(letter.film.edition)

    assert service(letter).status_code == 200

    letter.refresh_from_db()
    assert f"{letter.bounced_at:%Y-%m-%d %H:%M}" == "2027-05-03 18:00"
    assert letter.problem.endswith("unknown mailbox.")
    assert letter.state == "Came back"
    assert letters.untold(letter.film.edition).unheard == 1


def test_a_bounce_told_twice_is_written_down_once(letter, service):
    service(letter)
    service(letter, BouncedAt="2027-05-04T18:00:00Z", Description="Again.")

    letter.refresh_from_db()
    assert (letter.bounced_at.day, letter.problem[:10]) == (3, "The server")


@pytest.mark.parametrize(
    "fields", [{"Type": "Transient"}, {"RecordType": "Delivery"}, {"RecordType": "Open"}]
)
def test_what_is_no_bounce_changes_nothing(letter, service, fields):
    assert service(letter, **fields).status_code == 200

    assert not letters.untold(letter.film.edition)


@pytest.mark.parametrize("metadata", [{}, {"notice": "all"}, {"notice": "0"}, {"notice": ""}, {"clip": "1"}])
def test_a_letter_that_is_not_ours_changes_nothing(letter, service, metadata):
    assert service(letter, Metadata=metadata).status_code == 200

    assert not Notice.objects.exclude(bounced_at=None).exists()


def test_a_letter_that_was_dealt_with_stays_so(letter, service):
    letters.told_otherwise(
        letter, by=letter.film.edition.roles.organisers().get().person, note="By telephone."
    )
    service(letter)

    letter.refresh_from_db()
    assert letter.state == "Told otherwise" and letter.bounced_at is None


def test_without_the_secret_nobody_is_believed(letter, service):
    assert service(letter, secret="house:guess").status_code == 400

    assert not letters.untold(letter.film.edition)


@pytest.mark.parametrize(("known", "open_"), [({}, False), ({"WEBHOOK_SECRET": SECRET}, True)])
def test_the_door_for_services_is_there_only_with_a_secret(known, open_):
    try:
        with override_settings(ANYMAIL=known):
            addresses = [str(entry.pattern) for entry in reload(urls).urlpatterns]
    finally:
        reload(urls)

    assert ("anymail/" in addresses) is open_
