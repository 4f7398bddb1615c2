"""The drawing programme as an engine: honest about what it is, and the same picture each time."""

import json
from dataclasses import replace

import numpy as np
import pytest

from generation.engines import registry, scenes
from generation.engines.base import EngineProblem
from generation.sketch.scenes.seeing import camera_seen, move_seen

SMALL = replace(scenes.CARD, sizes={"16:9": (128, 72), "9:16": (72, 128)}, fps=8, shortest_s=0.5, steps=4)


@pytest.fixture
def root(tmp_path):
    """A root of engines with nothing but a small edition of the drawing programme."""
    scenes.build(tmp_path / "scenes", card=SMALL)
    return tmp_path


def asked(card, prompt, *, seed=1, seconds=2.0, aspect="16:9"):
    return card.brief(prompt=prompt, seconds=seconds, aspect=aspect, seed=seed)


def drawn(root, prompt, **wish) -> np.ndarray:
    engine = registry.load(root, "scenes")
    return engine.draw(asked(engine.card, prompt, **wish), on_step=lambda _step: None)


def test_a_folder_with_a_card_alone_is_an_engine_that_says_it_is_no_ai(root):
    assert [path.name for path in (root / "scenes").iterdir()] == ["engine.json"]
    card = registry.cards(root)["scenes"]

    assert card.procedural and not card.random_weights
    assert "not AI" in card.summary
    assert len(card.revision) == 16


def test_the_card_that_ships_keeps_the_rules_of_cards():
    assert scenes.CARD.gaps() == ""
    for aspect in scenes.CARD.sizes:
        brief = scenes.CARD.brief(prompt="a boat", seconds=6, aspect=aspect, seed=0)
        assert scenes.CARD.why_not(brief) == ""
        assert 5.8 < brief.duration_s < 6.2


@pytest.mark.parametrize(("family", "procedural"), [("scenes", False), ("wan", True)])
def test_only_a_drawing_programme_may_call_itself_one(root, family, procedural):
    card = replace(SMALL, family=family, procedural=procedural)
    (root / "scenes/engine.json").write_text(card.to_json())

    (only,) = registry.listings(root)
    assert only.problem == "Its card must say “procedural” when a programme draws, and only then."


def test_a_model_without_its_pipeline_is_listed_with_what_is_wrong(root):
    card = replace(SMALL, family="wan", procedural=False)
    (root / "scenes/engine.json").write_text(card.to_json())

    (only,) = registry.listings(root)
    assert only.problem == "Its model_index.json cannot be read."


def test_the_same_brief_gives_the_same_pixels_and_another_seed_others(root):
    first, again = drawn(root, "a red boat"), drawn(root, "a red boat")

    assert first.shape == (17, 72, 128, 3) and first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, drawn(root, "a red boat", seed=2))


def test_it_draws_what_was_asked(root):
    film = drawn(root, "a huge red balloon, standing still, by day in the hills, pan right")
    red, green, blue = np.moveaxis(film[8].astype(int), -1, 0)

    assert move_seen(camera_seen(film)) == "pan-right"
    assert ((red > 150) & (red > 2 * green) & (red > 2 * blue)).mean() > 0.04
    assert drawn(root, "the sea at night").mean() < 90 < drawn(root, "the sea by day").mean()


def steered(root, prompt, *, pictures=None, **given):
    engine = registry.load(root, "scenes")
    brief = engine.card.brief(prompt=prompt, seconds=2, aspect="16:9", seed=1, **given)
    return engine.draw(brief, on_step=lambda step: None, **(pictures or {}))


def middle_of_red(frame) -> tuple[float, float]:
    """Where the red things of a frame have their middle, x and y in 0..1."""
    red, green, blue = np.moveaxis(frame.astype(int), -1, 0)
    y, x = np.nonzero((red > 140) & (red > 1.8 * green) & (red > 1.8 * blue))
    return x.mean() / frame.shape[1], y.mean() / frame.shape[0]


