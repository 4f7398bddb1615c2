"""The director's desk in a browser: axe, nothing sideways, what is typed is kept, takes are compared."""

import os
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from generation import desk, dispatch, drawing, productions, takes
from generation.engines import scenes
from generation.models import Frame, Job, Shot, Take
from tests.axe import findings
from tests.factories import make_edition, make_user
from tests.generation.makers import make_job
from tests.generation.small import ON_THE_DESK, SMALL

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("torch")]

LOOK = os.environ.get("LOOK", "")  # a folder for pictures of every page, for people


@pytest.fixture
def person():
    person = make_user(email="ines@example.org", name="Ines")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def open_page(person, asgi_server, browser, client):
    """Opens a page for that person; `options` are those of a browser's context."""
    client.force_login(person)
    contexts = []

    def opened(theme="night", **options):
        context = browser.new_context(base_url=asgi_server, **options)
        cookies = {"theme": theme, "sessionid": client.cookies["sessionid"].value}
        context.add_cookies([{"name": n, "value": v, "url": asgi_server} for n, v in cookies.items()])
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def shot(person, authority, settings, tmp_path):
    """A shot with two drawn takes, one that waits and one that failed, in a production of two scenes."""
    settings.ENGINES_ROOT = tmp_path
    scenes.build(tmp_path / "small", card=SMALL)
    production = productions.begin(make_edition(), by=person, title="The long way round")
    productions.add_scene(production, by=person, title="The harbour at night")
    first = production.scenes.first()
    shot = first.shots.get()
    productions.add_shot(first, by=person, title="The boat leaves")
    productions.invite(production, "bob@example.org", by=person)
    desk.lay(shot, by=person, **ON_THE_DESK)
    takes.draw(shot, by=person, count=2)
    for job in Job.objects.waiting():
        drawing.draw(Job.objects.claim(job.pk))
    takes.another(Take.objects.first(), by=person)
    desk.lay(
        shot,
        by=person,
        direction=directed(desk.keep_edge(Take.objects.drawn().first(), by=person, last=True)),
    )
    broken = takes.vary(Take.objects.first(), by=person)
    Job.objects.claim(broken.job_id).fail("The drawing broke off. Try again.")
    return Shot.objects.get(pk=shot.pk)


def directed(still: Frame) -> dict:
    """A direction with something of every kind."""
    return {
        "camera": {"curves": {"pan": [{"t": 0, "v": 0}, {"t": 1, "v": 4}]}},
        "boxes": [{"noun": "boat", "keys": [{"t": 0, "box": [0.1, 0.2, 0.4, 0.8]}]}],
        "strokes": [{"points": [[0.7, 0.6], [0.8, 0.6]], "push": [2, 0]}],
        "keyframes": [{"t": 0.5, "still": still.sha256, "strength": 0.5}],
        "references": [{"still": still.sha256, "kind": "prop", "name": "a lamp"}],
        "source": {"clip": str(still.take.clip_id), "strength": 0.4, "redraw": "inside"},
    }


def look(page, name: str, theme: str, width: int) -> None:
    if LOOK:
        page.screenshot(path=Path(LOOK, f"{name}-{theme}-{width}.png"), full_page=True)


@pytest.mark.parametrize(("theme", "width"), [("night", 1280), ("paper", 360)])
def test_axe_finds_nothing_and_nothing_stands_out_sideways(theme, width, shot, open_page):
    page = open_page(theme, viewport={"width": width, "height": 900})
    take = Take.objects.drawn().first()
    paths = {
        "productions": "/studio/productions/",
        "production": f"/studio/productions/{shot.scene.production_id}/",
        "shot": f"/studio/shots/{shot.pk}/",
        "compare": f"/studio/shots/{shot.pk}/compare/",
        "take": f"/studio/takes/{take.pk}/",
        "library": "/studio/takes/",
        "direct": f"/studio/takes/{take.pk}/direct/",
    }

    found, wide = {}, {}
    for name, path in paths.items():
        page.goto(path)
        for fold in page.locator("details.fold > summary, .animatic details:not([open]) > summary").all():
            fold.click()
        found[name] = findings(page)
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
        look(page, name, theme, width)

    assert found == {name: [] for name in paths}
    assert wide == dict.fromkeys(paths, width)


