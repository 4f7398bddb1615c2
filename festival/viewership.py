"""Viewership: what an entrant is told of how far the jury has watched, copied down from the jury's record."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from festival.models import Viewership


@dataclass(frozen=True)
class Watched:
    """How far a film was watched in a round."""

    film_id: UUID
    jurors: int  # who were given the film
    viewings: int  # of the whole film, or as good as
    share: int  # of the film, on average over these jurors; per cent


def record(films: Iterable[Watched], *, round: int, round_name: str, at: datetime) -> None:
    """Write down how far films were watched in a round, in the place of what stood there; one statement.

    Args:
        round: the round's number, with the jury.
        at: when it was counted.
    """
    Viewership.objects.bulk_create(
        (Viewership(round=round, round_name=round_name, at=at, **asdict(watched)) for watched in films),
        update_conflicts=True,
        unique_fields=["film", "round"],
        update_fields=["round_name", "jurors", "viewings", "share", "at"],
        batch_size=500,
    )
