"""The studio's path: a production, a shot directed and drawn, takes compared and delivered, beside others."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import SECRET

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]

ORGANISER, ENTRANT, SECOND = "ines@example.org", "mina@example.org", "bob@example.org"
DRAWN_S = 120  # a take, on a busy machine of two cores


def test_a_shot_goes_from_words_to_a_take_in_a_film(visit, site, film_file):
    open_a_call(site)
    me = newcomer(visit("studio"), site, ENTRANT, "Mina Holm")
    film = begin_entry(me, film_file)
    write_a_scene_of_three_shots(me)
    direct(me)
    draw_two_watch_and_cancel_one(me)
    draw_another(me)
    compare_and_select(me)
    vary_by_seed(me)
    extend(me)
    lead_into_the_next_shot(me)
    deliver(me, film)
    assert f"/entries/{film}/statement/" in me.page.url
    overtake(visit("second"), me, site)


def open_a_call(site):
    """The office's part, which has its own journey, done by the house's acts."""
    site.manage("shell", "-c", CALL)


CALL = f"""
from datetime import timedelta
from django.utils import timezone
from festival.models import DeadlineTier, Edition, Person, Section
edition = Edition.objects.create(slug="2027", name="Marquee 2027", status="open")
Section.objects.create(edition=edition, name="Stories", slug="stories")
DeadlineTier.objects.create(edition=edition, name="Regular", closes_at=timezone.now() + timedelta(days=30))
for email, name in (("{SECOND}", "Bob Reed"),):
    person = Person.objects.create_user(email, "{SECRET}", name=name)
    person.emailaddress_set.create(email=email, verified=True, primary=True)