def test_what_is_typed_is_kept_and_priced_and_looking_at_a_recipe_changes_nothing(shot, open_page):
    page = open_page()
    page.goto(f"/studio/shots/{shot.pk}/")

    page.get_by_label("What should be seen").fill("a green kite over the hills")
    page.get_by_label("Seconds", exact=True).fill("9")
    expect(page.locator("[data-quote]")).to_contain_text("draws 0.2 to 2 seconds")
    page.get_by_label("Seconds", exact=True).fill("1.5")
    expect(page.locator("[data-quote]")).to_contain_text("A take costs")
    expect(page.locator("[data-kept]")).to_have_text("Kept on the desk.")
    expect(page.get_by_role("button", name="Keep on the desk")).to_be_hidden()
    page.get_by_label("Seed", exact=False).first.fill("x")
    expect(page.locator("[data-kept]")).to_contain_text("Not kept as it stands")
    page.get_by_label("Seed", exact=False).first.fill("7")
    expect(page.locator("[data-kept]")).to_have_text("Kept on the desk.")
    page.get_by_text("Its recipe").first.click()
    page.get_by_role("button", name="Select take 1").click()
    expect(page.get_by_text("Selected for its shot.")).to_be_visible()

    expect(page.get_by_label("What should be seen")).to_have_value("a green kite over the hills")
    assert Shot.objects.get(pk=shot.pk).seconds == 1.5
    page.get_by_text("Its recipe").first.click()
    page.get_by_role("button", name="Copy to the desk the recipe of take 2").click()
    expect(page.get_by_label("What should be seen")).to_have_value(ON_THE_DESK["words"])


def test_what_the_house_says_stands_where_the_page_comes_back_to(shot, open_page):
    page = open_page(viewport={"width": 1280, "height": 800})
    page.goto(f"/studio/shots/{shot.pk}/")

    page.get_by_role("button", name="Select take 1").click()
    expect(page.locator("#takes .messages")).to_have_text("Selected for its shot.")
    expect(page.locator("#takes .messages")).to_be_in_viewport()

    page.get_by_label("Seed", exact=False).first.fill("x")
    page.get_by_role("button", name="Draw", exact=True).first.click()
    expect(page.get_by_label("Seed", exact=False).first).to_be_focused()
    expect(page.get_by_text("A seed is a whole number from 0")).to_be_in_viewport()


def test_a_desk_beyond_its_engine_lets_a_visit_be(shot, open_page):
    desk.lay(shot, by=shot.scene.production.owner, seconds=99.0)
    page = open_page()
    page.goto(f"/studio/shots/{shot.pk}/#takes")
    page.wait_for_load_state()

    expect(page.locator("#id_seconds_helptext")).to_have_text("Small draws 0.2 to 2 seconds.")
    assert page.evaluate("document.activeElement === document.body"), (
        "no field was touched, so none takes the focus"
    )
    expect(page.locator("#id_seconds")).not_to_have_attribute("aria-invalid", "true")
    page.locator("#id_seconds").fill("98")
    expect(page.locator("#id_seconds")).to_have_attribute("aria-invalid", "true")


def test_what_holds_of_a_take_that_waits_goes_once_it_is_drawn(shot, open_page):
    page = open_page()
    page.goto(f"/studio/shots/{shot.pk}/")
    row = page.locator(".take--waits[status=queued]")
    expect(row.locator(".while-queued")).to_be_visible()

    waits = row.element_handle()

    job = dispatch.take()
    job.beat(step=1)

    expect(page.get_by_text(f"Step 1 of {job.steps}")).to_be_visible()
    assert waits.evaluate("row => getComputedStyle(row.querySelector('.while-queued')).display") == "none"


