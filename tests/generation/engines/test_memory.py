"""The ladder out of memory: which rungs are climbed, and that the engine is put back."""

import numpy as np
import pytest

from generation.engines import memory
from tests.generation.makers import make_brief
from tests.generation.tight import CARD, TightEngine

pytestmark = pytest.mark.xdist_group("torch")


@pytest.fixture
def engine(tmp_path, monkeypatch):
    monkeypatch.setattr(TightEngine, "calls", [])
    return TightEngine(tmp_path, CARD)


def draw(engine, takes, *, forgotten=None):
    briefs = [make_brief(engine="tight", seed=n) for n in range(takes)]

    def call(begin, end):
        return engine.draw_many(briefs[begin:end], on_step=lambda step: None)

    return memory.draw(engine, briefs, call, forget=lambda: forgotten is not None and forgotten.append(1))


def budget(monkeypatch, units):
    monkeypatch.setattr(TightEngine, "budget", units)


def test_with_enough_memory_nothing_is_eased(engine):
    drawn, eased = draw(engine, 4)

    assert (len(drawn), eased, engine.calls) == (4, "", [[0, 1, 2, 3]])
    assert [int(clip[0, 0, 0, 0]) for clip in drawn] == [0, 1, 2, 3]


def test_a_full_cache_is_freed_first(engine, monkeypatch):
    monkeypatch.setattr(TightEngine, "cached", 95.0)

    _, eased = draw(engine, 1)

    assert (eased, engine.pipe().vae.tiled) == ("", False)


def test_then_it_is_decoded_in_tiles_and_the_next_job_is_not(engine, monkeypatch):
    budget(monkeypatch, 7)

    _, eased = draw(engine, 1)

    assert (eased, engine.calls) == ("decoded in tiles", [[0]])
    assert engine.pipe().vae.tiled is False


def test_then_the_batch_is_halved_and_what_is_drawn_is_not_drawn_again(engine, monkeypatch):
    budget(monkeypatch, 8)

    drawn, _ = draw(engine, 4)

    assert engine.calls == [[0, 1], [2, 3]]
    assert [int(clip[0, 0, 0, 0]) for clip in drawn] == [0, 1, 2, 3]


def test_a_batch_is_halved_until_one_is_left(engine, monkeypatch):
    budget(monkeypatch, 6)

    draw(engine, 4)

    assert engine.calls == [[0], [1], [2], [3]]


def test_then_parts_are_loaded_in_turn_and_the_engine_is_thrown_away(engine, monkeypatch):
    budget(monkeypatch, 4)
    forgotten = []

    _, eased = draw(engine, 1, forgotten=forgotten)

    assert (eased, forgotten) == ("decoded in tiles, parts loaded in turn", [1])


def test_what_never_fits_asks_for_something_smaller(engine, monkeypatch):
    budget(monkeypatch, 2)
    forgotten = []

    with pytest.raises(memory.TooLarge, match=r"for 64 × 48 pixels over 0\.625 seconds"):
        draw(engine, 2, forgotten=forgotten)

    assert (engine.calls, forgotten, engine.pipe().vae.tiled) == ([], [1], False)


def test_another_fault_is_not_mistaken_for_memory(engine):
    def call(begin, end):
        raise ValueError("no such thing")

    with pytest.raises(ValueError, match="no such thing"):
        memory.draw(engine, [make_brief()], call, forget=lambda: None)


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (MemoryError(), True),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes."), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (KeyboardInterrupt(), False),
    ],
)
def test_what_running_out_of_memory_looks_like(error, is_one):
    assert memory.is_out_of_memory(error) is is_one


def test_an_engine_without_a_pipeline_has_fewer_rungs(monkeypatch):
    class Plain:
        pass

    tried = []

    def call(begin, end):
        tried.append((begin, end))
        if end - begin > 1:
            raise MemoryError
        return [np.zeros((1, 2, 2, 3), np.uint8)]

    memory.draw(Plain(), [make_brief(), make_brief()], call, forget=lambda: None)

    assert tried == [(0, 2), (0, 2), (0, 1), (1, 2)]
