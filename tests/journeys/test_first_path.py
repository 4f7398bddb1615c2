"""The first whole path: register, draw, upload, disclose, submit, judge, decide, publish, watch."""

import re
from datetime import datetime, timedelta

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from festival.media.frames import read_mp4
from tests.journeys.visitor import SECRET

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]

ORGANISER, ENTRANT, JUROR = "ines@example.org", "mina@example.org", "amara@example.org"
CLIPS = ".clip__prompt a[href^='/studio/clips/']"


def test_a_film_goes_from_upload_to_public_screening(visit, site, film_file, tmp_path):
    organiser = open_the_call(visit("organiser"), site)
    entrant, film = begin_entry(visit("entrant"), site)
    upload(entrant, film, film_file)
    draw_clip_into(entrant)
    draw_from_a_still(entrant, tmp_path)
    draw_without_ai(entrant)
    disclose(entrant, film)
    submit(entrant, film, site)
    accept_and_open_round(organiser)
    judge(visit("juror"), site)
    decide_and_publish(organiser, site)
    audience = visit("audience")
    watch(audience)
    assert audience.page.url.endswith("/schedule/")


def open_the_call(me, site):
    """The first organiser, made on the command line, proves the address and sets up an edition."""
    site.manage("createsuperuser", "--noinput", "--email", ORGANISER, DJANGO_SUPERUSER_PASSWORD=SECRET)
    me.sign_in(ORGANISER)
    me.go(site.link(ORGANISER, holding="confirm", path="/accounts/confirm-email/"))
    me.press(re.compile("Confirm"))
    me.go("/office/new/")
    me.fill(name="Marquee 2027", slug="2027", time_zone="Europe/Lisbon")
    me.press(re.compile("Create|Begin"))
    me.go("/office/2027/setup/")
    closes = datetime.now().astimezone() + timedelta(days=30)
    me.page.locator("[name$='-0-name']").first.fill("Stories")
    me.page.locator("[name$='-0-min_duration_s']").fill("0:02")
    me.page.locator("[name$='-0-max_duration_s']").fill("20:00")
    me.page.locator("[name$='-0-closes_at']").fill(f"{closes:%Y-%m-%dT23:59}")
    me.page.locator("[name='tiers-0-name']").fill("Regular")
    me.keep("setup")
    me.press(re.compile("Save"))
    me.go("/office/2027/call/")
    me.press("Open the call")
    me.see("Close the call")
    me.go("/office/2027/jury/seats/")
    me.fill(email=JUROR)
    me.press("Seat juror")
    me.see(JUROR)
    me.go("/office/2027/jury/")
    me.page.locator("[name='kind'][value='review']").check()
    me.press("Begin round")
    me.press(re.compile("festival", re.I))
    me.keep("rubric")
    me.go("/office/2027/jury/")
    me.page.locator(".stage__title a").first.click()
    me.fill(reviews="1")
    me.press("Save terms")
    return me


def begin_entry(me, site):
    me.go("/accounts/signup/")
    me.fill(name="Mina Holm", email=ENTRANT, password1=SECRET, password2=SECRET)
    me.keep("signup")
    me.press("Make an account")
    me.go(site.link(ENTRANT, holding="confirm", path="/accounts/confirm-email/"))
    me.press(re.compile("Confirm"))
    me.go("/entries/new/")
    me.fill(title="The Long Way Round")
    me.press("Begin the entry")
    me.page.wait_for_url(re.compile(r"/entries/[0-9a-f-]{36}/"))
    film = re.search(r"/entries/([0-9a-f-]{36})/", me.page.url)[1]
    me.go(f"/entries/{film}/edit/")
    me.page.locator("[name='section']").select_option(label="Stories")
    me.fill(
        logline="A courier takes the scenic route.",
        synopsis="There is a shorter way. She has known it for years.",
        year="2026",
        countries="Portugal",
        languages="English",
        contact_name="Mina Holm",
        contact_email=ENTRANT,
    )
    me.page.locator("[name='premiere']").select_option("world")
    me.page.locator("[name$='-0-role']").fill("Director")
    me.page.locator("[name$='-0-name']").fill("Mina Holm")
    for right in ("rights_picture", "rights_music", "rights_screening"):
        me.page.locator(f"[name='{right}']").check()
    me.keep("details")
    me.press("Save details")
    me.see("The Long Way Round")
    return me, film


def upload(me, film, film_file):
    """By the page's own element, tus underneath; then the media queue examines the file."""
    me.go(f"/entries/{film}/film/")
    me.page.locator("upload-drop input[type=file]").set_input_files(film_file)
    expect(me.page.locator("main")).to_contain_text("SHA-256", timeout=90_000)
    me.keep("film")


def draw_clip_into(me):
    """From a sentence, with the engine that is offered first: the festival's own small model."""
    me.go("/studio/")
    expect(me.page.locator("[name='engine']")).to_have_value("sketch")
    me.fill(prompt="A red boat sails to the left at sea at sunset, pan right")
    me.page.locator("[name='seed']").fill("1888")
    drawn_clip(me)
    me.see("1888")
    me.see("Drawn by a model, from words")
    me.keep("clip")
    me.page.locator("[name='start_s']").fill("0:01")
    me.press("Place the clip")
    me.page.wait_for_url(re.compile("/statement/"))


def drawn_clip(me):
    """Press the button, and go to the clip's page once the page says by itself that it is drawn."""
    before = clips(me)
    with me.page.expect_navigation(timeout=60_000):  # a still is encoded anew before the page comes back
        me.press("Draw the clip")
    expect(me.page.locator(CLIPS)).to_have_count(len(before) + 1, timeout=90_000)
    me.go(next(link for link in clips(me) if link not in before))


