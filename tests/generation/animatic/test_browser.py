"""The animatic in a real browser: the same numbers as in Python, and a stage that answers hands and keys."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from playwright.sync_api import expect

from generation.animatic import Direction, compile, expand, ignored
from generation.animatic.presets import PRESETS
from tests.axe import RULES, SCRIPT
from tests.generation.animatic.directions import directions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

FRAMES = 17
COMPILE = """async ([directions, frames, aspect]) => {
  const { compile } = await import("/static/generation/js/animatic-compile.js");
  return directions.map((direction) => compile(direction, frames, aspect));
}"""
EXPAND = """async (asked) => {
  const { expand } = await import("/static/generation/js/animatic-presets.js");
  return asked.map(([name, options]) => expand(name, options));
}"""
IGNORED = """async ([directions, inputs]) => {
  const { ignored } = await import("/static/generation/js/animatic-omissions.js");
  return directions.map((direction) => inputs.map((one) => ignored(direction, one)));
}"""
INPUTS = [
    ["text"],
    ["text", "camera", "boxes", "strokes", "first_frame"],
    ["strokes", "boxes", "references"],
    ["poses", "keyframes", "source_video"],
    ["camera", "boxes", "strokes", "source_video", "mask", "control"],
    ["control", "source_video"],
]


@pytest.fixture
def open_stage(asgi_server, browser):
    """Opens the page with an animatic on it; `options` are those of a browser's context."""
    contexts = []

    def opened(theme="night", **options):
        context = browser.new_context(base_url=asgi_server, **options)
        context.add_cookies([{"name": "theme", "value": theme, "url": asgi_server}])
        contexts.append(context)
        page = context.new_page()
        page.goto("/styleguide/")
        return page

    yield opened
    for context in contexts:
        context.close()


def some_directions(count=24):
    found = []

    @settings(max_examples=count, database=None, derandomize=True, deadline=None)
    @given(directions)
    def collect(direction):
        found.append(direction)

    collect()
    return found


@pytest.mark.parametrize(("size", "aspect"), [((160, 90), 16 / 9), ((90, 160), 9 / 16)])
def test_browser_and_server_compile_a_direction_to_the_same_numbers(open_stage, size, aspect):
    asked = some_directions()
    said = [direction.to_json() for direction in asked]

    drawn = open_stage().evaluate(COMPILE, [said, FRAMES, aspect])

    for direction, found in zip(asked, drawn, strict=True):
        done = compile(direction, frames=FRAMES, size=size)
        assert apart(found["camera"], done.camera) < 1e-6
        assert apart(found["poses"], done.poses) < 1e-6
        assert apart(found["tracks"], done.tracks) < 1e-6
        absent = [[place is None for place in way] for way in done.boxes]
        assert [[place is None for place in way] for way in found["boxes"]] == absent
        assert apart(corners(found["boxes"]), corners(done.boxes)) < 1e-6


def apart(found, wanted):
    """The largest difference between two arrays that are of one shape."""
    return np.abs(np.reshape(found, np.shape(wanted)) - wanted).max(initial=0)


def corners(boxes):
    return np.array([place or (0, 0, 0, 0) for way in boxes for place in way])


def test_browser_and_server_agree_on_named_moves_and_on_what_is_left_out(open_stage):
    page, asked = open_stage(), some_directions()
    options = {"amount": -6, "aspect": 16 / 9, "seconds": 5, "seed": 77}

    moves = page.evaluate(EXPAND, [[name, options] for name in PRESETS])
    left = page.evaluate(IGNORED, [[direction.to_json() for direction in asked], INPUTS])

    for name, curves in zip(PRESETS, moves, strict=True):
        wanted = expand(name, **options).curves
        assert set(curves) == {dial for dial, curve in wanted.items() if curve}
        for dial, keys in curves.items():
            assert [key["ease"] for key in keys] == [key.ease for key in wanted[dial]]
            found = [(key["t"], key["v"]) for key in keys]
            assert np.abs(np.array(found) - [(key.t, key.v) for key in wanted[dial]]).max() < 1e-6
    assert left == [[list(ignored(direction, inputs)) for inputs in INPUTS] for direction in asked]


def field(page):
    return Direction.from_json(json.loads(page.locator("input[name=direction]").input_value()))


def pixels(page):
    return page.locator(".animatic__canvas").evaluate("canvas => canvas.toDataURL()")


def drag(page, place, by):
    """Press on the middle of an element and move by so many pixels."""
    box = place.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0] / 2, y + by[1] / 2)
    page.mouse.move(x + by[0], y + by[1])


