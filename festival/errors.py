"""What may go wrong, said in words for the person who can mend it."""


class Problem(Exception):
    """A rule said no. The message is one or two sentences for the person, and says what to do next."""

    http_status = 400


class Refused(Problem):
    """The person may not do this; the message says why."""

    http_status = 403


class IllegalMove(Problem):
    """A status cannot change this way, or somebody else changed it first."""

    http_status = 409

    def __init__(self, row, to):
        super().__init__(
            f"This {row._meta.verbose_name} has already moved on, so it cannot become “{to}”. "
            "Reload the page to see where it stands."
        )


class Conflict(Problem):
    """Two things cannot both be true: a clash in the schedule, a lock that somebody else holds."""

    http_status = 409


class Unacceptable(Problem):
    """What was sent cannot be taken in; the message says what would be."""

    http_status = 422


class UndisclosedFootage(Unacceptable):
    """AI footage has no statement; the message names the seconds."""


class Full(Problem):
    """No room: a quota or the disk."""

    http_status = 507
