"""What the queue costs over the bare pipeline, and how soon people see, stop and get what they asked for.

    python -m benchmarks.generation [--rounds 3] [--steps 50] [--weights FOLDER]

On any machine: a tiny Wan with random weights, through the real tables, worker, signer and archive, in a
folder of their own: at a size at which a usual number of steps takes more than five seconds, and, as the
hard case, in many steps that each take next to no time. It draws noise, which is the worst there is to
encode; what a job costs that draws a picture is said by the project's own small model, once it is trained.
On a card also a Wan of 1.3 thousand million random weights in bfloat16, whose numbers are those of trained
ones; without a card that part is reported as not run. What a job adds is measured within the call that it is
added to, so that a busy machine harms both alike. The table and the machine go to
benchmarks/results/generation.txt.
"""

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.parts import Parts, clocked

RESULTS = Path(__file__).parent / "results" / "generation.txt"
MOST_OVERHEAD, MOST_PREVIEWS = 3.0, 3.0  # per cent of a call of more than five seconds
DRAFTS = 4
USUAL, HARD = (400, 224), (256, 144)  # pixels; of the tiny model's calls, both of four seconds
LONG_S = 5.3  # that calls of many short steps are made to last: near five, where fixed costs weigh most


@dataclass
class Row:
    """A line of the table: what was measured, what was found, and whether it is what was wanted."""

    what: str
    found: str
    wanted: str = ""
    holds: bool | None = None

    def __str__(self) -> str:
        verdict = {True: "holds", False: "FALLS SHORT", None: ""}[self.holds]
        return f"  {self.what:46} {self.found:44} {self.wanted:16} {verdict}".rstrip()


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="marquee-generation-") as folder:
        os.environ |= {
            "MARQUEE_VAR": os.environ.get("MARQUEE_VAR", folder) if options.cold else folder,
            "DJANGO_SETTINGS_MODULE": "festival.settings",
            "LOG_LEVEL": "ERROR",
        }
        import django

        django.setup()
        if options.cold:
            return cold(options.cold)
        lines = []
        for line in map(str, report(options)):
            print(line, flush=True)
            lines.append(line)
    RESULTS.write_text("\n".join(lines) + "\n")
    return 1 if any("FALLS SHORT" in line for line in lines) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=50, help="of the tiny model in a usual call")
    parser.add_argument("--weights", type=Path, help="of the small model; those that ship, if left out")
    parser.add_argument("--cold", help=argparse.SUPPRESS)
    return parser.parse_args()


