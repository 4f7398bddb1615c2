"""The same tasks over RabbitMQ and over Redis, with real workers, one of them killed half way."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from festival import archive, tasks
from festival.models import Footage, Notice
from festival.models.footage import LEASE
from tests.factories import make_user
from tests.festival.reels import make_waiting, reel
from tests.festival.workers import kill, wait_for, worker

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

QUEUES = ("media", "default")


@pytest.fixture(params=["rabbitmq", "redis"])
def broker(request):
    """The address of a broker whose queues are empty before and after."""
    url = request.getfixturevalue(request.param)
    empty(url)
    yield url
    empty(url)


def empty(url: str) -> None:
    with current_app.connection_for_write(url) as connection:
        for queue in QUEUES:
            current_app.amqp.queues[queue].bind(connection.default_channel).delete()


def ring(url: str, task, *args) -> None:
    with current_app.connection_for_write(url) as connection:
        task.apply_async(args, connection=connection)


def test_a_broker_rings_and_the_table_remembers_what_a_killed_worker_held(broker):
    archive.delete("footage")
    footage = make_waiting(content=reel(seconds=8).read_bytes())
    letter = Notice.objects.create(person=make_user(), kind="receipt", subject="Received", body="Thank you.")

    def now():
        return Footage.objects.get(pk=footage.pk)

    ring(broker, tasks.examine, str(footage.pk))
    with worker("media", CELERY_BROKER_URL=broker) as process:
        wait_for(lambda: now().stage)
        kill(process)
    assert now().status == Footage.Status.EXAMINING

    Footage.objects.update(heartbeat_at=timezone.now() - LEASE - timedelta(seconds=1))
    ring(broker, tasks.recover)
    ring(broker, tasks.send_waiting)
    with worker("media,default", name="two", CELERY_BROKER_URL=broker):
        wait_for(lambda: now().status == Footage.Status.READY)
        wait_for(lambda: Notice.objects.get(pk=letter.pk).sent_at)

    assert now().attempt == 2
    assert Notice.objects.get(pk=letter.pk).tries == 1