def test_the_camera_goes_where_its_path_goes(root):
    path = [(0.3 * f / 16, 0, 0) for f in range(17)]

    assert (
        move_seen(camera_seen(steered(root, "the hills by day, static camera", camera=path))) == "pan-right"
    )
    assert move_seen(camera_seen(steered(root, "the hills by day, pan left", camera=path))) == "pan-right"


def test_a_box_takes_the_subject_along(root):
    way = [(0.05 + 0.5 * f / 16, 0.3, 0.35 + 0.5 * f / 16, 0.8) for f in range(17)]
    film = steered(root, "a red balloon in the hills by day", boxes=[way])

    (x0, y0), (x1, _) = middle_of_red(film[0]), middle_of_red(film[16])
    assert abs(x0 - 0.2) < 0.05 and abs(x1 - 0.7) < 0.05 and 0.3 < y0 < 0.8


def test_a_stroke_carries_the_nearest_subject_as_far_as_it_goes(root):
    words = "a red balloon, standing still, in the hills by day"
    still = steered(root, words)
    x, y = middle_of_red(still[0])
    way = [(x, y + 0.2 * f / 16) for f in range(17)]

    film = steered(root, words, strokes=[way])

    assert abs(middle_of_red(film[16])[1] - middle_of_red(film[0])[1] - 0.2) < 0.04
    assert abs(middle_of_red(still[16])[1] - middle_of_red(still[0])[1]) < 0.02


def test_it_begins_and_ends_with_stills_that_dissolve(root):
    dark, bright = np.full((72, 128, 3), 9, np.uint8), np.full((72, 128, 3), 250, np.uint8)
    plain = steered(root, "a boat on the sea")

    film = steered(root, "a boat on the sea", first="a", last="b", pictures={"first": dark, "last": bright})

    assert (film[0] == dark).all() and (film[-1] == bright).all()
    assert (film[8] == plain[8]).all()
    assert film[1].mean() < plain[1].mean() and film[-2].mean() > plain[-2].mean()


def test_it_goes_on_from_the_last_frame_of_a_clip(root):
    before = steered(root, "a boat on the sea")

    film = steered(root, "a boat on the sea", extend="a", pictures={"extend": before})

    assert (film[0] == before[-1]).all()


def test_takes_side_by_side_are_each_as_alone_and_show_what_is_drawn_so_far(root):
    engine, seen = registry.load(root, "scenes"), []
    briefs = [asked(engine.card, words, seed=seed) for words, seed in (("a boat", 1), ("a fish", 2))]

    clips = engine.draw_many(briefs, on_step=lambda step, latents: seen.append(latents().shape))

    solos = [engine.draw(brief, on_step=lambda step: None) for brief in briefs]
    assert all(np.array_equal(clip, solo) for clip, solo in zip(clips, solos, strict=True))
    assert seen == [(2, 5, 72, 128, 3), *[(2, 8, 72, 128, 3)] * 3]


def test_a_portrait_is_drawn_upright(root):
    assert drawn(root, "a kite", aspect="9:16", seconds=1).shape == (9, 128, 72, 3)


def test_each_step_is_told_and_may_stop_the_work(root):
    engine, steps = registry.load(root, "scenes"), []
    brief = asked(engine.card, "a fish")
    engine.draw(brief, on_step=steps.append)

    def stop(step):
        raise InterruptedError

    assert steps == [0, 1, 2, 3]
    with pytest.raises(InterruptedError):
        engine.draw(brief, on_step=stop)


def test_a_brief_against_the_card_is_refused(root):
    engine = registry.load(root, "scenes")

    with pytest.raises(EngineProblem, match=r"draws 0\.5 to 6 seconds"):
        engine.draw(replace(asked(engine.card, "a fish"), frames=97), on_step=print)


def test_a_programme_that_changed_since_it_was_installed_says_so(root):
    facts = json.loads((root / "scenes/engine.json").read_text())
    (root / "scenes/engine.json").write_text(json.dumps({**facts, "revision": "0" * 16}))

    with pytest.raises(EngineProblem, match="engines scenes"):
        drawn(root, "a fish")


def test_its_software_names_what_pixels_depend_on(root):
    software = registry.load(root, "scenes").software()

    assert software == f"Marquee Scenes {scenes.revision()}, numpy {np.__version__}"
