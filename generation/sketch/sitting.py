"""One sitting of a training that takes many: averaged weights, the state to resume from, the log, the hour.

A sitting that is killed loses at most the minutes since its last save, and the next one goes on with the
same step: what a step sees depends on its number alone.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
import torch.distributed as dist
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from generation.sketch.config import Config, Fit
from generation.sketch.optim import Optimiser

FALLING = 0.25  # the share of all steps over which the learning rate goes down to nothing
T = TypeVar("T")
SAVE_EVERY_S = 300.0
PUBLISH_EVERY = 3  # saves: judging and publishing cost as much as a few dozen steps
LOG_EVERY = 50


@dataclass(frozen=True)
class Place:
    """Where a training keeps its things, how long it may last, and which of its processes this is.

    On a busy machine two processes of one thread each get on better than one of two threads, which wait for
    each other at every operation.

    Args:
        until: `time.time()` at which to stop, None to go on to the last step.
        meeting: the file by which the processes find each other.
    """

    config: Config
    work: Path
    until: float | None = None
    rank: int = 0
    processes: int = 1
    meeting: Path | None = None

    @property
    def weights(self) -> Path:
        return self.work / self.config.name / "weights"

    def state(self, part: str) -> Path:
        return self.work / self.config.name / f"{part}.safetensors"

    @property
    def crew(self) -> dict[str, Any]:
        """What an `Optimiser` is told of the processes."""
        return {"rank": self.rank, "processes": self.processes, "add_up": self.add_up}

    def join(self) -> None:
        if self.processes > 1 and not dist.is_initialized():
            dist.init_process_group(
                "gloo",
                init_method=f"file://{self.meeting}",
                rank=self.rank,
                world_size=self.processes,
                timeout=timedelta(days=1),  # one may encode or judge for an hour while the others wait
            )

    def share(self, batch: int) -> int:
        """How many clips of a step this process sees."""
        return max(1, batch // self.processes)

    def wait(self) -> None:
        """Until all processes have come this far."""
        if self.processes > 1:
            dist.barrier()

    def agree(self, parameters: list[Tensor], stop: bool) -> bool:
        """Average the gradients over all processes; returns whether any of them wants to stop."""
        wants = torch.tensor(float(stop))
        gradients = [p.grad for p in parameters if p.grad is not None]
        self.add_up([*gradients, wants])
        for gradient in gradients:
            gradient.div_(self.processes)
        return bool(wants > 0)

    def add_up(self, tensors: list[Tensor]) -> None:
        """Put the sum over all processes in place of each tensor."""
        if self.processes == 1:
            return
        flat = torch.cat([tensor.flatten().float() for tensor in tensors])
        dist.all_reduce(flat)
        for tensor, piece in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
            tensor.copy_(piece.view_as(tensor))


@dataclass
class Sitting:
    """What is trained and how far it is.

    Args:
        modules: by name; their parameters are stepped, averaged and kept together.
        judge: figures for the log at each save, with the averaged weights in place.
        publish: called after each save with the averaged weights in place.
    """

    name: str
    place: Place
    fit: Fit
    modules: dict[str, nn.Module]
    optimiser: Optimiser
    judge: Callable[[], dict[str, float]] = dict
    publish: Callable[[], None] = lambda: None
    step: int = 0
    trained_s: float = 0.0
    fresh: int = 0  # the step at which the optimiser began anew, and warms up again
    averages: dict[str, Tensor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.averages = {name: p.detach().clone() for name, p in self.parameters()}
        self.state = self.place.state(self.name)
        self.log = self.place.weights / "training.jsonl"

    @property
    def done(self) -> bool:
        return self.step >= self.fit.steps

    def parameters(self) -> Iterator[tuple[str, Tensor]]:
        for part, module in self.modules.items():
            for name, p in module.named_parameters():
                yield f"{part}.{name}", p

    def resume(self) -> bool:
        """Take up the state that the last sitting left, if it fits; returns whether there was one."""
        if not self.state.exists():
            return False
        with safe_open(self.state, "pt") as kept:
            facts = kept.metadata()
            tensors = {key: kept.get_tensor(key) for key in kept.keys()}  # noqa: SIM118 (no mapping)
        for name, p in self.parameters():
            p.data.copy_(tensors[f"weight/{name}"])
            self.averages[name].copy_(tensors[f"average/{name}"])
        moments = {key.removeprefix("moment/"): t for key, t in tensors.items() if key.startswith("moment/")}
        self.optimiser.state = {key: t.to(p.device) for key, t in moments.items()}
        self.step, self.trained_s = int(facts["step"]), float(facts["trained_s"])
        self.optimiser.steps, self.fresh = int(facts["optimiser_steps"]), int(facts["fresh"])
        self._forget_lost_steps()
        return True

    def _forget_lost_steps(self) -> None:
        """Drop from the log what was trained after the save that is taken up."""
        if self.place.rank or not self.log.exists():
            return
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        kept = [line for line in lines if line["part"] != self.name or line["step"] <= self.step]
        self.log.write_text("".join(json.dumps(line) + "\n" for line in kept))

    def begin_from_published(self, step: int, trained_s: float) -> None:
        """Go on from averaged weights alone, already in the modules: the optimiser begins anew."""
        self.step, self.trained_s, self.fresh = step, trained_s, step
        self.averages = {name: p.detach().clone() for name, p in self.parameters()}

    def run(self, loss_of: Callable[[int], dict[str, Tensor]]) -> None:
        """Train until the last step or the hour.

        Args:
            loss_of: from the number of a batch to "loss" and what else to log.
        """
        self.place.join()
        parameters = [p for _, p in self.parameters()]
        last_save = began = time.time()
        before, first, saves = self.trained_s, self.step, 0
        sums: dict[str, list[float]] = {}
        stop = bool(self.place.until and time.time() >= self.place.until)
        while not self.done and not stop:
            found = loss_of(self.step * self.place.processes + self.place.rank)
            found["loss"].backward()
            late = bool(self.place.until and time.time() >= self.place.until)
            stop = self.place.agree(parameters, late)
            self.optimiser.step(self.factor())
            self.step += 1
            self._average()
            self.trained_s = before + time.time() - began
            for key, value in found.items():
                sums.setdefault(key, []).append(float(value.detach()))
            if self.step % LOG_EVERY == 0 or self.done:
                self.note(**{key: round(sum(values) / len(values), 5) for key, values in sums.items()})
                sums = {}
            if time.time() - last_save > SAVE_EVERY_S:
                saves += 1
                self.save(publish=saves % PUBLISH_EVERY == 0)
                last_save = time.time()
        if self.step > first:
            self.save()
        self.place.wait()

    def factor(self) -> float:
        """The learning rate's factor now: up after a beginning, level, then down over the last quarter."""
        up = min(1.0, (self.step - self.fresh + 1) / self.fit.warmup)
        down = min(1.0, (self.fit.steps - self.step) / (self.fit.steps * FALLING))
        return up * down

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.fit.ema, (1 + self.step) / (10 + self.step))
        named = dict(self.parameters())
        torch._foreach_lerp_(list(self.averages.values()), [named[name] for name in self.averages], 1 - decay)

    def note(self, **figures: Any) -> None:
        """Add a line to the training log."""
        if self.place.rank:
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        line = {"part": self.name, "step": self.step, "trained_s": round(self.trained_s), **figures}
        with self.log.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def save(self, publish: bool = True) -> None:
        """Write the whole state by a rename; judge and publish the averaged weights if wanted."""
        if self.place.rank:
            return
        tensors = {f"moment/{key}": t for key, t in self.optimiser.state.items()}
        for name, p in self.parameters():
            tensors[f"weight/{name}"] = p.detach().contiguous()
            tensors[f"average/{name}"] = self.averages[name].contiguous()
        tensors = {key: t.cpu().contiguous() for key, t in tensors.items()}
        facts = {"step": self.step, "trained_s": self.trained_s, "fresh": self.fresh}
        facts["optimiser_steps"] = self.optimiser.steps
        self.state.parent.mkdir(parents=True, exist_ok=True)
        part = self.state.with_suffix(".tmp")
        save_file(tensors, part, {key: str(value) for key, value in facts.items()})
        os.replace(part, self.state)
        if not publish:
            return
        with self.averaged():
            if figures := self.judge():
                self.note(**{key: round(value, 3) for key, value in figures.items()})
            self.publish()

    def averaged(self) -> "_Averaged":
        """While open, the modules hold the averaged weights."""
        return _Averaged(self)


class Ahead(Generic[T]):
    """Makes the batch of the next step in a thread while this step's is learnt from.

    Args:
        make: from the number of a batch to the batch.
        stride: from one number to the next that is asked for.
    """

    def __init__(self, make: Callable[[int], T], stride: int):
        self.make, self.stride = make, stride
        self.threads = ThreadPoolExecutor(1)
        self.waiting: dict[int, Future[T]] = {}

    def __call__(self, number: int) -> T:
        now = self.waiting.pop(number, None) or self.threads.submit(self.make, number)
        found = now.result()
        self.waiting = {number + self.stride: self.threads.submit(self.make, number + self.stride)}
        return found


class _Averaged:
    def __init__(self, sitting: Sitting):
        self.sitting = sitting

    def __enter__(self) -> None:
        self._swap()

    def __exit__(self, *_: object) -> None:
        self._swap()

    @torch.no_grad()
    def _swap(self) -> None:
        for name, p in self.sitting.parameters():
            kept = p.detach().clone()
            p.copy_(self.sitting.averages[name])
            self.sitting.averages[name].copy_(kept)
