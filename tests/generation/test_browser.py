"""The studio's pages in a browser: axe in both themes; the prompt guide by mouse, by keyboard, by itself."""

import re

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from generation.engines import scenes
from generation.models import Job
from tests.axe import findings
from tests.factories import make_edition, make_film, make_user
from tests.generation.makers import make_clip, make_job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("torch")]


@pytest.fixture
def person():
    person = make_user(email="ines@example.org")
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
def drawing(sketch_root, settings, tmp_path):
    """A studio with the drawing programme, the small model and the one that draws noise."""
    for name in ("sketch", "quick"):
        (tmp_path / name).symlink_to(sketch_root / name)
    settings.ENGINES_ROOT = tmp_path
    return scenes.build(tmp_path / "scenes")


@pytest.mark.parametrize("theme", ["night", "paper"])
def test_axe_finds_nothing(theme, person, open_page, drawing):
    edition = make_edition()
    make_film(edition=edition, entrant=person)
    mine = {"owner": person, "edition": edition}
    jobs = [make_job(status=status, problem="It broke off.", **mine) for status in ("queued", "failed")]
    clips = [make_clip(**mine), make_clip(credentials={"facts": {"procedural": True}}, **mine)]
    page = open_page(theme)
    paths = [
        "/studio/",
        *(f"/studio/clips/{clip.pk}/" for clip in clips),
        *(f"/studio/jobs/{job.pk}/" for job in jobs),
    ]

    answered, found = {}, {}
    for path in paths:
        answered[path] = page.goto(path).status
        found[path] = findings(page)
    page.goto("/studio/")
    page.get_by_label("What should be seen").fill("a zebra")
    expect(page.get_by_role("button", name="Draw it all the same")).to_be_visible()
    found["a zebra"] = findings(page)

    assert answered == dict.fromkeys(paths, 200)
    assert found == {name: [] for name in (*paths, "a zebra")}


def test_words_are_put_where_the_caret_stands_by_mouse_and_by_keyboard(open_page, drawing):
    make_edition()
    page = open_page(viewport={"width": 360, "height": 740})
    page.goto("/studio/")
    words = page.get_by_label("What should be seen")

    page.get_by_text("Words that Scenes and Sketch know").click()  # folded up on a narrow page
    page.get_by_role("button", name="red", exact=True).click()
    page.get_by_role("button", name="boat", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(words).to_have_value("red boat balloon")
    expect(page.get_by_text("“balloon” added.")).to_be_attached()

    words.evaluate("text => text.setSelectionRange(0, 0)")
    page.get_by_role("button", name="small", exact=True).click()
    expect(words).to_have_value("small red boat balloon")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide == 360, "no sideways scroll"


def test_an_unknown_word_is_pointed_out_while_one_types_and_drawn_without_on_request(open_page, drawing):
    make_edition()
    page = open_page()
    page.goto("/studio/")
    words, notice = page.get_by_label("What should be seen"), page.locator("[data-unread]")

    words.fill("a red zebra")
    expect(notice).to_contain_text("Scenes does not know “zebra”")
    page.get_by_label("Engine", exact=True).select_option("quick")
    expect(notice).to_have_text("")
    page.get_by_label("Engine", exact=True).select_option("scenes")
    expect(notice).to_contain_text("zebra")
    words.fill("a red boat")
    expect(notice).to_have_text("")
    words.fill("a red zebra")
    page.get_by_role("button", name="Draw it all the same").click()
    expect(page.get_by_text("Asked for.")).to_be_visible()

    assert Job.objects.get().prompt == "a red zebra"


def test_without_scripts_the_words_are_listed_and_the_post_asks(open_page, drawing):
    make_edition()
    page = open_page(java_script_enabled=False)
    page.goto("/studio/")

    expect(page.get_by_text("coming closer", exact=True)).to_be_visible()
    assert page.locator(".guide button").count() == 0
    page.get_by_label("What should be seen").fill("a red zebra")
    page.get_by_role("button", name="Draw the clip").click()
    expect(page.locator("[data-unread]")).to_contain_text("Scenes does not know “zebra”")
    page.get_by_role("button", name="Draw it all the same").click()
    expect(page.get_by_text("Asked for.")).to_be_visible()


def test_the_form_says_how_far_the_chosen_engine_goes(open_page, drawing):
    make_edition()
    page = open_page()
    page.goto("/studio/")
    engine, seconds, shape = (page.locator(f"#id_{name}") for name in ("engine", "seconds", "aspect"))
    engine.select_option("scenes")
    shape.select_option("9:16")
    seconds.fill("5.5")

    engine.select_option("sketch")

    expect(page.locator("#id_seconds_helptext")).to_have_text("Sketch draws 0.5 to 1 seconds.")
    expect(page.locator("#id_aspect_helptext")).to_have_text(re.compile(r"Sketch draws in 16:9"))
    expect(seconds).to_have_attribute("aria-invalid", "true")
    expect(shape).to_have_attribute("aria-invalid", "true")
    shape.select_option("16:9")
    seconds.fill("1")
    expect(seconds).to_have_attribute("aria-invalid", "false")
    expect(shape).to_have_attribute("aria-invalid", "false")
    assert shape.locator("option[value='9:16']").is_disabled()
    engine.select_option("scenes")
    assert shape.locator("option[value='9:16']").is_enabled()
