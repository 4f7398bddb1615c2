"""A job's page: how long it waits, and the buttons that put it off, put it first, or change its wish."""

import pytest
from django.urls import reverse

from generation import studio
from generation.models import Job
from tests.factories import make_edition, make_user
from tests.generation.makers import make_job, make_shot, make_take

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(quick, client):
    wish = {"engine": "quick", "prompt": "a cat", "seconds": 0.6, "aspect": "4:3", "seed": 7}
    job = studio.request(make_edition(), by=make_user(), **wish)
    client.force_login(job.owner)
    return job


def press(client, verb: str, job, **data):
    return client.post(reverse(f"studio:{verb}", args=[job.pk]), data, follow=True).content.decode()


def test_the_page_says_what_comes_before_and_when_it_begins(asked, client):
    make_job(estimate_s=30, created_at=asked.created_at.replace(year=2020))

    page = client.get(reverse("studio:job", args=[asked.pk])).content.decode()

    assert "One clip comes before it. It begins in about 30 seconds, and takes about 2 seconds." in page


def test_it_is_paused_resumed_and_put_first(asked, client):
    other = make_job(owner=asked.owner)

    assert "Nobody draws it until you resume it" in press(client, "pause", asked)
    assert Job.objects.get(pk=asked.pk).status == "paused"
    assert "Waiting again" in press(client, "resume", asked)
    assert "Next among your own clips" in press(client, "first", other)

    assert list(Job.objects.in_own_order()) == [other, asked]


def test_its_wish_is_changed_where_it_waits(asked, client):
    page = press(client, "rewrite", asked, prompt="a dog", seconds="1.2", seed="9")

    job = Job.objects.get()
    assert "a dog" in page
    assert (job.prompt, job.brief["seed"], job.brief["frames"]) == ("a dog", 9, 9)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"prompt": "", "seconds": "1", "seed": "9"}, "What should be seen: Say in words"),
        ({"prompt": "a dog", "seconds": "long", "seed": "9"}, "Seconds: Quick noise draws 0.5 to 2 seconds."),
        ({"prompt": "a dog", "seconds": "60", "seed": "9"}, "draws 0.5 to 2 seconds"),
    ],
)
def test_a_wish_that_cannot_be_is_a_sentence_and_changes_nothing(asked, client, data, words):
    assert words in press(client, "rewrite", asked, **data)

    assert Job.objects.get().prompt == "a cat"


@pytest.mark.parametrize("verb", ["pause", "resume", "first", "rewrite"])
def test_a_strangers_job_is_not_found(asked, client, verb):
    client.force_login(make_user())

    answer = client.post(reverse(f"studio:{verb}", args=[asked.pk]))

    assert answer.status_code == 404


def test_the_job_of_a_take_leads_back_to_its_shot(quick, client):
    job = make_job()
    take = make_take(shot=make_shot(owner=job.owner), job=job, clip=None)
    at_home = f"{reverse('studio:shot', args=[take.shot_id])}#takes"
    client.force_login(job.owner)

    page = client.get(reverse("studio:job", args=[job.pk])).content.decode()
    assert f'href="{at_home}"' in page and "Single clips" not in page
    assert client.post(reverse("studio:cancel", args=[job.pk])).url == at_home


def test_the_job_of_a_single_clip_leads_back_to_the_single_clips(asked, client):
    assert "Single clips" in client.get(reverse("studio:job", args=[asked.pk])).content.decode()
    assert client.post(reverse("studio:cancel", args=[asked.pk])).url == reverse("studio:clips")
