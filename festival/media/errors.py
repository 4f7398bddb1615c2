"""What may be wrong with a file, said to the person who sent it."""

KEPT = "The file is kept as it arrived."


class MediaProblem(Exception):
    """The file cannot be used; the message says what happened, what is kept and what to do."""


class BrokeOff(MediaProblem):
    """The examination ran out of time or room: the file may be fine, and trying again may help."""


def refusal(what: str, todo: str, *, kept: str = KEPT) -> MediaProblem:
    """A refusal in three parts: what happened, what is kept, what to do."""
    return MediaProblem(f"{what} {kept} {todo}")