def test_a_wish_is_changed_no_more_once_its_clip_is_begun(person, open_page):
    job = make_job(owner=person)
    page = open_page()
    page.goto(f"/studio/jobs/{job.pk}/")
    change = page.get_by_text("Ask for something else in its place")
    expect(change).to_be_visible()

    dispatch.take().beat(step=1)
    expect(page.locator("live-row")).to_have_attribute("status", "running")
    expect(change).to_be_hidden()


def test_another_shape_builds_the_stage_anew_and_a_shot_is_dragged_into_another_scene(shot, open_page):
    page = open_page(viewport={"width": 1280, "height": 1200})
    page.goto(f"/studio/shots/{shot.pk}/")
    page.get_by_label("Shape").select_option("1:1")
    expect(page.locator("shot-animatic")).to_have_attribute("aspect", "1:1")
    assert Shot.objects.get(pk=shot.pk).aspect == "1:1"

    page.goto(f"/studio/productions/{shot.scene.production_id}/")
    first, second = page.locator("[data-scene]").all()
    first.locator("[data-shot]").nth(1).drag_to(second.locator(".frame--add"))
    expect(page.locator("[data-scene]").nth(1).locator(".frame__title")).to_contain_text("2.1")
    assert Shot.objects.get(title="The boat leaves").scene.title == "The harbour at night"


def test_another_shape_after_a_refused_drawing_keeps_what_was_typed_since(shot, open_page):
    page = open_page("night", viewport={"width": 1280, "height": 900})
    page.goto(f"/studio/shots/{shot.pk}/")
    page.get_by_label("Seconds", exact=True).fill("9")
    with page.expect_navigation():
        page.get_by_role("button", name="Draw", exact=True).first.click()
    expect(page.get_by_text("draws 0.2 to 2 seconds").first).to_be_visible()

    page.get_by_label("What should be seen").fill("a green house by day")
    page.get_by_label("Seconds", exact=True).fill("1.5")
    expect(page.get_by_text("Kept on the desk.")).to_be_visible()
    with page.expect_navigation():
        page.get_by_label("Shape").select_option("1:1")

    expect(page.get_by_label("What should be seen")).to_have_value("a green house by day")
    shot.refresh_from_db()
    assert (shot.words, shot.aspect) == ("a green house by day", "1:1")


def test_two_takes_are_wiped_and_play_as_one(shot, open_page):
    page = open_page()
    page.goto(f"/studio/shots/{shot.pk}/")
    page.get_by_role("button", name="Compare A and B").click()
    slider, (a, b) = page.get_by_label("Wipe from B to A"), page.locator("take-compare video").all()

    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert page.locator("take-compare").evaluate("e => e.style.getPropertyValue('--wipe')") == "60%"

    a.evaluate("v => { v.currentTime = 0.4 }")
    expect(page.locator("take-compare")).to_have_attribute("over", "")
    assert wait_for(page, lambda: abs(b.evaluate("v => v.currentTime") - 0.4) < 0.06)
    page.get_by_role("button", name="Play both").click()
    expect(page.get_by_role("button", name="Pause both")).to_be_visible()
    assert wait_for(page, lambda: not b.evaluate("v => v.paused"))


def wait_for(page, met) -> bool:
    """Whether it is so within five seconds."""
    for _ in range(100):
        if met():
            return True
        page.wait_for_timeout(50)
    return False


def test_without_scripts_shots_are_moved_by_buttons_and_the_desk_is_kept_and_drawn(shot, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(f"/studio/productions/{shot.scene.production_id}/")
    page.get_by_role("button", name="Move shot 1.2 earlier").click()
    expect(page.locator("[data-shot] .frame__title").first).to_contain_text("The boat leaves")

    page.goto(f"/studio/shots/{shot.pk}/")
    page.get_by_label("What should be seen").fill("a red boat at sunset")
    page.locator("[name=count][value='2']").check()
    page.get_by_role("button", name="Draw", exact=True).first.click()

    expect(page.locator(".take--waits")).to_have_count(4)
    assert Take.objects.filter(words="a red boat at sunset").count() == 2
