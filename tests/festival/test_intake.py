"""The acts of intake: a file arrives, an entry is handed in, sent back, withdrawn, passed on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from festival import archive, intake
from festival.errors import IllegalMove, Refused, Unacceptable, UndisclosedFootage
from festival.models import Edition, Film, Footage, Notice, Upload
from festival.models.footage import LEASE, Stopped
from tests.factories import (
    make_edition,
    make_entry,
    make_film,
    make_footage,
    make_organiser,
    make_user,
)
from tests.festival.bells import rung, silence

pytestmark = pytest.mark.django_db

EXAMINE = "festival.tasks.examine"


@pytest.fixture(autouse=True)
def clean():
    silence()
    archive.delete("footage")


def make_upload(film, *, content=b"not yet looked at"):
    now = timezone.now()
    upload = Upload.objects.create(
        film=film,
        owner=film.entrant,
        name="cut.mp4",
        size_bytes=len(content),
        offset_bytes=len(content),
        expires_at=now + timedelta(hours=72),
        finished_at=now,
    )
    upload.path.parent.mkdir(parents=True, exist_ok=True)
    upload.path.write_bytes(content)
    return upload


def letters(film):
    return list(film.notices.order_by("pk").values_list("kind", "person_id"))


def history(film):
    return list(film.events.values_list("by", "was", "became", "note"))


# receive


def test_a_finished_upload_is_archived_and_waits_for_its_examination(django_capture_on_commit_callbacks):
    upload = make_upload(make_film())

    with django_capture_on_commit_callbacks(execute=True):
        footage = intake.receive(upload)

    assert footage.status == Footage.Status.WAITING
    assert (footage.film, footage.name, footage.size_bytes) == (upload.film, "cut.mp4", 17)
    assert archive.path(footage.original).read_bytes() == b"not yet looked at"
    assert not upload.path.exists()
    assert rung(EXAMINE) == [str(footage.pk)]


def test_receiving_twice_makes_one_footage_and_rings_once(django_capture_on_commit_callbacks):
    upload = make_upload(make_film())

    with django_capture_on_commit_callbacks(execute=True):
        first = intake.receive(upload)
        second = intake.receive(Upload.objects.get(pk=upload.pk))

    assert first == second
    assert Footage.objects.count() == 1
    assert rung(EXAMINE) == [str(first.pk)]


def test_receiving_goes_on_where_a_web_process_died_between_file_and_row():
    upload = make_upload(make_film())
    archive.put(upload.path, f"originals/{upload.pk}")

    footage = intake.receive(upload)

    assert archive.path(footage.original).read_bytes() == b"not yet looked at"


def test_a_file_that_still_waits_is_spared_once_a_newer_one_is_here():
    film = make_film()
    old = intake.receive(make_upload(film))
    new = intake.receive(make_upload(film))

    old.refresh_from_db()
    assert (old.status, new.status) == (Footage.Status.REFUSED, Footage.Status.WAITING)
    assert old.problem == "You sent a newer file before this one was looked at."


# claim and beat: which worker has it


def test_footage_is_claimed_by_one_worker_only():
    footage = make_footage(status=Footage.Status.WAITING)

    first, second = Footage.objects.claim(footage.pk), Footage.objects.claim(footage.pk)

    assert (first.status, first.attempt) == (Footage.Status.EXAMINING, 1)
    assert second is None


def test_a_worker_that_lost_its_lease_is_told_so_and_decides_nothing():
    footage = make_footage(status=Footage.Status.WAITING)
    now = timezone.now()
    slow = Footage.objects.claim(footage.pk, now)

    quick = Footage.objects.claim(footage.pk, now + LEASE + timedelta(seconds=1))

    assert quick.attempt == 2
    with pytest.raises(Stopped):
        slow.beat(stage="Reading the file", progress=1)
    with pytest.raises(IllegalMove):
        slow._move(Footage.Status.READY)
    quick.beat(stage="Reading the file", progress=1)


def test_footage_whose_worker_beats_is_not_lost():
    footage = make_footage(status=Footage.Status.WAITING)
    begun = timezone.now() - timedelta(hours=1)
    claimed = Footage.objects.claim(footage.pk, begun)
    claimed.beat(stage="Reading the file", progress=1)

    assert Footage.objects.claim(footage.pk) is None


@pytest.mark.parametrize("status", [Footage.Status.READY, Footage.Status.REFUSED, Footage.Status.FAILED])
def test_footage_that_came_to_rest_is_not_claimed(status):
    assert Footage.objects.claim(make_footage(status=status).pk) is None


# retry


@pytest.mark.parametrize("status", [Footage.Status.REFUSED, Footage.Status.FAILED])
def test_one_click_has_a_file_examined_again(status, django_capture_on_commit_callbacks):
    footage = make_footage(status=status, problem="It broke.")

    with django_capture_on_commit_callbacks(execute=True):
        intake.retry(footage, by=footage.film.entrant)

    footage.refresh_from_db()
    assert (footage.status, footage.problem) == (Footage.Status.WAITING, "")
    assert rung(EXAMINE) == [str(footage.pk)]


def test_a_stranger_cannot_retry():
    footage = make_footage(status=Footage.Status.FAILED)

    with pytest.raises(Refused, match="Only the entrant"):
        intake.retry(footage, by=make_user())


def test_of_two_clicks_on_retry_one_counts():
    footage = make_footage(status=Footage.Status.FAILED)
    first, second = Footage.objects.get(pk=footage.pk), Footage.objects.get(pk=footage.pk)
    intake.retry(first, by=footage.film.entrant)

    with pytest.raises(IllegalMove):
        intake.retry(second, by=footage.film.entrant)


# recover


def test_recover_rings_for_files_that_wait_too_long_and_for_lost_ones():
    now = timezone.now()
    minute = timedelta(minutes=1)
    waiting = make_footage(status=Footage.Status.WAITING, created_at=now - 2 * minute)
    lost = make_footage(status=Footage.Status.EXAMINING, attempt=1, heartbeat_at=now - LEASE - minute)
    make_footage(status=Footage.Status.WAITING, created_at=now)
    make_footage(status=Footage.Status.EXAMINING, attempt=1, heartbeat_at=now)
    make_footage(status=Footage.Status.FAILED, heartbeat_at=now - LEASE - minute)

    intake.recover(at=now)

    assert set(rung(EXAMINE)) == {str(waiting.pk), str(lost.pk)}


def test_recover_gives_up_a_file_that_has_taken_three_workers_down():
    now = timezone.now()
    silent = now - LEASE - timedelta(seconds=1)
    footage = make_footage(status=Footage.Status.EXAMINING, attempt=3, heartbeat_at=silent)

    intake.recover(at=now)

    footage.refresh_from_db()
    assert footage.status == Footage.Status.FAILED
    assert footage.problem.startswith("The examination broke off for a reason that does not lie with you.")
    assert rung(EXAMINE) == []
    assert letters(footage.film) == [("refused", footage.film.entrant_id)]


def test_recover_sweeps_up_renditions_that_no_film_shows():
    film = make_film(footage=True)
    old = make_footage(film=film, created_at=timezone.now() - timedelta(hours=1))
    for footage in (film.footage, old):
        archive.path(footage.folder).mkdir(parents=True)

    intake.recover()

    old.refresh_from_db()
    assert old.folder == ""
    assert archive.exists(film.footage.folder)
    assert len(list(archive.path("footage").iterdir())) == 1


# submit


def test_submit_moves_the_film_notes_who_did_it_and_writes_a_receipt():
    film = make_entry(title="Gulls", edition=make_edition(name="Marquee 2027", time_zone="Europe/Lisbon"))
    at = timezone.now()

    intake.submit(film, by=film.entrant, at=at)

    film.refresh_from_db()
    assert (film.status, film.submitted_at) == (Film.Status.SUBMITTED, at)
    assert history(film) == [(film.entrant_id, "draft", "submitted", "")]
    letter = Notice.objects.get(film=film, kind="receipt", person=film.entrant)
    assert letter.subject == f"Received: Gulls ({film.code})"
    assert f"SHA-256     {film.footage.sha256}" in letter.body


def test_submit_refuses_a_stranger_and_leaves_the_draft():
    film = make_entry()

    with pytest.raises(Refused, match="Only the entrant"):
        intake.submit(film, by=make_user())

    film.refresh_from_db()
    assert film.status == Film.Status.DRAFT
    assert history(film) == letters(film) == []


def test_submit_refuses_after_the_deadline_and_keeps_everything():
    film = make_entry()

    with pytest.raises(Refused, match="Nothing you entered is lost"):
        intake.submit(film, by=film.entrant, at=film.edition.deadline_at + timedelta(seconds=1))

    film.refresh_from_db()
    assert film.status == Film.Status.DRAFT


def test_submit_names_the_seconds_that_lack_a_statement():
    film = make_entry()
    film.disclosures.create(start_s=4, end_s=9)

    with pytest.raises(UndisclosedFootage, match="0:04–0:09"):
        intake.submit(film, by=film.entrant)

    film.refresh_from_db()
    assert film.status == Film.Status.DRAFT


def test_a_second_submit_gets_a_sentence_and_no_second_receipt():
    film = make_entry()
    intake.submit(film, by=film.entrant)

    with pytest.raises(Refused, match="This film has already been submitted"):
        intake.submit(film, by=film.entrant)

    assert letters(film) == [("receipt", film.entrant_id)]


def test_of_two_stale_copies_submitted_at_once_one_gets_through():
    film = make_entry()
    first, second = Film.objects.get(pk=film.pk), Film.objects.get(pk=film.pk)
    intake.submit(first, by=film.entrant)

    with pytest.raises(IllegalMove, match="already moved on"):
        intake.submit(second, by=film.entrant)

    assert letters(film) == [("receipt", film.entrant_id)]
    assert film.events.count() == 1


def test_a_receipt_says_which_file_was_submitted_and_when():
    edition = make_edition(name="Marquee 2027", time_zone="Europe/Lisbon")
    film = make_entry(title="Gulls", edition=edition)
    film.edition.sections.update(name="Shorts")
    film = Film.objects.get(pk=film.pk)
    intake.submit(film, by=film.entrant)

    receipt = intake.receipt(film)

    assert receipt.pop("submitted").endswith("(Europe/Lisbon)")
    assert receipt == {
        "code": film.code,
        "title": "Gulls",
        "edition": "Marquee 2027",
        "section": "Shorts",
        "entrant": film.entrant.name,
        "submitted_at": film.submitted_at,
        "file": "film.mp4",
        "sha256": "0" * 64,
        "size_bytes": 1_000_000,
        "length": "1:00",
    }


# withdraw, send back, accept


def test_withdraw_takes_the_film_out_and_confirms_it():
    film = make_entry(status=Film.Status.SUBMITTED)

    intake.withdraw(film, by=film.entrant)

    film.refresh_from_db()
    assert film.status == Film.Status.WITHDRAWN
    assert history(film) == [(film.entrant_id, "submitted", "withdrawn", "")]
    assert letters(film) == [("withdrawn", film.entrant_id)]


def test_withdraw_refuses_everybody_else():
    film = make_entry(status=Film.Status.SUBMITTED)

    with pytest.raises(Refused, match="Only the entrant"):
        intake.withdraw(film, by=make_organiser(film.edition))

    film.refresh_from_db()
    assert film.status == Film.Status.SUBMITTED


def test_of_a_submit_and_a_withdrawal_at_once_one_gets_through():
    film = make_entry()
    first, second = Film.objects.get(pk=film.pk), Film.objects.get(pk=film.pk)
    intake.withdraw(first, by=film.entrant)

    with pytest.raises(IllegalMove):
        intake.submit(second, by=film.entrant)

    assert letters(film) == [("withdrawn", film.entrant_id)]


def test_an_entry_sent_back_is_a_draft_again_with_the_reason_and_new_grace():
    film = make_entry(status=Film.Status.SUBMITTED)
    olga = make_organiser(film.edition)

    intake.send_back(film, by=olga, reason=" The sound ends at 0:40. \n")

    film.refresh_from_db()
    assert film.status == Film.Status.DRAFT
    assert history(film) == [(olga.pk, "submitted", "draft", "The sound ends at 0:40.")]
    letter = Notice.objects.get(film=film)
    assert letter.person == film.entrant
    assert "\n\nThe sound ends at 0:40.\n\n" in letter.body


def test_an_entry_sent_back_after_the_deadline_can_be_submitted_again():
    film = make_entry(status=Film.Status.SUBMITTED)
    film.edition.tiers.update(closes_at=timezone.now() - timedelta(days=9))
    film = Film.objects.get(pk=film.pk)
    film.edition.move(Edition.Status.CLOSED, by=make_organiser(film.edition))
    intake.send_back(film, by=make_organiser(film.edition), reason="The sound ends at 0:40.")

    intake.submit(Film.objects.get(pk=film.pk), by=film.entrant)

    assert letters(film) == [("sent_back", film.entrant_id), ("receipt", film.entrant_id)]


def test_sending_back_wants_a_reason():
    film = make_entry(status=Film.Status.SUBMITTED)

    with pytest.raises(Unacceptable, match="Write to the entrant what should be changed"):
        intake.send_back(film, by=make_organiser(film.edition), reason=" ")

    film.refresh_from_db()
    assert film.status == Film.Status.SUBMITTED


def test_sending_back_is_for_organisers():
    film = make_entry(status=Film.Status.SUBMITTED)

    with pytest.raises(Refused, match="organisers"):
        intake.send_back(film, by=film.entrant, reason="I would like it back.")


def test_accept_passes_a_complete_entry_to_the_jury():
    film = make_entry(status=Film.Status.SUBMITTED)
    olga = make_organiser(film.edition)

    intake.accept(film, by=olga)

    film.refresh_from_db()
    assert film.status == Film.Status.ELIGIBLE
    assert history(film) == [(olga.pk, "submitted", "eligible", "")]


def test_accept_is_for_organisers():
    film = make_entry(status=Film.Status.SUBMITTED)

    with pytest.raises(Refused, match="organisers"):
        intake.accept(film, by=film.entrant)


def test_accept_refuses_an_entry_whose_statement_no_longer_holds():
    film = make_entry(status=Film.Status.SUBMITTED)
    film.disclosures.create(start_s=4, end_s=9)

    with pytest.raises(UndisclosedFootage, match="0:04–0:09"):
        intake.accept(film, by=make_organiser(film.edition))

    film.refresh_from_db()
    assert film.status == Film.Status.SUBMITTED


def test_of_two_organisers_accepting_and_sending_back_at_once_one_gets_through():
    film = make_entry(status=Film.Status.SUBMITTED)
    first, second = Film.objects.get(pk=film.pk), Film.objects.get(pk=film.pk)
    intake.accept(first, by=make_organiser(film.edition))

    with pytest.raises(IllegalMove):
        intake.send_back(second, by=make_organiser(film.edition), reason="The sound ends at 0:40.")

    assert film.events.count() == 1
    assert letters(film) == []
