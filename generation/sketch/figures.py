"""The figures of merit and their targets: one table for the terminal, the card and the tests."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "figures.json"
DRAFTS = "drafts-{}.json"  # of the same weights, drawn in so many steps


@dataclass(frozen=True)
class Line:
    """One line of the table: what is measured, in which unit, and what each configuration aims at.

    Args:
        most: the aim is an upper limit.
    """

    key: str
    title: str
    unit: str
    cpu: float
    gpu: float
    most: bool = False


LINES = (
    Line("frame_db", "autoencoder: PSNR over the frame", "dB", 29, 33),
    Line("subject_db", "autoencoder: PSNR inside the subject's mask", "dB", 28, 30),
    Line("colour", "subject's colour right", "%", 85, 97),
    Line("place", "place right", "%", 95, 98),
    Line("time", "time of day right", "%", 95, 98),
    Line("noun", "subject right", "%", 70, 92),
    Line("motion", "direction of motion right", "%", 75, 92),
    Line("pan", "camera: pans right", "%", 80, 95),
    Line("tilt", "camera: tilts right", "%", 80, 95),
    Line("zoom", "camera: zooms right", "%", 80, 95),
    Line("boxes", "box control: mean intersection over union", "", 0.5, 0.7),
    Line("first_db", "first-frame conditioning: PSNR of frame 0", "dB", 24, 28),
    Line("flicker", "flicker against the renderer's own clips", "×", 1.5, 1.15, most=True),
    Line("seconds", "a clip of 2 s on this machine, after loading", "s", 15, 15, most=True),
    Line("megabytes", "folder in fp16", "MB", 25, 60, most=True),
)


@dataclass(frozen=True)
class Figure:
    """A value measured over `count` clips; `ruler`: what the same says of the renderer's own."""

    value: float
    count: int
    ruler: float | None = None


def table(figures: dict[str, Figure], config: str, *, whole: bool = True) -> str:
    """The table in Markdown.

    Args:
        whole: what has no figure is not trained yet; otherwise it was not measured, and is left out.
    """
    rows = ["| what | measured | clips | renderer's own | aim | |", "|---|---|---|---|---|---|"]
    for line in LINES:
        aim = line.gpu if config == "gpu" else line.cpu
        sign = "at most" if line.most else "at least"
        found = figures.get(line.key)
        if found is None and not whole:
            continue
        if found is None:
            rows.append(f"| {line.title} | not trained yet | | | {sign} {_say(aim, line.unit)} | |")
            continue
        met = found.value <= aim if line.most else found.value >= aim
        ruler = "" if found.ruler is None else _say(found.ruler, line.unit)
        rows.append(
            f"| {line.title} | {_say(found.value, line.unit)} | {found.count or ''} | {ruler} "
            f"| {sign} {_say(aim, line.unit)} | {'reached' if met else 'not reached'} |"
        )
    return "\n".join(rows)


def _say(value: float, unit: str) -> str:
    digits = {"%": 0, "dB": 1, "MB": 1, "s": 1}.get(unit, 2)
    return f"{value:.{digits}f} {unit}".strip()


def write(figures: dict[str, Figure], folder: Path, file: str = FILE) -> None:
    facts = {key: asdict(figure) for key, figure in figures.items()}
    (folder / file).write_text(json.dumps(facts, indent=2) + "\n")


def read(folder: Path, file: str = FILE) -> dict[str, Figure]:
    return {key: Figure(**facts) for key, facts in json.loads((folder / file).read_text()).items()}