"""


def newcomer(me, site, email, name):
    me.go("/accounts/signup/")
    me.fill(name=name, email=email, password1=SECRET, password2=SECRET)
    me.press("Make an account")
    me.go(site.link(email, holding="confirm", path="/accounts/confirm-email/"))
    me.press(re.compile("Confirm"))
    return me


def begin_entry(me, film_file) -> str:
    """An entry with its film, into which a take can be placed."""
    me.go("/entries/new/")
    me.fill(title="The Long Way Round")
    me.press("Begin the entry")
    me.page.wait_for_url(re.compile(r"/entries/[0-9a-f-]{36}/"))
    film = re.search(r"/entries/([0-9a-f-]{36})/", me.page.url)[1]
    me.go(f"/entries/{film}/film/")
    me.page.locator("upload-drop input[type=file]").set_input_files(film_file)
    expect(me.page.locator("main")).to_contain_text("SHA-256", timeout=90_000)
    return film


def write_a_scene_of_three_shots(me):
    me.page.get_by_role("link", name="Studio", exact=True).click()
    me.fill(title="The long way round")
    me.press("Begin the production")
    me.page.get_by_text("Rename Scene 1").click()
    me.page.get_by_label("Title of the scene").first.fill("The harbour")
    me.page.locator(".scene__head").get_by_role("button", name="Save").click()
    for title in ("The boat leaves", "The open sea"):
        me.page.get_by_label("Another shot").fill(title)
        me.press("Add shot")
    expect(me.page.locator("[data-shot]")).to_have_count(3)
    me.press("Move shot 1.3 earlier")
    expect(me.page.locator(".frame__title").nth(1)).to_contain_text("The open sea")
    me.keep("storyboard")
    me.page.locator("[data-shot] a").first.click()
    me.page.wait_for_url(re.compile("/studio/shots/"))


def picture(me) -> str:
    return me.page.locator("shot-animatic canvas").evaluate("c => c.toDataURL()")


def drag(me, locator, way, *, look):
    """Pull at something on the page, and see the stage change while it is held."""
    locator.scroll_into_view_if_needed()
    box, mouse, before = locator.bounding_box(), me.page.mouse, look()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    for part in range(1, 9):
        mouse.move(x + way[0] * part / 8, y + way[1] * part / 8)
        me.page.wait_for_timeout(30)
    changed = look() != before
    mouse.up()
    assert changed, "The stage does not change while something is dragged."


def direct(me):
    """Words; a camera that pans, seen as the dial is dragged; a stroke of the brush; two boxes."""
    me.page.get_by_label("What should be seen").fill("a red boat sails at sea at sunset, a bird flies")
    me.page.get_by_label("Seconds", exact=True).fill("2")
    me.page.get_by_label("Seed", exact=False).first.fill("1888")
    drag(me, me.page.get_by_label("Pan", exact=True), (60, 0), look=lambda: picture(me))
    stage = me.page.locator("shot-animatic canvas")
    me.page.get_by_role("button", name="Brush").click()
    drag(me, stage, (90, 10), look=lambda: picture(me))
    for noun in ("bird", "boat"):
        me.page.get_by_role("button", name="Box", exact=True).click()
        me.page.get_by_label("Noun").fill(noun)
    me.keep("directed")
    wait_until(me, lambda: not me.page.locator("shot-desk").evaluate("e => e.hasAttribute('keeping')"))
    me.page.reload()
    said = me.page.locator("[name=direction]").input_value()
    assert all(word in said for word in ('"pan"', '"points"', '"noun":"bird"', '"noun":"boat"')), said


def draw_two_watch_and_cancel_one(me):
    expect(me.page.locator("[data-quote]")).to_contain_text("A take costs")
    me.page.locator("[name=count][value='2']").check()
    me.press("Draw")
    expect(me.page.locator(".take--waits")).to_have_count(2)
    me.keep("drawing")
    preview = me.page.locator(".take--waits img[data-live=preview]:not([hidden])")
    expect(preview.first).to_be_visible(timeout=1000 * DRAWN_S)
    assert preview.first.evaluate("i => i.decode().then(() => i.naturalWidth)") > 0
    me.page.get_by_role("button", name="Cancel take 2").click()
    me.see("Cancelled. Nothing was kept.")
    expect(me.page.locator("article.take")).to_have_count(1, timeout=1000 * DRAWN_S)
    expect(me.page.locator(".take--waits")).to_have_count(0)
    me.keep("drawn")


def draw_another(me):
    next_from(me, "Another")
    drawn(me, 2)


def next_from(me, words):
    """Open what can be made from the newest take, and press it."""
    take = me.page.locator("article.take").first
    take.get_by_text("Make the next from it").click()
    take.get_by_role("button", name=re.compile(f"^{words}")).click()


def drawn(me, count):
    """Wait until so many takes stand in the stack; the page itself puts each there."""
    stack, broken = me.page.locator("article.take"), me.page.locator(".take--waits .badge")
    wait_until(me, lambda: stack.count() == count or broken.count(), within_s=DRAWN_S)
    assert broken.count() == 0, me.page.locator(".take--waits").all_inner_texts()
    me.page.reload()


def compare_and_select(me):
    me.press("Compare A and B")
    me.page.get_by_label("Wipe from B to A").focus()
    for _ in range(20):
        me.page.keyboard.press("ArrowRight")
    me.press("Play both")
    a, b = me.page.locator("take-compare video").all()
    wait_until(me, lambda: b.evaluate("v => v.currentTime") > 0.2)
    apart = abs(a.evaluate("v => v.currentTime") - b.evaluate("v => v.currentTime"))
    assert apart < 0.5, "They play at the same moment, as far as two questions one after the other can say."
    me.keep("compared")
    me.press(re.compile("^Select take"))
    me.see("Selected for its shot.")


def vary_by_seed(me):
    next_from(me, "Vary the seed")
    drawn(me, 3)
    expect(me.page.locator("article.take").first).to_contain_text("Varies take")


def extend(me):
    next_from(me, "Go on from its end")
    drawn(me, 4)
    expect(me.page.locator("article.take").first).to_contain_text("Goes on from take")
    me.keep("extended")


def lead_into_the_next_shot(me):
    first = me.page.url
    next_from(me, "Last frame begins the next shot")
    me.page.wait_for_url(lambda address: address.split("#")[0] != first.split("#")[0])
    expect(me.page.get_by_alt_text("The still this shot begins with")).to_be_visible()
    me.page.get_by_label("What should be seen").fill("a red boat at sea")
    me.page.get_by_label("Seconds", exact=True).fill("1")
    me.press("Draw")
    drawn(me, 1)
    me.keep("next-shot")


def deliver(me, film):
    """The take that was drawn last, by the engine that is offered first, goes into the film's statement."""
    take = me.page.locator("article.take").first
    expect(take).to_contain_text("Sketch")
    take.get_by_text("Its recipe").click()
    take.get_by_role("link", name=re.compile("Its page")).click()
    me.fill(start_s="0:01")
    me.press("Place the take")
    me.page.wait_for_url(re.compile(f"/entries/{film}/statement/"))
    me.keep("placed")


def overtake(second, me, site):
    """Ten takes wait for the first person; the second's one is drawn before most of them."""
    me.go("/studio/productions/")
    me.page.locator(".film__title a").first.click()
    me.page.locator("[data-shot] a").first.click()
    for count in (4, 4, 2):
        me.page.locator(f"[name=count][value='{count}']").check()
        me.press("Draw")
        me.page.wait_for_load_state()
    second.sign_in(SECOND)
    second.go("/studio/productions/")
    second.fill(title="One shot")
    second.press("Begin the production")
    second.page.locator("[data-shot] a").first.click()
    second.page.get_by_label("What should be seen").fill("a green kite over the hills")
    second.page.get_by_label("Seconds", exact=True).fill("1")
    second.press("Draw")
    drawn(second, 1)
    asked, waiting = map(int, site.manage("shell", "-c", WAITING).split()[-2:])
    assert asked == TAKES_BEFORE + 10
    assert waiting >= 6, f"Only {waiting} of the first person's ten were still to be drawn."


TAKES_BEFORE = 5  # drawn, cancelled, another, varied, extended
WAITING = f"""
from generation.models import Job, Shot
shots = Shot.objects.filter(scene__production__owner__email="{ENTRANT}")
print(shots.in_order().first().takes_asked)
print(Job.objects.filter(owner__email="{ENTRANT}").unfinished().count())
"""


def wait_until(me, met, *, within_s=20):
    deadline = time.monotonic() + within_s
    while not met():
        assert time.monotonic() < deadline, f"It did not come about within {within_s} s."
        me.page.wait_for_timeout(50)
