"""Signed playback: media is reached only by a path that carries its own, expiring permission.

The permission stands in the path and not behind a question mark, so that the relative addresses in a
playlist carry it on to every segment.
"""

from django.core import signing
from django.urls import reverse

from festival.models import Footage

SALT = "marquee.media"
PARTS = {
    "hls": "master.m3u8",
    "mp4": "film.mp4",
    "poster": "poster.jpg",
    "sprite": "sprite.vtt",
    "waveform": "waveform.png",
}


def address(name: str, *, folder: str = "") -> str:
    """The address under which `name` plays for the next hours (MEDIA_TOKEN_AGE_S).

    Args:
        name: a file in the archive, such as "footage/<id>/master.m3u8".
        folder: the folder the permission covers, so that a playlist's relative addresses work too;
            by default only the file itself.

    Returns:
        "" where there is no file; a permission without a name would cover the whole archive.
    """
    if not name:
        return ""
    scope = (folder or name).rstrip("/")
    token = signing.TimestampSigner(salt=SALT).sign_object(scope, compress=True)
    return reverse("media:file", args=[token, name.removeprefix(scope).lstrip("/")])


def opened(token: str, rest: str, *, age_s: float) -> str:
    """The archive name a media address stands for.

    Raises:
        django.core.signing.BadSignature: the token is forged, or older than `age_s` seconds, or `rest`
            would lead out of what it covers.
    """
    scope = signing.TimestampSigner(salt=SALT).unsign_object(token, max_age=age_s)
    return within(scope, rest) if rest else scope


def within(scope: str, rest: str) -> str:
    """The archive name of `rest` in the folder `scope`.

    Raises:
        django.core.signing.BadSignature: `rest` would lead out of it.
    """
    steps = [scope, *rest.split("/")]
    if "\\" in rest or "\0" in rest or any(step in ("", ".", "..") for step in steps):
        raise signing.BadSignature("The address leaves the folder it was made for.")
    return f"{scope}/{rest}"


def play(footage: Footage) -> dict:
    """Signed addresses of what a player needs: hls, mp4, poster, sprite and waveform.

    The caller has already found out that the person may see the footage.
    """
    folder = footage.folder
    return {part: address(f"{folder}/{file}", folder=folder) for part, file in PARTS.items()}
