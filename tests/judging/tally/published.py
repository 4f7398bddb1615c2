"""Published ballots and ratings, read from tests/data/judging."""

import csv
import re
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[2] / "data" / "judging"


def table(name: str) -> np.ndarray:
    """A CSV's numbers without its first row and column, NaN where a cell is empty."""
    with (FOLDER / name).open() as file:
        rows = list(csv.reader(file))[1:]
    return np.array([[float(cell) if cell else np.nan for cell in row[1:]] for row in rows])


def examples() -> dict[str, list]:
    """Worked examples: of each election its ballots."""
    elections: dict[str, list] = {}
    with (FOLDER / "condorcet_worked_examples.csv").open() as file:
        for row in csv.DictReader(file):
            ballot = int(row["count"]), [[letter] for letter in row["ranking"]]
            elections.setdefault(row["election"], []).append(ballot)
    return elections


def burlington() -> list:
    """The 8,980 ballots of Burlington's mayoral election of 2009, by surname."""
    count, *lines = (FOLDER / "burlington_2009" / "00005-00000002.toi").read_text().splitlines()
    names = [line.split(",")[1].split()[-1] for line in lines[: int(count)]]
    ballots = []
    for line in lines[int(count) + 1 :]:
        weight, ranking = line.split(",", 1)
        tiers = [tier.strip("{}").split(",") for tier in re.findall(r"{[^}]*}|[^,]+", ranking)]
        ballots.append((int(weight), [[names[int(one) - 1] for one in tier] for tier in tiers]))
    return ballots
