"""Sittings: stopped and resumed is the same as never stopped; averages; who steps what."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import partial

import pytest
import torch

from generation.sketch.config import TINY, Fit

pytestmark = pytest.mark.xdist_group("torch")

from generation.sketch.optim import Optimiser, orthogonal  # noqa: E402 (torch may be absent)
from generation.sketch.sitting import Place, Sitting  # noqa: E402

FIT = Fit(steps=8, batch=4, frames=1, muon=0.01, adam=0.01, ema=0.9, warmup=2)


def make_sitting(work):
    """A small regression: its batches depend on the step alone."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Tanh(), torch.nn.Linear(5, 3))
    optimiser = Optimiser(model.named_parameters(), muon=FIT.muon, adam=FIT.adam, plainly=("2.",))
    return Sitting("small", Place(TINY, work), FIT, {"model": model}, optimiser)


def loss_of(sitting, stop_at=None):
    model = sitting.modules["model"]

    def loss(number):
        if number == stop_at:
            raise KeyboardInterrupt
        x = torch.randn(4, 6, generator=torch.Generator().manual_seed(number))
        return {"loss": (model(x) - x[:, :3]).square().mean()}

    return loss


def test_a_sitting_that_was_broken_off_ends_like_one_that_was_not(tmp_path):
    whole = make_sitting(tmp_path / "whole")
    whole.run(loss_of(whole))

    first = make_sitting(tmp_path / "parts")
    with pytest.raises(KeyboardInterrupt):
        first.run(loss_of(first, stop_at=5))
    first.save()
    second = make_sitting(tmp_path / "parts")
    second.note(loss=0.1)
    lost = json.loads(second.log.read_text()) | {"step": 7}
    second.log.write_text(second.log.read_text() + json.dumps(lost) + "\n")  # trained, and not saved
    assert second.resume()
    assert (second.step, second.done) == (5, False)
    assert [json.loads(line)["step"] for line in second.log.read_text().splitlines()] == [0]
    second.run(loss_of(second))

    assert second.done
    for (name, expected), (_, found) in zip(whole.parameters(), second.parameters(), strict=True):
        torch.testing.assert_close(found, expected, msg=name)
        torch.testing.assert_close(second.averages[name], whole.averages[name], msg=name)


def test_a_sitting_after_its_hour_does_nothing_and_writes_nothing(tmp_path):
    """So that `--hours 0 --ship` ships what is there, even beside a sitting that goes on."""
    sitting = make_sitting(tmp_path)
    sitting.place = Place(TINY, tmp_path, until=1.0)
    sitting.run(loss_of(sitting))

    assert sitting.step == 0
    assert not sitting.state.exists()


def test_the_log_tells_step_seconds_and_mean_loss(tmp_path):
    sitting = make_sitting(tmp_path)
    sitting.run(loss_of(sitting))

    line = json.loads(sitting.log.read_text().splitlines()[0])
    assert line["part"] == "small"
    assert line["step"] == 8
    assert 0 < line["loss"] < 5


def test_the_averaged_weights_stand_in_only_while_asked_for(tmp_path):
    sitting = make_sitting(tmp_path)
    sitting.run(loss_of(sitting))
    weights = {name: p.detach().clone() for name, p in sitting.parameters()}

    with sitting.averaged():
        inside = {name: p.detach().clone() for name, p in sitting.parameters()}

    assert all(torch.equal(p, weights[name]) for name, p in sitting.parameters())
    assert any(not torch.equal(inside[name], weights[name]) for name in weights)


def test_the_rate_goes_up_stays_and_comes_down(tmp_path):
    sitting = make_sitting(tmp_path)
    factors = []
    for sitting.step in range(FIT.steps):
        factors.append(sitting.factor())

    assert factors == [0.5, 1, 1, 1, 1, 1, 1, 0.5]


def test_muon_takes_matrices_and_leaves_the_rest():
    model = torch.nn.Sequential(torch.nn.Conv3d(3, 4, 3), torch.nn.Linear(4, 1), torch.nn.Linear(4, 4))
    optimiser = Optimiser(model.named_parameters(), muon=1e-3, adam=1e-3, plainly=("2.",))

    assert optimiser.matrices == {"0.weight"}  # a row alone is no matrix, and 2 was named


def test_a_muon_step_has_singular_values_about_one():
    matrix = torch.randn(6, 30, generator=torch.Generator().manual_seed(3))
    values = torch.linalg.svdvals(orthogonal(matrix))

    assert float(values.min()) > 0.6
    assert float(values.max()) < 1.3


def test_processes_that_share_the_matrices_step_as_one_alone(tmp_path):
    first = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Linear(8, 5), torch.nn.Linear(5, 7))

    def stepped(**crew):
        model = deepcopy(first)
        optimiser = Optimiser(model.named_parameters(), muon=0.01, adam=0.01, plainly=("2.",), **crew)
        for step in range(3):
            for number, p in enumerate(model.parameters()):
                p.grad = torch.sin(torch.arange(p.numel()) + step + number).view_as(p)
            optimiser.step()
        return model.state_dict()

    meeting, brought = threading.Barrier(2), {}

    def add_up(tensors, rank):
        brought[rank] = [tensor.clone() for tensor in tensors]
        meeting.wait(30)
        for tensor, one, other in zip(tensors, brought[0], brought[1], strict=True):
            tensor.copy_(one + other)
        meeting.wait(30)

    crews = [{"rank": r, "processes": 2, "add_up": partial(add_up, rank=r)} for r in range(2)]
    with ThreadPoolExecutor(2) as pool:
        pair = list(pool.map(lambda crew: stepped(**crew), crews))

    alone = stepped()
    assert all(torch.equal(one[name], alone[name]) for one in pair for name in alone)
