"""Reads what was rung: the messages that really lie in the embedded broker's folder."""

import base64
import json

from django.conf import settings


def rung(task: str) -> list:
    """The first argument of every message for `task` that no worker has taken yet, oldest first."""
    folder = settings.VAR / "queue"
    waiting = sorted(folder.glob("*.msg"), key=lambda file: file.stat().st_mtime_ns)
    messages = [json.loads(file.read_text()) for file in waiting]
    return [
        json.loads(base64.b64decode(message["body"]))[0][0]
        for message in messages
        if message["headers"]["task"] == task
    ]


def silence() -> None:
    """Throw away what was rung before."""
    for file in (settings.VAR / "queue").glob("*.msg"):
        file.unlink()