def test_dragging_a_dial_moves_the_picture_while_it_is_held_and_fills_the_field(open_stage):
    page = open_stage()
    pan = page.get_by_label("Pan", exact=True)
    pan.scroll_into_view_if_needed()
    before, was = pixels(page), field(page)

    drag(page, pan, (40, 0))

    expect(page.locator("animatic-marks")).to_have_attribute("data-quiet", "")  # it plays while held
    seen = {pixels(page) for _ in range(4)}
    page.mouse.up()
    value = float(pan.input_value())
    assert value > 2
    assert len(seen | {before}) > 2
    assert not was.camera.pan
    assert [key.v for key in field(page).camera.pan] == [0, value]
    expect(page.locator("animatic-marks:not([data-quiet])")).to_be_attached(
        timeout=15_000
    )  # and comes to rest
    assert pixels(page) != before  # where the last frame will stand is drawn


def test_without_motion_a_dial_shows_its_own_moment_and_nothing_plays(open_stage):
    page = open_stage(reduced_motion="reduce")
    before = pixels(page)
    tilt = page.get_by_label("Tilt", exact=True)
    tilt.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")

    assert page.locator("animatic-marks[data-quiet]").count() == 0
    assert page.locator(".timeline-now").inner_text() == "0:04.00"
    assert pixels(page) != before
    assert field(page).camera.tilt[-1].v == pytest.approx(0.5)
    page.keyboard.press("Tab")
    expect(page.locator(".timeline-now")).to_have_text("0:00.00")


def test_the_keyboard_moves_boxes_regions_arrows_and_keys(open_stage):
    page = open_stage(reduced_motion="reduce")
    box = page.get_by_role("button", name="red balloon, ")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert field(page).boxes[0].keys[0].box == pytest.approx((0.17, 0.35, 0.28, 0.61))
    page.keyboard.press("Tab")  # to its corner
    page.keyboard.press("ArrowLeft")
    assert field(page).boxes[0].keys[0].box == pytest.approx((0.17, 0.35, 0.27, 0.61))

    page.get_by_label("Position in the shot").focus()
    page.keyboard.press("Shift+ArrowRight")  # half a second on
    box.focus()
    page.keyboard.press("ArrowUp")
    assert [key.t for key in field(page).boxes[0].keys] == pytest.approx([0, 0.125, 1])

    page.get_by_role("button", name="sun. Arrow keys").focus()
    page.keyboard.press("ArrowLeft")
    assert field(page).strokes[0].points[0] == pytest.approx((0.65, 0.21))
    page.get_by_role("button", name="Where sun goes").focus()
    page.keyboard.press("ArrowUp")
    assert field(page).strokes[0].push[1] < 0.4

    page.get_by_role("button", name="Truck: 2.5 at 0:04.00").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    last = field(page).camera.truck[-1]
    assert (last.v, last.t) == (pytest.approx(2.6), pytest.approx(1 - 1 / 96, abs=1e-4))
    page.get_by_label("To the next key").select_option("hold")
    assert field(page).camera.truck[-1].ease == "hold"

    box.focus()
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Box", exact=True)).to_be_focused()
    assert not field(page).boxes
    page.get_by_role("button", name="Undo").click()
    assert field(page).boxes[0].noun == "red balloon"


def test_boxes_regions_and_paths_are_drawn_by_hand(open_stage):
    page = open_stage(reduced_motion="reduce")
    page.get_by_role("button", name="Box", exact=True).click()
    assert field(page).boxes[1].noun == "", "no word that nobody chose gets into a prompt"
    page.keyboard.type("kite")
    drag(page, page.get_by_role("button", name="kite, "), (60, -30))
    page.mouse.up()
    kite = field(page).boxes[1]
    assert (kite.noun, len(kite.keys)) == ("kite", 1)
    assert kite.keys[0].box[0] > 0.42

    page.get_by_role("button", name="Brush").click()
    stage = page.locator(".animatic__canvas").bounding_box()
    page.mouse.move(stage["x"] + 0.2 * stage["width"], stage["y"] + 0.85 * stage["height"])
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(
            stage["x"] + (0.2 + 0.03 * step) * stage["width"], stage["y"] + 0.85 * stage["height"]
        )
    page.mouse.up()
    painted = field(page).strokes[1]
    assert len(painted.points) == 6
    assert painted.points[-1] == pytest.approx((0.35, 0.85), abs=0.01)
    assert painted.push == (2, 0)

    page.get_by_role("button", name="Outline").click()
    sweep(page, stage, [(0.6, 0.75), (0.75, 0.75), (0.75, 0.92), (0.6, 0.92)])
    outlined = field(page).strokes[2]
    assert (outlined.radius, len(outlined.points)) == (0, 4)
    page.get_by_role("button", name="Remove region").click()
    page.get_by_role("button", name="Region 2. Arrow").focus()

    page.get_by_role("button", name="Draw its path").click()
    sweep(page, stage, [(0.2 + 0.05 * step, 0.8) for step in range(9)])
    path = field(page).strokes[1].path
    assert (path[0].t, path[-1].t) == (0, 1)
    assert path[-1].x - path[0].x == pytest.approx(0.4, abs=0.02)

    page.get_by_role("button", name="Orbit").click()
    assert field(page).camera == Direction.from_json({"camera": {"curves": orbit(page)}}).camera
    page.get_by_role("button", name="Lock").click()
    assert field(page).camera.lock


