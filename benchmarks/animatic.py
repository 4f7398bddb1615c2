"""How many frames a second the animatic draws while a dial is dragged, in Debian's chromium without a GPU.

    python -m benchmarks.animatic [--seconds 4] [--rounds 3]

The reference, measured in the same page in turn with it, is an empty requestAnimationFrame loop: what this
browser on this machine can do at all. The dial gets a new value in every frame, as under a quick hand; there
is a camera move, a box and a brushed region. The preview holds itself to 30 frames a second or so.
"""

import argparse
import http.server
import os
import shutil
import statistics
import tempfile
import threading
from functools import partial
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("MARQUEE_TEST_RUN", tempfile.mkdtemp(prefix="marquee-bench-"))

import django

django.setup()

from django.template.loader import render_to_string  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from benchmarks import machine  # noqa: E402
from festival.views.styleguide import DIRECTION  # noqa: E402
from generation.sketch import scenes  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
WANTED = 24  # frames a second
PAGES = {"layers": "", "still": "/first.jpg"}  # what is under the camera: the stand-in, a picture row by row
STYLES = ("tokens", "base", "layout", "components")
EMPTY = """seconds => new Promise(done => {
  let frames = 0; const began = performance.now();
  const beat = now => {
    frames += 1;
    now - began < seconds * 1000 ? requestAnimationFrame(beat) : done({fps: 1000 * frames / (now - began)});
  };
  requestAnimationFrame(beat);
})"""
DRAGGED = """seconds => new Promise(done => {
  const animatic = document.querySelector("shot-animatic");
  const dial = animatic.querySelector("[data-dial=pan]");
  const tick = animatic.tick;
  const spent = [];
  let drawn = 0, at = null;
  animatic.tick = function () {
    const before = performance.now();
    tick.call(this);
    spent.push(performance.now() - before);
    drawn += animatic.t === at ? 0 : 1;
    at = animatic.t;
  };
  dial.dispatchEvent(new PointerEvent("pointerdown", {bubbles: true}));
  const began = performance.now();
  const beat = now => {
    if (now - began >= seconds * 1000) {
      dial.dispatchEvent(new PointerEvent("pointerup", {bubbles: true}));
      animatic.stop(0);
      delete animatic.tick;
      return done({fps: 1000 * drawn / (now - began), ms: spent});
    }
    dial.value = 5 * Math.sin((now - began) / 300);
    dial.dispatchEvent(new Event("input", {bubbles: true}));
    requestAnimationFrame(beat);
  };
  requestAnimationFrame(beat);
})"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(machine.describe())
    with tempfile.TemporaryDirectory(prefix="marquee-animatic-") as folder, sync_playwright() as playwright:
        address = serve(furnish(Path(folder)))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        print(f"chromium {browser.version}, {options.seconds:g} s a round")
        slowest = min(report(browser, address, name, options) for name in PAGES)
        browser.close()
    return 0 if slowest >= WANTED else 1


def report(browser, address: str, name: str, options) -> float:
    """Measure one page and say what came of it; returns the median frames a second while dragging."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}{name}.html")
    page.locator(".animatic__canvas").wait_for()
    page.wait_for_load_state("networkidle")
    empty, dragged = [], []
    for _ in range(options.rounds):
        empty.append(page.evaluate(EMPTY, options.seconds)["fps"])
        dragged.append(page.evaluate(DRAGGED, options.seconds))
    fps, reference = statistics.median(run["fps"] for run in dragged), statistics.median(empty)
    spent = sorted(ms for run in dragged for ms in run["ms"])
    late, rounds = spent[len(spent) * 95 // 100], listed(run["fps"] for run in dragged)
    print(f"{name}, canvas {size(page)}")
    print(f"  empty loop      {reference:6.1f} frames a second; each round {listed(empty)}")
    print(f"  dial dragged    {fps:6.1f}, wanted {WANTED}; each round {rounds}")
    print(f"  script for one  {statistics.median(spent):6.2f} ms, 95 of 100 in {late:.2f} ms")
    page.close()
    return fps


def listed(numbers) -> str:
    return ", ".join(f"{number:.1f}" for number in numbers)


def size(page) -> str:
    return page.locator(".animatic__canvas").evaluate("canvas => `${canvas.width} x ${canvas.height}`")


def furnish(folder: Path) -> Path:
    """A page with nothing but the animatic on it, and the house's styles."""
    (folder / "static").mkdir()
    for app in ("festival", "generation"):
        (folder / "static" / app).symlink_to(ROOT / app / "static" / app)
    video = scenes.render(
        scenes.compose(scenes.parse("hills at day"), 1), frames=1, width=960, height=540
    ).video
    Image.fromarray(video[0]).save(folder / "first.jpg")
    context = {"direction": DIRECTION, "aspect": "16:9", "seconds": 4, "card": {"inputs": ["text"]}}
    styles = "".join(f'<link rel="stylesheet" href="/static/festival/css/{name}.css">' for name in STYLES)
    page = f'<!doctype html><html lang="en" data-theme="night"><head>{styles}</head><body><main class="page">'
    for name, first in PAGES.items():
        stage = render_to_string("generation/_direction.html", context | {"first_url": first})
        (folder / f"{name}.html").write_text(page + stage)
    return folder


def serve(folder: Path) -> str:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


if __name__ == "__main__":
    raise SystemExit(main())
