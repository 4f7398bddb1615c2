"""Whose turn it is: deficit round robin between people, by the seconds a worker needs for their jobs.

Each person has a deficit: seconds drawn for them which the others who wait still have to get. Whoever
waits with none is next, and is then charged what the job is thought to take. When everyone who waits has
one, a round goes by: the smallest of them is taken off all. So somebody with one job waits for at most
one call of each other person and the one that runs, whoever else has fifty.

Source: Shreedhar and Varghese, Efficient Fair Queueing Using Deficit Round Robin, SIGCOMM 1995; with a
quantum as large as it need be, it is Goyal, Vin and Cheng's Start-time Fair Queueing, SIGCOMM 1996.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LEAST_S = 0.1  # charged for any job: what costs nothing would never let others by
SAME = 1e-9  # seconds by which two deficits may differ and be equal
PATIENCE_S = 300.0  # a job older than another by more is not overtaken for the sake of a loaded engine
MOST_TOGETHER = 4  # jobs in one call
WORTH = 2  # jobs' worth of seconds that one call may take …
SHORT_S = 20.0  # … unless it is over sooner than this


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that waits, as far as its turn is concerned."""

    pk: Any
    person: int
    seconds: float  # of a worker, estimated
    asked: float  # when, in seconds since any moment
    draft: bool = False
    priority: int = 0  # among the person's own jobs; more is sooner
    engine: str = ""
    batch_key: str = ""  # "": never drawn together with others


@dataclass(frozen=True, slots=True)
class Standing:
    """How people stand: their deficits in seconds, and when they were last served; who is absent has none."""

    deficits: Mapping[int, float]
    served: Mapping[int, float]

    def deficit(self, person: int) -> float:
        return self.deficits.get(person, 0.0)

    def after(self, job: Waiting, *, quantum: float, at: float) -> "Standing":
        """How they stand once a round of `quantum` seconds has gone by and `job` was begun `at`."""
        deficits = {person: max(deficit - quantum, 0.0) for person, deficit in self.deficits.items()}
        deficits[job.person] = deficits.get(job.person, 0.0) + max(job.seconds, LEAST_S)
        return Standing(deficits, {**self.served, job.person: at})


def next_one(
    waiting: Collection[Waiting], standing: Standing, *, loaded: str = ""
) -> tuple[Waiting, float] | None:
    """The job whose turn it is, and by how many seconds everyone's deficit falls; None if none waits.

    Among people who are even: drafts before finals, then the engine that is loaded, then whoever was
    served longest ago, then age.
    """
    heads = {person: _head(jobs, loaded) for person, jobs in _by_person(waiting).items()}
    return _first(heads, standing, loaded) if heads else None


def _first(heads: Mapping[int, Waiting], standing: Standing, loaded: str) -> tuple[Waiting, float]:
    """Of each person's own next job the one whose turn it is; see `next_one`."""
    least = min(standing.deficit(person) for person in heads)
    even = [job for person, job in heads.items() if standing.deficit(person) <= least + SAME]
    never = float("-inf")
    first = min(
        even,
        key=lambda job: (
            not job.draft,
            _to_load(job, loaded),
            standing.served.get(job.person, never),
            *_age(job),
        ),
    )
    return first, least


def _to_load(job: Waiting, loaded: str) -> bool:
    """Whether its engine is another than the one that is loaded; of none, nobody is nearer than others."""
    return bool(loaded) and job.engine != loaded


def _by_person(waiting: Iterable[Waiting]) -> dict[int, list[Waiting]]:
    found: dict[int, list[Waiting]] = {}
    for job in waiting:
        found.setdefault(job.person, []).append(job)
    return found


def _head(jobs: list[Waiting], loaded: str) -> Waiting:
    """One person's next: as they put it, drafts first, then age; of about one age, the loaded engine."""
    rank = max((job.priority, job.draft) for job in jobs)
    equals = [job for job in jobs if (job.priority, job.draft) == rank]
    oldest = min(job.asked for job in equals)
    return min(
        equals,
        key=lambda job: (
            _to_load(job, loaded) or job.asked > oldest + PATIENCE_S,
            *_age(job),
        ),
    )


def _age(job: Waiting) -> tuple[float, bool, str]:
    """What is only thought of comes after what was asked for in the same moment."""
    return job.asked, job.pk is None, str(job.pk)


def together(first: Waiting, waiting: Iterable[Waiting], standing: Standing) -> list[Waiting]:
    """What is drawn in one call with `first`: jobs of its key, of its owner or of people just as near.

    A call is at most two jobs' worth, so that whoever comes meanwhile waits no longer than that; short
    ones may be four.
    """
    if not first.batch_key:
        return [first]
    near = standing.deficit(first.person) + SAME
    alike = [job for job in waiting if job.batch_key == first.batch_key and job.pk != first.pk]
    alike = [job for job in alike if standing.deficit(job.person) <= near]
    alike.sort(key=lambda job: (job.person != first.person, -job.priority, job.asked))
    call, seconds, longest = [first], first.seconds, max(WORTH * first.seconds, SHORT_S)
    for job in alike[: MOST_TOGETHER - 1]:
        seconds += job.seconds
        if seconds > longest + SAME:
            break
        call.append(job)
    return call


def in_turn(
    waiting: Iterable[Waiting], standing: Standing, *, loaded: str = "", now: float
) -> Iterator[Waiting]:
    """All that wait in the order in which they will be begun, if nobody asks for more."""
    left = _by_person(waiting)
    heads: dict[int, Waiting] = {}  # of all who wait; worked out anew only where it may have changed
    while left:
        heads |= {person: _head(jobs, loaded) for person, jobs in left.items() if person not in heads}
        job, quantum = _first(heads, standing, loaded)
        yield job
        now += max(job.seconds, LEAST_S)
        standing = standing.after(job, quantum=quantum, at=now)
        left[job.person].remove(job)
        if not left[job.person]:
            del left[job.person]
        del heads[job.person]
        if job.engine != loaded:
            heads, loaded = {}, job.engine