def report(options: argparse.Namespace) -> Iterator["str | Row"]:
    """The lines of the report, as they are found."""
    from benchmarks.machine import describe
    from generation.engines import noise
    from generation.engines.pipelines import device, libraries

    yield describe()
    studio = Studio()
    usual = replace(noise.CARD, name="usual", steps=options.steps, sizes={"16:9": USUAL})
    hard = replace(noise.CARD, name="hard", sizes={"16:9": HARD})
    yield libraries("float32")
    yield f"\nTiny Wan, random weights, {usual.steps} steps, {USUAL[0]} × {USUAL[1]}, 4 s"
    yield from table(studio, noise.build(studio.engines / "usual", card=usual), options.rounds)
    yield from pictures(studio, options.weights, options.rounds)
    hard = lengthened(studio, noise.build(studio.engines / "hard", card=hard))
    yield f"\nThe hard case, {hard.steps} steps, {HARD[0]} × {HARD[1]}, 4 s"
    yield from costs(studio, hard, options.rounds)
    yield "\nWan 1.3B, random weights of true size, bfloat16"
    if device() != "cuda":
        yield "  not run: there is no card here"
        return
    from benchmarks import wan13

    large = wan13.build(studio.engines / "wan13")
    yield from table(studio, large, max(options.rounds // 2, 1))
    yield from (f"  {line}" for line in wan13.backends(studio.engine(large)))


class Studio:
    """An edition, a person and the keys, in a database of their own."""

    def __init__(self):
        from django.conf import settings
        from django.core.management import call_command

        from festival.models import Edition, Person
        from festival.provenance import credentials

        call_command("migrate", verbosity=0)
        settings.GPU_ALLOWANCE_S = 1e9
        settings.JOBS_A_PERSON = 1000
        credentials.make_authority(settings.KEYS_ROOT)
        self.engines = Path(settings.ENGINES_ROOT)
        self.edition = Edition.objects.create(slug="bench", name="Bench", status=Edition.Status.OPEN)
        self.person = Person.objects.create_user("bench@example.org", name="Bench")

    def engine(self, card) -> Any:
        """The engine that the worker in this process holds."""
        from generation import drawing

        return drawing._engine(self.engines, card.name, card.revision)

    def ask(self, card, *, seed: int = 1, draft: bool = False):
        from generation import studio

        aspect, seconds = next(iter(card.sizes)), card.longest_s
        wish = {"engine": card.name, "prompt": "a boat", "seconds": seconds, "aspect": aspect, "seed": seed}
        return studio.request(self.edition, by=self.person, draft=draft, **wish)


def table(studio: Studio, card, rounds: int) -> Iterator[Row]:
    """Everything that is measured of one engine."""
    from generation.engines.pipelines import device

    yield started(card)
    job = yield from costs(studio, card, rounds)
    brief, engine = wish(card), studio.engine(card)
    yield first_preview(studio, card)
    yield cancel(studio, card, job.whole / brief.steps)
    if device() == "cuda":
        yield drafts(engine, brief, rounds)
    yield memory(engine, card, brief)
    yield estimate(job, brief)


def costs(studio: Studio, card, rounds: int) -> Generator[Row, None, Parts]:
    """What a job of this engine costs over the call of its pipeline, and which part of ours takes it."""
    work(studio.ask(card))  # loads the weights and fits the previews' map
    job = dissect(studio, card, studio.engine(card), rounds)
    yield overhead(job)
    yield from parts(job)
    yield previews(job)
    return job


def pictures(studio: Studio, weights: Path | None, rounds: int) -> Iterator["str | Row"]:
    """What a job costs that draws a picture and no noise, by the project's own small model."""
    from generation.engines import sketch

    source = weights or sketch.SHIPPED
    if not sketch.is_trained(source):
        yield "\nSketch, the project's own small model"
        yield "  not run: its training is not complete"
        return
    card = lengthened(studio, sketch.build(studio.engines / "sketch", source=source))
    (small, (width, height)), seconds = (card.native, next(iter(card.sizes.values()))), card.longest_s
    said = f"{small[0]} × {small[1]} enlarged to {width} × {height}, {seconds:g} s"
    yield f"\nSketch, its trained weights, {card.steps} steps, {said}"
    yield from costs(studio, card, rounds)


def lengthened(studio: Studio, card) -> Any:
    """The card with so many steps that a call takes more than five seconds on this machine."""
    from generation.engines import registry

    engine, brief = registry.load(studio.engines, card.name), wish(card)

    def drawing_s(steps: int) -> float:
        return timed(lambda: engine.draw(replace(brief, steps=steps), on_step=lambda *seen: None))[0]

    drawing_s(1)  # loads the weights
    few, many = 5, 25
    step_s = (drawing_s(many) - drawing_s(few)) / (many - few)
    longer = replace(card, steps=math.ceil(LONG_S / step_s))
    (studio.engines / card.name / "engine.json").write_text(longer.to_json())
    return longer


def wish(card) -> Any:
    """The brief that is asked for."""
    return card.brief(prompt="a boat", seconds=card.longest_s, aspect=next(iter(card.sizes)), seed=1)


@dataclass
class Took:
    """Medians of some rounds, in seconds."""

    wall: float
    cpu: float


def timed(doing: Callable[[], Any]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    doing()
    return time.perf_counter() - wall, time.process_time() - cpu


def median(runs: list[tuple[float, float]]) -> Took:
    return Took(*(statistics.median(values) for values in zip(*runs, strict=True)))


def work(*jobs) -> None:
    """Draw all that waits, as a worker does; the jobs must be done by then."""
    from generation import drawing
    from generation.models import Job

    while drawing.work():
        pass
    for job in jobs:
        assert Job.objects.get(pk=job.pk).status == "done", Job.objects.get(pk=job.pk).problem


def dissect(studio: Studio, card, engine, rounds: int) -> Parts:
    """The median job, taken apart: what it adds is measured within the very call it is added to."""
    from generation import drawing
    from generation.models import Job

    found = []
    for turn in range(rounds):
        job = studio.ask(card, seed=turn + 2)
        with clocked(engine) as parts:
            parts.whole = timed(drawing.work)[0]
        assert Job.objects.get(pk=job.pk).status == "done", Job.objects.get(pk=job.pk).problem
        found.append(parts)
    return sorted(found, key=lambda parts: parts.ours / parts.pipeline)[len(found) // 2]


def overhead(parts: Parts) -> Row:
    share = 100 * parts.ours / parts.pipeline
    found = f"{parts.ours:.2f} s over {parts.pipeline:.2f} s of the pipeline: {share:.1f} %"
    held = share <= MOST_OVERHEAD if parts.pipeline >= 5 else None
    return Row("a whole job over the bare call", found, f"≤ {MOST_OVERHEAD:g} % over 5 s", held)


def parts(job: Parts) -> Iterator[Row]:
    """What is ours of a job, part by part."""
    film = {"encoded": job.encode, "poster": job.poster, "signed": job.sign, "read back": job.read}
    queue = {"beats": job.beats, "previews": job.previews, "its row": job.keep, "the rest": job.rest}
    for what, said in (("its film's file", film), ("its queue", queue)):
        share = 100 * sum(said.values()) / job.pipeline
        took = ", ".join(f"{name} {1000 * seconds:.0f}" for name, seconds in said.items())
        yield Row(f"  of that, in ms: {what}, {share:.1f} %", took)


def previews(parts: Parts) -> Row:
    share = 100 * parts.previews / parts.whole
    found = f"{1000 * parts.previews:.0f} ms, {share:.2f} % of the job"
    return Row("previews", found, f"< {MOST_PREVIEWS:g} %", share < MOST_PREVIEWS)


def first_preview(studio: Studio, card) -> Row:
    from generation import showing as room

    job, seen, show = studio.ask(card, seed=77), [], room.show
    began = time.perf_counter()

    def noting(job, strip):
        show(job, strip)
        seen.append(time.perf_counter() - began)

    room.show = noting
    try:
        work(job)
    finally:
        room.show = show
    return Row("ring to the first preview, engine loaded", f"{seen[0]:.2f} s, {len(seen)} in all")


def cancel(studio: Studio, card, step_s: float) -> Row:
    """From pressing Cancel to the worker being free for another."""
    from django.db import connection

    from generation import dispatch
    from generation.models import Job

    job, pressed = studio.ask(card, seed=88), []

    def press():
        while Job.objects.get(pk=job.pk).step < 3:
            time.sleep(0.01)
        dispatch.cancel(Job.objects.get(pk=job.pk), by=studio.person)
        pressed.append(time.perf_counter())
        connection.close()

    hand = threading.Thread(target=press)
    hand.start()
    work()
    free_s = time.perf_counter() - pressed[0]
    hand.join()
    found = f"{free_s:.2f} s; a step takes {step_s:.2f} s"
    return Row("cancel to the worker being free", found, "≤ one step", free_s <= step_s + 0.1)


def drafts(engine, brief, rounds: int) -> Row:
    """Four takes in one call against four calls, by the bare engine."""
    briefs = [replace(brief, seed=seed, steps=max(brief.steps // 4, 2)) for seed in range(DRAFTS)]
    quiet = {"on_step": lambda step: None}
    runs: dict[str, list] = {"one": [], "four": []}
    for _ in range(max(rounds // 2, 1)):
        runs["one"].append(timed(lambda: engine.draw_many(briefs, **quiet)))
        runs["four"].append(timed(lambda: [engine.draw(one, **quiet) for one in briefs]))
    one, four = median(runs["one"]), median(runs["four"])
    found = f"{one.wall:.2f} s against {four.wall:.2f} s: {four.wall / one.wall:.2f} times as fast"
    return Row("four drafts in one call against four", found)


def memory(engine, card, brief) -> Row:
    """The peak of a drawing against what its card would say, measured at two smaller sizes."""
    from generation.engines.conformance import peak_bytes

    short = [replace(brief, frames=frames, steps=2) for frames in (card.frames_for(1), card.frames_for(2))]
    rows = [(one.width, one.height, one.frames, peak_bytes(engine, one, {})) for one in short]
    said = replace(card, memory=tuple(rows)).peak_bytes(brief.frames, (brief.width, brief.height))
    peak = peak_bytes(engine, replace(brief, steps=2), {})
    found = f"{peak / 2**20:,.0f} MiB, {said / 2**20:,.0f} estimated from shorter ones"
    if said <= 0:
        found = f"{peak / 2**20:,.0f} MiB, too little for a processor to be estimated"
    return Row("memory at the peak", found)


def estimate(job: Parts, brief) -> Row:
    from generation import estimates

    said = estimates.of(brief)
    return Row("seconds of a job", f"{job.whole:.2f} s, {said:.2f} s estimated from history")


def started(card) -> Row:
    """A new process: until the first clip is kept; and the second."""
    command = [sys.executable, "-m", "benchmarks.generation", "--cold", card.name]
    out = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout
    cold_s, warm_s = map(float, out.split()[-2:])
    return Row("cold start to the first clip, and the second", f"{cold_s:.1f} s, then {warm_s:.1f} s")


def cold(name: str) -> int:
    """In a process of its own: seconds from its start to the first clip, and for the second."""
    from django.conf import settings

    from festival.models import Edition, Person
    from generation.engines import registry

    settings.GPU_ALLOWANCE_S = 1e9
    studio = Studio.__new__(Studio)
    studio.edition, studio.person = Edition.objects.get(slug="bench"), Person.objects.get()
    card = registry.cards(settings.ENGINES_ROOT)[name]
    work(studio.ask(card, seed=901))
    since = time.time() - _began()
    second = timed(lambda: work(studio.ask(card, seed=902)))[0]
    print(since, second)
    return 0


def _began() -> float:
    """When this process was started, in seconds since 1970."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    return time.time() - (uptime - ticks / os.sysconf("SC_CLK_TCK"))


if __name__ == "__main__":
    raise SystemExit(main())