def sweep(page, stage, points):
    """Draw through points of the stage, 0..1."""
    for number, (x, y) in enumerate(points):
        page.mouse.move(stage["x"] + x * stage["width"], stage["y"] + y * stage["height"])
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def test_pictures_references_and_a_clip_are_chosen_from_what_is_offered(open_stage):
    page = open_stage(reduced_motion="reduce")
    page.get_by_text("Pictures and clips").click()
    before = pixels(page)

    page.get_by_role("button", name="Place A lit board at 0:00.00").click()
    expect(page.locator(".pictures__keys li")).to_have_count(1)
    page.get_by_label("A lit board, 0:00.00").fill("0.5")
    page.get_by_role("button", name="Keep to A lit board").click()
    page.get_by_label("Draw over").select_option("take-3")

    page.get_by_label("What A lit board shows", exact=True).select_option("prop")
    page.get_by_label("Name of what A lit board shows").fill("a lit board")
    page.get_by_label("Drawn anew").select_option("around")

    asked = field(page)
    assert [(one.kind, one.name) for one in asked.references] == [("prop", "a lit board")]
    assert asked.source.redraw == "around"
    assert [(key.t, key.still, key.strength) for key in asked.keyframes] == [(0, "a" * 64, 0.5)]
    assert [one.still for one in asked.references] == ["a" * 64]
    assert (asked.source.clip, asked.source.strength) == ("take-3", 0.6)
    assert pixels(page) != before
    page.get_by_role("button", name="Remove A lit board at 0:00.00").click()
    assert not field(page).keyframes


def orbit(page):
    options = {"amount": 4, "aspect": 16 / 9, "seconds": 4, "seed": 1}
    return page.evaluate(EXPAND, [["orbit", options]])[0]


@pytest.mark.parametrize("theme", ["night", "paper"])
def test_axe_finds_nothing_and_a_telephone_scrolls_no_sideways(theme, open_stage):
    page = open_stage(theme, viewport={"width": 360, "height": 740}, has_touch=True, reduced_motion="reduce")
    page.get_by_role("button", name="sun", exact=True).tap()
    page.get_by_role("button", name="Truck: 2.5 at").focus()

    page.evaluate(SCRIPT.read_text())
    result = page.evaluate("rules => axe.run('shot-animatic', {runOnly: rules})", RULES)

    assert [found["id"] for found in result["violations"]] == []
    assert len(result["passes"]) > 10
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_without_scripts_the_camera_has_fields(open_stage):
    page = open_stage(java_script_enabled=False)

    assert page.get_by_label("Truck left to right").input_value() == "2.5"
    assert page.get_by_label("Zoom out to in").input_value() == "0"
    expect(page.get_by_label("The camera stands still")).not_to_be_checked()


def test_a_finger_drags_a_box(open_stage):
    page = open_stage(viewport={"width": 360, "height": 740}, has_touch=True, reduced_motion="reduce")
    body = page.get_by_role("button", name="red balloon, ")
    body.scroll_into_view_if_needed()
    before, box = field(page).boxes[0].keys[0].box, body.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.7

    finger = page.context.new_cdp_session(page)
    for kind, points in [("Start", [(x, y)]), ("Move", [(x + 16, y)]), ("Move", [(x + 33, y)]), ("End", [])]:
        touches = [{"x": px, "y": py} for px, py in points]
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touches})

    after = field(page).boxes[0].keys[0].box
    assert after[0] - before[0] == pytest.approx(0.1, abs=0.02)
    assert after[1] == pytest.approx(before[1], abs=0.005)
