"""Uploads as a tus client asks for them."""

import base64

from festival import uploads
from tests.factories import make_film
from tests.festival.wire import ask, signed_in

BYTES = "application/offset+octet-stream"


def b64(data) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def make_upload(*, size_bytes=10, film=None, **fields):
    film = film or make_film()
    return uploads.begin(film, by=film.entrant, name="film.mp4", size_bytes=size_bytes, **fields)


def create(film, *, by=None, length=10, body=b"", **headers):
    told = {
        "Upload-Length": length,
        "Upload-Metadata": f"film {b64(str(film.pk))},filename {b64('Der Weg.mp4')}",
    }
    return ask("POST", "/uploads/", signed_in(by or film.entrant, **told) | headers, body)


def patch(upload, body, *, offset=0, by=None, **headers):
    told = {"Upload-Offset": offset, "Content-Type": BYTES}
    if isinstance(body, bytes):
        told["Content-Length"] = len(body)
    who = signed_in(by or upload.owner, **told) | headers
    who = {name: value for name, value in who.items() if value is not None}
    return ask("PATCH", f"/uploads/{upload.pk}/", who, body)


def head(upload, *, by=None):
    return ask("HEAD", f"/uploads/{upload.pk}/", signed_in(by or upload.owner))
