"""Every family keeps every engine's promises; and an engine that breaks one is found out."""

from dataclasses import replace

import numpy as np
import pytest

from generation.engines import conformance, registry, scenes
from tests.generation.engines import tiny

MIB = 2**20

pytestmark = pytest.mark.xdist_group("torch")

RULES = 8


@pytest.mark.parametrize("name", tiny.MAKERS)
def test_every_family_keeps_what_engines_promise(family, name):
    engine = family(name)

    findings = conformance.check(engine)

    assert [str(finding) for finding in conformance.fails(findings)] == []
    assert len(findings) == RULES
    batch = next(finding for finding in findings if "batch" in finding.rule)
    assert batch.holds is (True if engine.card.batchable else None), batch.seen


def test_a_drawing_programme_keeps_them_too(tmp_path):
    card = scenes.build(tmp_path, card=replace(scenes.CARD, sizes={"1:1": (64, 64)}, fps=4))

    findings = conformance.check(scenes.ScenesEngine(tmp_path, card))

    assert conformance.fails(findings) == []


class Sloppy:
    """Draws something else each time, tells of steps backwards, swallows a cancel and eats memory."""

    def __init__(self, card):
        self.card = replace(card, batchable=True, memory=((16, 16, 3, 1),))
        self.drawn = 0

    def draw(self, brief, *, on_step, **pictures):
        self.drawn += 1
        for step in (2, 1, 0):
            try:
                on_step(step)
            except conformance.Cancelled:
                continue
        self.kept = np.ones(2**27, np.uint8)
        return np.full((brief.frames, brief.height, brief.width, 3), self.drawn, np.uint8)

    def draw_many(self, briefs, *, on_step, pictures):
        return [self.draw(brief, on_step=on_step) for brief in briefs]


def test_a_sloppy_engine_is_found_out_in_every_respect():
    card = replace(scenes.CARD, sizes={"1:1": (16, 16)}, fps=4, frame_step=2)

    broken = {finding.rule for finding in conformance.fails(conformance.check(Sloppy(card)))}

    assert broken == {
        "it draws what the brief says",
        "the same brief gives the same pixels",
        "progress grows step by step",
        "a cancel acts within one step and nothing is decoded",
        "a job after a cancelled one is drawn as if alone",
        "each take of a batch is drawn as if alone",
        "memory stays within the card's estimate",
    }


class Broken(Sloppy):
    def draw(self, brief, *, on_step, **pictures):
        raise ValueError("height and width have to be divisible by 32")


def test_an_engine_that_cannot_draw_is_told_of_in_its_own_words():
    (only,) = conformance.check(Broken(scenes.CARD))

    assert str(only) == (
        "FAILS: it draws what the brief says (ValueError: height and width have to be divisible by 32)"
    )


def test_wan_keeps_them_with_the_scheduler_that_its_authors_ship(family, family_root):
    from diffusers import UniPCMultistepScheduler

    engine = registry.load(family_root, family("wan").card.name)
    engine.pipe().scheduler = UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
    )

    assert conformance.fails(conformance.check(engine)) == []


class Hungry:
    """Needs so many blocks of 3 MiB at a time, beside small things that it keeps."""

    def __init__(self):
        self.kept, self.blocks = [], 0

    def draw(self, brief, *, on_step, **pictures):
        held = []
        for _ in range(self.blocks):
            held.append(np.ones(3 * MIB, np.uint8))
            self.kept.append(np.ones(MIB // 32, np.uint8))  # in the way of what would be given back
        return np.zeros((1, 2, 2, 3), np.uint8)


def test_the_peak_is_that_of_the_drawing_whatever_was_drawn_before():
    engine, found = Hungry(), []
    for engine.blocks in (4, 40, 4, 20, 4):
        found.append(conformance.peak_bytes(engine, None, {}) / MIB)

    assert found == pytest.approx([12, 120, 12, 60, 12], abs=5)  # a process has small things of its own
