"""Examination with real files: what becomes of the row, the film, the archive and the entrant's mail."""

import hashlib
import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from festival import archive, intake, screenings
from festival.models import Film, Footage, Notice
from tests.factories import make_edition, make_entry, make_film, make_footage
from tests.festival.reels import make_waiting, reel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_archive():
    archive.delete("footage")


def scratch():
    return list((settings.SCRATCH_ROOT / "examinations").glob("*"))


def test_a_good_file_becomes_what_the_film_shows():
    film = make_film()
    content = reel().read_bytes()
    footage = make_waiting(film=film, content=content)

    intake.examine(str(footage.pk))

    footage.refresh_from_db()
    film.refresh_from_db()
    assert (footage.status, footage.progress, footage.problem) == (Footage.Status.READY, 100, "")
    assert film.footage == footage
    assert footage.sha256 == hashlib.sha256(content).hexdigest()
    assert footage.size_bytes == len(content)
    assert (footage.width, footage.height, footage.frame_rate) == (160, 90, "12")
    assert footage.duration_s == pytest.approx(1, abs=0.1)
    assert footage.loudness_lufs is not None
    assert footage.record["picture"]["codec"] == "h264"
    assert footage.credentials["state"] == "none"
    assert footage.folder == f"footage/{footage.pk}/1"
    for file in ("master.m3u8", "film.mp4", "poster.jpg", "sprite.vtt", "waveform.png"):
        assert archive.size(f"{footage.folder}/{file}") > 0
    assert set(screenings.play(footage)) >= {"hls", "mp4", "poster"}
    [shot] = footage.shots.all()
    assert (shot.start_s, shot.end_s) == (0, pytest.approx(1, abs=0.1))
    assert archive.path(footage.original).read_bytes() == content
    assert scratch() == []


def test_a_second_ring_changes_nothing():
    footage = make_waiting(content=reel().read_bytes())
    intake.examine(str(footage.pk))
    examined_at = Footage.objects.get(pk=footage.pk).examined_at

    intake.examine(str(footage.pk))

    footage.refresh_from_db()
    assert (footage.attempt, footage.examined_at) == (1, examined_at)
    assert footage.shots.count() == 1


def test_a_text_file_named_mp4_is_refused_in_words_and_kept():
    film = make_film()
    footage = make_waiting(film=film, name="film.mp4", content=b"This is not a film.\n" * 100)

    intake.examine(str(footage.pk))

    footage.refresh_from_db()
    film.refresh_from_db()
    assert (footage.status, film.footage) == (Footage.Status.REFUSED, None)
    assert "The file is kept as it arrived." in footage.problem
    assert archive.path(footage.original).read_bytes().startswith(b"This is not a film.")
    assert not archive.exists(f"footage/{footage.pk}")
    letter = Notice.objects.get(film=film, kind="refused", person=film.entrant)
    assert footage.problem in letter.body
    assert scratch() == []


def test_a_failure_of_ours_is_written_down_raised_and_mended_by_one_click():
    content = reel().read_bytes()
    footage = make_waiting(content=content)
    original = archive.path(footage.original)
    away = original.with_suffix(".away")
    original.rename(away)

    with pytest.raises(FileNotFoundError):
        intake.examine(str(footage.pk))

    footage.refresh_from_db()
    assert footage.status == Footage.Status.FAILED
    assert footage.problem == intake.BROKE_OFF
    assert footage.examined_at is None
    away.rename(original)
    intake.retry(footage, by=footage.film.entrant)
    intake.examine(str(footage.pk))
    footage.refresh_from_db()
    assert (footage.status, footage.attempt) == (Footage.Status.READY, 2)


def test_a_new_file_takes_the_place_of_the_old_one_whose_renditions_go():
    film = make_film()
    old = make_waiting(film=film, content=reel().read_bytes(), created_at=timezone.now() - timedelta(hours=1))
    intake.examine(str(old.pk))
    new = make_waiting(film=film, content=reel(sound=False).read_bytes())
    film.refresh_from_db()
    assert film.footage == old

    intake.examine(str(new.pk))
    intake.recover()

    film.refresh_from_db()
    old.refresh_from_db()
    assert film.footage == new
    assert (old.status, old.folder) == (Footage.Status.READY, "")
    assert archive.exists(old.original)
    assert not archive.exists(f"footage/{old.pk}/1")
    new.refresh_from_db()
    assert new.loudness_lufs is None
    assert not archive.exists(f"{new.folder}/waveform.png")


def test_an_older_file_that_is_ready_late_does_not_take_the_place_of_a_newer_one():
    film = make_film()
    late = make_waiting(
        film=film, content=reel().read_bytes(), created_at=timezone.now() - timedelta(hours=1)
    )
    film.footage = make_footage(film=film)
    film.save()

    intake.examine(str(late.pk))

    shown = film.footage
    film.refresh_from_db()
    assert film.footage == shown


def test_a_submitted_film_keeps_its_file_until_the_new_one_is_ready_and_its_entrant_is_told():
    film = make_entry(status=Film.Status.SUBMITTED, title="Gulls")
    before = film.footage
    Footage.objects.filter(pk=before.pk).update(created_at=timezone.now() - timedelta(hours=1))
    footage = make_waiting(film=film, name="cut 2.mp4", content=reel().read_bytes())
    film.refresh_from_db()
    assert film.footage == before

    intake.examine(str(footage.pk))

    film.refresh_from_db()
    footage.refresh_from_db()
    assert (film.status, film.footage) == (Film.Status.SUBMITTED, footage)
    [event] = film.events.all()
    assert (event.was, event.became) == ("submitted", "submitted")
    assert event.note == f"New file “cut 2.mp4”, SHA-256 {footage.sha256}."
    letter = Notice.objects.get(film=film, kind="replaced")
    assert footage.sha256 in letter.body


