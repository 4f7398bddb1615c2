"""Become another command, after giving up memory, time, disk and open files beyond a bound.

Run as a script with `python -I -S`, never imported: it starts in milliseconds and needs only the standard
library. Usage: confined.py '{"AS": bytes, "CPU": seconds, …}' command argument …
"""

import ctypes
import json
import os
import resource
import signal
import sys

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux: a worker killed with SIGKILL leaves no ffmpeg behind


def main(limits: str, *command: str) -> None:
    """Set the limits, then become the command."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    for name, most in json.loads(limits).items():
        which = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))
    os.execvp(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(*sys.argv[1:])
