"""A media worker dies half way, two are rung at once: the table, not the broker, knows what is to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from festival import archive, intake, tasks
from festival.models import Footage, Notice
from festival.models.footage import LEASE
from tests.factories import make_film
from tests.festival.bells import rung, silence
from tests.festival.reels import make_waiting, reel
from tests.festival.workers import kill, wait_for, worker

pytestmark = pytest.mark.django_db(transaction=True)

EXAMINE = "festival.tasks.examine"


def test_a_worker_killed_half_way_loses_nothing_and_two_others_examine_the_file_once():
    silence()
    archive.delete("footage")
    film = make_film()
    footage = make_waiting(film=film, content=reel(seconds=8).read_bytes())

    def now():
        return Footage.objects.get(pk=footage.pk)

    tasks.examine.delay(str(footage.pk))
    with worker("media") as process:
        wait_for(lambda: now().stage)
        kill(process)
    assert (now().status, now().attempt) == (Footage.Status.EXAMINING, 1)
    intake.recover()
    assert rung(EXAMINE) == [], "its lease runs: the worker may only be slow"

    Footage.objects.update(heartbeat_at=timezone.now() - LEASE - timedelta(seconds=1))
    intake.recover()
    intake.recover()
    assert rung(EXAMINE) == [str(footage.pk)] * 2
    with worker("media", name="two"), worker("media", name="three"):
        wait_for(lambda: now().status == Footage.Status.READY and not rung(EXAMINE))

    film.refresh_from_db()
    assert film.footage == now()
    assert (now().attempt, now().folder) == (2, f"footage/{footage.pk}/2")
    assert [folder.name for folder in archive.path(f"footage/{footage.pk}").iterdir()] == ["2"]
    assert now().shots.count() == 1
    assert not Notice.objects.exists()
