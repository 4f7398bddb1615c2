"""Viewership: what an entrant is told of how far the jury has watched, copied down from the jury's record."""

from festival.models import Film, Viewership


def record(film: Film, *, round: int, **facts) -> None:
    """Write down how far `film` was watched in a round, in the place of what stood there.

    Args:
        round: the round's number, with the jury.
        facts: round_name; jurors, who were given the film; viewings, those of the whole film; share, per
            cent of the film on average; at, when it was counted.
    """
    Viewership.objects.update_or_create(film=film, round=round, defaults=facts)
