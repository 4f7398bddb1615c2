"""Somebody at a browser, and what they do on any page."""

import time
from pathlib import Path

from playwright.sync_api import expect

SHOTS = Path(__file__).resolve().parents[1] / "screenshots"
PATIENCE_MS = 20_000  # with a busy machine
SECRET = "a long way round 1888"

PLAY = """v => {  // asked again and again: a player that is still choosing its source lets the first call go
  v.muted = true
  if (v.paused) v.play().catch(() => {})
  return v.currentTime
}"""


class Visitor:
    """Somebody at a browser of their own."""

    def __init__(self, browser, site, name):
        self.site, self.name, self.shots = site, name, 0
        self.context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 900})
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.context.new_page()
        self.refusals: list[str] = []
        self.page.on("console", self._listen)

    def _listen(self, message):
        if "Content Security Policy" in message.text:
            self.refusals.append(message.text)

    def go(self, address):
        self.page.goto(address, wait_until="domcontentloaded")

    def press(self, words, *, within="main"):
        self.page.locator(within).get_by_role("button", name=words).first.click()

    def fill(self, **fields):
        for name, value in fields.items():
            self.page.locator(f"[name='{name}']").fill(value)

    def see(self, words):
        expect(self.page.locator("body")).to_contain_text(words, timeout=PATIENCE_MS)

    def keep(self, what):
        """A screenshot, for people to look at; the folder is ignored by git."""
        self.shots += 1
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{self.name}-{self.shots:02}-{what}.png", full_page=True)

    def play(self, *, past_s):
        """Play the page's film, and wait until it has really moved past `past_s`."""
        video = self.page.locator("video")
        deadline = time.monotonic() + 30
        while video.evaluate(PLAY) <= past_s:
            assert time.monotonic() < deadline, "The film does not play."
            self.page.wait_for_timeout(50)
        assert video.evaluate("v => v.videoWidth") > 0

    def sign_in(self, email, password=SECRET):
        self.go("/accounts/login/")
        self.fill(login=email, password=password)
        self.press("Sign in")
        self.page.wait_for_url(lambda address: "/accounts/login/" not in address)
