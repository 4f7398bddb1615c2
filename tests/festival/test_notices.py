"""Letters: how they read, that each is sent once, and what happens when the mail server says no."""

import socket
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from festival import intake, notices
from festival.models import Footage, Notice, Role
from festival.models.notice import HOLD, MOST_TRIES
from tests.factories import make_edition, make_entry, make_film, make_footage, make_organiser, make_user
from tests.festival.bells import rung, silence

pytestmark = pytest.mark.django_db

SEND = "festival.tasks.send"


@pytest.fixture(autouse=True)
def quiet():
    silence()


@pytest.fixture
def no_mail_server(settings):
    """Mail goes by SMTP to a port of this machine at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = taken.getsockname()
        yield


def make_letter(**fields):
    if "person" not in fields:
        fields["person"] = make_user()
    return Notice.objects.create(kind="receipt", subject="Received: Gulls", body="Thank you.\n", **fields)


# how they read


def entry():
    edition = make_edition(name="Marquee 2027", time_zone="Europe/Lisbon")
    edition.sections.update(name="Shorts")
    return make_entry(
        title="Tom & “Jerry” <3",
        edition=edition,
        entrant=make_user(name="Ines"),
        section=edition.sections.get(),
    )


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        ("receipt", "Received: {title} ({code})", "SHA-256     " + "0" * 64),
        ("replaced", "New file received: {title} ({code})", "- Mark where it stands."),
        ("refused", "The file of {title} needs you once more", "There is no picture in it."),
        ("sent_back", "Please look again at {title}", "The sound ends at 0:40."),
        ("selected", "{title} is selected for Marquee 2027", "in Shorts"),
        ("declined", "Our decision on {title}", "It has been watched with care"),
        ("withdrawn", "Withdrawn: {title}", "has been withdrawn from Marquee 2027"),
    ],
)
def test_letters_on_a_film_are_plain_text_with_whole_addresses_and_times_with_their_zone(
    kind, subject, words, settings
):
    settings.SITE_URL = "https://marquee.example"
    film = entry()

    letter = notices.write(
        film.entrant,
        kind,
        film=film,
        receipt=intake.receipt(film),
        footage=make_footage(film=film, status=Footage.Status.REFUSED, problem="There is no picture in it."),
        reason="The sound ends at 0:40.",
        gaps=["Mark where it stands."],
    )

    assert letter.subject == subject.format(title="Tom & “Jerry” <3", code=film.code)
    assert letter.body.startswith("Dear Ines,\n\n")
    assert words in letter.body
    assert letter.body.endswith("The festival office of Marquee 2027\nhttps://marquee.example\n")
    assert f"https://marquee.example/entries/{film.pk}/" in letter.body
    assert "&" + "quot;" not in letter.body
    assert "\n\n\n" not in letter.body
    if kind in ("receipt", "refused", "sent_back"):
        assert "(Europe/Lisbon)" in letter.body


@pytest.mark.parametrize(
    ("kind", "newcomer", "subject", "words"),
    [
        (Role.Kind.JUROR, True, "You are on the jury of Marquee 2027", "Choose a password here"),
        (
            Role.Kind.ORGANISER,
            False,
            "You are an organiser of Marquee 2027",
            "Sign in with ada@film.example:",
        ),
    ],
)
def test_whoever_is_given_a_seat_is_told_where_to_sit(kind, newcomer, subject, words):
    edition = make_edition(name="Marquee 2027")
    olga = make_organiser(edition, name="Olga")
    ada = make_user(email="ada@film.example")
    role = Role.objects.create(edition=edition, person=ada, kind=kind)
    link = "https://marquee.example/accounts/password/"

    letter = notices.write(ada, "seated", edition=edition, role=role, by=olga, link=link, newcomer=newcomer)

    assert letter.subject == subject
    assert "Olga has given you a seat at Marquee 2027" in letter.body
    assert words in letter.body
    assert f"\n{link}\n" in letter.body
    assert letter.body.endswith("The festival office of Marquee 2027\nhttp://127.0.0.1:8000\n")


def test_a_title_with_line_breaks_makes_no_second_header():
    film = make_entry(title="Gulls\r\nBcc: everybody@film.example")

    letter = notices.write(film.entrant, "withdrawn", film=film)
    notices.send(letter.pk)

    assert letter.subject == "Withdrawn: Gulls"
    assert mail.outbox[0].recipients() == [film.entrant.email]
    assert mail.outbox[0].message().get_all("Bcc") is None


def test_a_letter_is_rung_for_once_what_it_tells_is_durable(django_capture_on_commit_callbacks):
    film = make_entry()
    with django_capture_on_commit_callbacks(execute=True):
        letter = notices.write(film.entrant, "withdrawn", film=film)
        assert rung(SEND) == []

    assert rung(SEND) == [letter.pk]


# send


def test_a_letter_is_sent_to_its_person_and_marked():
    letter = make_letter()

    notices.send(letter.pk)

    letter.refresh_from_db()
    [sent] = mail.outbox
    assert (sent.to, sent.subject, sent.body) == ([letter.person.email], "Received: Gulls", "Thank you.\n")
    assert letter.sent_at is not None
    assert (letter.problem, letter.held_until) == ("", None)


def test_a_letter_rung_for_twice_is_sent_once():
    letter = make_letter()

    notices.send(letter.pk)
    notices.send(letter.pk)

    assert len(mail.outbox) == 1


def test_of_two_workers_with_one_letter_one_has_it():
    letter = make_letter()

    first, second = Notice.objects.claim(letter.pk), Notice.objects.claim(letter.pk)

    assert (first.tries, second) == (1, None)


def test_a_letter_whose_worker_died_is_free_again_after_some_minutes():
    now = timezone.now()
    letter = make_letter()
    Notice.objects.claim(letter.pk, now)

    notices.send(letter.pk, at=now + HOLD)
    assert mail.outbox == []
    notices.send(letter.pk, at=now + HOLD + timedelta(seconds=1))
    assert len(mail.outbox) == 1


def test_a_letter_that_does_not_exist_any_more_is_no_error():
    notices.send(4711)

    assert mail.outbox == []


def test_a_mail_server_that_says_no_is_written_down_and_tried_again_later(no_mail_server, settings):
    letter = make_letter()
    now = timezone.now()

    with pytest.raises(ConnectionRefusedError):
        notices.send(letter.pk, at=now)

    letter.refresh_from_db()
    assert letter.sent_at is None
    assert letter.problem == "[Errno 111] Connection refused"
    assert letter.held_until == now + timedelta(minutes=2)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    notices.send(letter.pk, at=now + timedelta(minutes=3))
    letter.refresh_from_db()
    assert (letter.problem, letter.tries, len(mail.outbox)) == ("", 2, 1)


# send_waiting


def test_letters_that_wait_are_rung_for_again():
    now = timezone.now()
    waiting = make_letter()
    make_letter(sent_at=now)
    make_letter(held_until=now + timedelta(minutes=1), tries=1)
    put_off = make_letter(held_until=now - timedelta(seconds=1), tries=3)
    make_letter(tries=MOST_TRIES)

    notices.send_waiting(at=now)

    assert set(rung(SEND)) == {waiting.pk, put_off.pk}


def test_the_office_can_read_why_a_letter_never_left(no_mail_server):
    letter, at = make_letter(), timezone.now()

    for _ in range(MOST_TRIES):
        with pytest.raises(ConnectionRefusedError):
            notices.send(letter.pk, at=at)
        letter.refresh_from_db()
        at = letter.held_until + timedelta(seconds=1)
    notices.send(letter.pk, at=at)

    assert (letter.tries, letter.problem) == (MOST_TRIES, "[Errno 111] Connection refused")
    assert list(Notice.objects.due(at)) == []


def test_a_letter_on_a_film_without_a_deadline_names_none():
    film = make_film(edition=make_edition(deadline_in=None))

    letter = notices.write(film.entrant, "sent_back", film=film, reason="The sound ends at 0:40.")

    assert "There is time until" not in letter.body