def clips(me) -> list[str]:
    return [link.get_attribute("href") for link in me.page.locator(CLIPS).all()]


def draw_from_a_still(me, folder):
    """The clip begins with the picture that was sent."""
    still = folder / "still.png"
    sky, sea = (
        np.full((144, 256, 3), (240, 150, 90), np.uint8),
        np.full((112, 256, 3), (40, 60, 120), np.uint8),
    )
    picture = np.concatenate([sky, sea])
    Image.fromarray(picture).save(still)
    me.go("/studio/")
    me.fill(prompt="The sea at sunset, pan left")
    me.page.locator("[name='aspect']").select_option("1:1")
    me.page.locator("[name='first']").set_input_files(still)
    drawn_clip(me)
    me.see("from words and a still")
    me.keep("still")
    film = folder / "clip.mp4"
    film.write_bytes(me.page.request.get(me.page.locator("video").get_attribute("src")).body())
    first = Image.fromarray(read_mp4(film)[0]).resize((256, 256))
    apart = np.asarray(first, float) - picture
    assert 10 * np.log10(255**2 / np.mean(apart**2)) > 20, "Its first frame is another picture."


def draw_without_ai(me):
    """A programme draws the same words, and the clip says so."""
    me.go("/studio/")
    me.page.locator("[name='engine']").select_option("scenes")
    me.fill(prompt="A red boat sails left at sunset, pan right")
    drawn_clip(me)
    me.see("Procedural drawing, not AI")
    me.keep("procedural")


def disclose(me, film):
    me.go(f"/entries/{film}/statement/")
    me.keep("statement")
    for department in ("script", "storyboard", "voice", "sound", "edit", "effects", "subtitles", "marketing"):
        me.page.locator(f"[name='department-{department}-extent'][value='none']").check()
    me.page.locator("[name='department-picture-extent'][value='generated']").check()
    me.page.locator("[name='department-picture-human_part']").fill("Wrote, chose and cut every shot.")
    me.page.locator("[name^='ranges-'][name$='-human_part']").first.fill("Chose the seed out of twelve.")
    me.fill(process="Drawn in the studio, cut by hand.")
    me.page.locator("[name='sign-name']").fill("Mina Holm")
    me.press("Save and sign")
    me.keep("signed")


def submit(me, film, site):
    me.go(f"/entries/{film}/preview/")
    me.keep("preview")
    me.go(f"/entries/{film}/submit/")
    me.keep("submit")
    me.press("Submit film")
    me.see("Submitted")
    me.go(f"/entries/{film}/")
    me.keep("entry")
    letter = site.letter(ENTRANT, holding="SHA-256")
    assert re.search(r"\b[0-9a-f]{64}\b", letter)


def accept_and_open_round(me):
    me.go("/office/2027/entries/")
    me.page.locator("[name='films']").first.check()
    me.press("Accept")
    me.keep("entries")
    me.go("/office/2027/jury/")
    me.page.locator(".stage__title a").first.click()
    me.keep("round-before")
    me.press("Open the round")
    me.see("Close the round")
    me.keep("round-open")


def judge(me, site):
    me.go(site.link(JUROR, holding="/password/reset/", path="/accounts/password/reset/key/"))
    me.fill(password1=SECRET, password2=SECRET)
    me.press("Set the password")
    me.sign_in(JUROR)
    me.go("/jury/")
    me.keep("list")
    me.page.locator(".hand__films a").first.click()
    assert "Mina" not in me.page.content()
    me.play(past_s=5.9)
    expect(me.page.locator("mark-form")).not_to_have_attribute("data-unseen", "")  # enough of it was seen
    me.page.locator("mark-form input[type=radio]").first.focus()
    for key in "878978":
        me.page.keyboard.press(key)
    me.page.locator("[name='note']").fill("The detour is the film.")
    me.keep("marked")
    me.press(re.compile("^Save and"))
    me.go("/jury/")
    me.keep("done")


def decide_and_publish(me, site):
    me.go("/office/2027/jury/results/")
    me.keep("results")
    me.page.locator("[name='films']").first.check()
    me.press("Select")
    me.go("/office/2027/call/")
    me.press("Close the call")
    me.go("/office/2027/letters/")
    me.press(re.compile("Send 1 decision"))
    assert "The Long Way Round" in site.letter(ENTRANT, holding="selected")
    me.go("/office/2027/programme/")
    venue = me.page.locator("form[action$='/venues/']")
    venue.locator("[name$='name']").fill("Cinema São Jorge")
    venue.get_by_role("button").click()
    screening = me.page.locator("form[action$='/screenings/']")
    screening.locator("[name$='title']").fill("Opening night")
    starts = datetime.now().astimezone() + timedelta(days=40)
    screening.locator("[name$='starts_at']").fill(f"{starts:%Y-%m-%dT21:00}")
    screening.get_by_role("button").click()
    me.see("Opening night")
    me.page.get_by_label("Film to place in Opening night").select_option(label="The Long Way Round")
    me.press("Place")
    me.see("Every selected film has a place.")
    me.keep("programme")
    me.press("Publish programme")
    me.keep("published")


def watch(me):
    me.go("/")
    me.see("The Long Way Round")
    me.keep("home")
    me.go("/films/?q=long+way&country=PT")
    me.page.locator("main a[href^='/films/']").filter(has_text="The Long Way Round").first.click()
    me.see("of picture seconds")
    me.play(past_s=1)
    me.keep("film")
    me.go("/schedule/")
    me.see("Opening night")
    me.keep("schedule")
