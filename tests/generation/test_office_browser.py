"""The studio's page of the office and a job's page in a browser: axe in both themes, on a phone too."""

import os
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from generation import allowances, dispatch
from generation.engines import scenes
from generation.models import Job
from tests.axe import findings
from tests.factories import make_edition, make_organiser, make_user
from tests.generation.makers import make_brief, make_job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("torch")]

SHOTS = os.environ.get("SHOTS", "")  # a folder for pictures of the pages, for whoever wants to look


@pytest.fixture
def house(settings, tmp_path):
    """A busy studio: two workers, four people, what they wait for and what they have spent."""
    settings.ENGINES_ROOT = tmp_path
    scenes.build(tmp_path / "scenes")
    edition = make_edition(name="Lantern 2027")
    organiser = make_organiser(edition, email="ines@example.org", name="Inês Duarte")
    EmailAddress.objects.create(user=organiser, email=organiser.email, verified=True, primary=True)
    people = [make_user(name=name) for name in ("Ada Lund", "Bruno Reis", "Chen Wei", "Dora Vass")]
    now = timezone.now()
    for person, count, spent in zip(people, (6, 2, 1, 3), (3600, 900, 60, 14400), strict=True):
        done = {"status": Job.Status.DONE, "attempt": 1, "started_at": now - timedelta(minutes=9)}
        make_job(owner=person, edition=edition, spent_s=spent, **done, created_at=now - timedelta(minutes=12))
        for n in range(count):
            wish = {"estimate_s": 60 - 25 * (n % 2), "draft": n % 2 == 1, "engine": "scenes"}
            brief = make_brief(engine="scenes", steps=12, prompt="a red boat on the sea at sunset, slow pan")
            make_job(owner=person, edition=edition, brief=brief, **wish)
    make_job(estimate_s=120, engine="scenes")
    for name in ("studio-1:411", "studio-2:97"):
        dispatch.note_worker(name, device="NVIDIA H200", engine="scenes")
        for job in dispatch.take_together(worker=name):
            job.beat(step=5)
    dispatch.note_worker("studio-3:12", device="processor", at=now - timedelta(hours=2))
    allowances.grant(edition, by=organiser, person=people[0], seconds=3600, note="A longer film.")
    return edition, organiser, Job.objects.filter(status="queued", owner=people[0]).first()


def visit(browser, address, client, person, path, theme, width):
    client.force_login(person)
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 900})
    cookies = {"theme": theme, "sessionid": client.cookies["sessionid"].value}
    context.add_cookies([{"name": n, "value": v, "url": address} for n, v in cookies.items()])
    page = context.new_page()
    page.goto(path)
    return page


@pytest.mark.parametrize(("theme", "width"), [("paper", 1280), ("night", 360)])
def test_axe_finds_nothing_and_nothing_lies_outside(theme, width, house, asgi_server, browser, client):
    edition, organiser, job = house
    pages = {
        "office": (organiser, f"/office/{edition.slug}/studio/"),
        "job": (job.owner, f"/studio/jobs/{job.pk}/"),
    }
    for name, (person, path) in pages.items():
        page = visit(browser, asgi_server, client, person, path, theme, width)
        page.locator("h1").wait_for()
        if name == "job":
            page.locator("summary").click()
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{theme}-{width}.png", full_page=True)
        assert findings(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.context.close()