def test_the_letter_on_a_new_cut_says_where_the_statement_no_longer_agrees():
    film = make_entry(status=Film.Status.SUBMITTED)
    Footage.objects.filter(pk=film.footage_id).update(created_at=timezone.now() - timedelta(hours=1))
    tool = film.tools.create(name="wan")
    film.disclosures.create(start_s=4, end_s=9, human_part="Wrote it.", method="text-to-video", tool=tool)
    footage = make_waiting(film=film, content=reel().read_bytes())

    intake.examine(str(footage.pk))

    letter = Notice.objects.get(film=film, kind="replaced")
    assert "reaches beyond the film’s end" in letter.body


@pytest.mark.parametrize(
    ("limit", "words"), [({"min_duration_s": 30}, "at least"), ({"max_duration_s": 0}, "at most")]
)
def test_a_new_cut_that_its_section_cannot_take_leaves_a_submitted_film_as_it_was(limit, words):
    film = make_entry(status=Film.Status.SUBMITTED)
    before = film.footage
    Footage.objects.filter(pk=before.pk).update(created_at=timezone.now() - timedelta(hours=1))
    film.edition.sections.update(name="Shorts", **limit)
    footage = make_waiting(film=film, content=reel().read_bytes())

    intake.examine(str(footage.pk))

    film.refresh_from_db()
    footage.refresh_from_db()
    assert (footage.status, film.footage) == (Footage.Status.REFUSED, before)
    assert footage.problem.startswith("The film runs 0:01, but Shorts takes films of")
    assert words in footage.problem
    assert footage.problem.endswith("The entry keeps the file it had.")
    assert archive.exists(footage.original)


def test_a_draft_may_have_a_file_that_its_section_cannot_take_for_it_may_change_section():
    film = make_film()
    film.edition.sections.update(min_duration_s=30)
    footage = make_waiting(film=film, content=reel().read_bytes())

    intake.examine(str(footage.pk))

    film.refresh_from_db()
    assert film.footage == footage


def test_a_film_that_the_jury_has_keeps_its_file():
    film = make_entry(status=Film.Status.ELIGIBLE)
    before = film.footage
    footage = make_waiting(film=film, content=reel().read_bytes())

    intake.examine(str(footage.pk))

    film.refresh_from_db()
    footage.refresh_from_db()
    assert film.footage == before
    assert (footage.status, footage.problem) == (
        Footage.Status.REFUSED,
        "The film is “With the jury” by now, so it keeps the file it had.",
    )


def test_progress_is_written_at_most_twice_a_second(django_assert_num_queries):
    footage = make_footage(status=Footage.Status.WAITING)
    claimed = Footage.objects.claim(footage.pk)
    moments = iter([0.0, 0.0, 0.1, 0.3, 0.49, 0.5, 0.5, 0.6, 0.7, 1.2, 1.2])
    on_progress = intake._reporter(claimed, now=lambda: next(moments))

    with django_assert_num_queries(3):
        for percent in range(8):
            on_progress("Reading the file", percent)

    claimed.refresh_from_db()
    assert (claimed.stage, claimed.progress) == ("Reading the file", 7)


def test_an_examination_that_another_worker_took_over_stops_and_leaves_nothing():
    """The first worker wakes from a long sleep while a second has begun: only the second counts."""
    footage = make_waiting(content=reel().read_bytes())
    slow = Footage.objects.claim(footage.pk, timezone.now() - timedelta(hours=1))
    intake.examine(str(footage.pk))

    with pytest.raises(intake.Stopped):
        intake._examine(slow)

    footage.refresh_from_db()
    assert (footage.status, footage.attempt) == (Footage.Status.READY, 2)
    assert not archive.exists(f"footage/{footage.pk}/1")


def test_recover_removes_the_scratch_folders_of_dead_workers_only():
    folder = settings.SCRATCH_ROOT / "examinations"
    alive = make_footage(status=Footage.Status.EXAMINING, attempt=2, heartbeat_at=timezone.now())
    for attempt in (1, 2):
        os.makedirs(folder / f"{alive.pk}-{attempt}")

    intake.recover()

    assert scratch() == [folder / f"{alive.pk}-2"]
    (folder / f"{alive.pk}-2").rmdir()


def test_the_deadline_of_a_film_in_examination_leaves_it_its_grace():
    film = make_entry(footage=False, edition=make_edition(deadline_in=timedelta(seconds=-5)))
    now = timezone.now()
    upload = film.uploads.create(
        owner=film.entrant,
        name="cut.mp4",
        size_bytes=1,
        begun_at=now - timedelta(hours=1),
        finished_at=now - timedelta(minutes=9),
        expires_at=now + timedelta(hours=1),
    )
    footage = make_waiting(film=film, upload=upload, content=reel().read_bytes())
    intake.examine(str(footage.pk))

    intake.submit(Film.objects.get(pk=film.pk), by=film.entrant)

    film.refresh_from_db()
    assert film.status == Film.Status.SUBMITTED
