"""Signed media: a whole file or one range of it, streamed, or handed on to nginx or the bucket."""

import asyncio
import os
import re
import stat
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.http import require_safe

from festival import archive, screenings

TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt; charset=utf-8",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".json": "application/json",
}
LISTS = (".m3u8", ".vtt")  # they name their neighbours by relative addresses, so they stay with us
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")  # one range; all else is answered with the whole file
PIECE = 1024**2  # bytes a read; most segments are one piece
GONE = "This address has expired or never was. Reload the page you came from to get a fresh one."


@require_safe
async def file(request, token, rest):
    """One file of the archive, for whoever holds an address that `screenings` signed."""
    try:
        name = screenings.opened(token, rest, age_s=settings.MEDIA_TOKEN_AGE_S)
    except BadSignature:
        return gone()
    return await send(request, name)


async def send(request, name: str) -> HttpResponseBase:
    """The archived file `name`, from wherever it lies. The caller has found that it may be seen."""
    if settings.MEDIA_ACCEL_REDIRECT:
        where = settings.MEDIA_ACCEL_REDIRECT.rstrip("/")
        return HttpResponse(headers=about(name) | {"X-Accel-Redirect": quote(f"{where}/{name}")})
    if archive.on_disk():
        return await from_disk(request, name)
    return await asyncio.to_thread(from_bucket, name)


def gone() -> HttpResponse:
    return HttpResponse(GONE, status=404, content_type="text/plain; charset=utf-8")


def about(name: str) -> dict[str, str]:
    """Headers that do not depend on the file's bytes. What is no rendition is saved, never shown."""
    path = PurePosixPath(name)
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    if name.startswith("originals/") or path.suffix not in TYPES:
        saved = content_disposition_header(True, path.name)
        return headers | {"Content-Type": "application/octet-stream", "Content-Disposition": saved}
    return headers | {"Content-Type": TYPES[path.suffix]}


def from_bucket(name: str) -> HttpResponse:
    """A redirect to the bucket; playlists come from here, since their addresses are relative to us."""
    if not name.endswith(LISTS):
        saved = "Content-Disposition" in about(name)
        address = archive.url(name, download_as=PurePosixPath(name).name if saved else "")
        return HttpResponseRedirect(address, headers={"Cache-Control": "private, max-age=60"})
    try:
        with archive.open_file(name) as list_:
            return HttpResponse(list_.read(), headers=about(name))
    except FileNotFoundError:
        return gone()


async def from_disk(request, name: str) -> HttpResponse | StreamingHttpResponse:
    """The file, or the one range of it that the request names (RFC 9110, section 14)."""
    path = archive.path(name)
    found = await asyncio.to_thread(look, path)
    if found is None:
        return gone()
    size, etag = found.st_size, f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
    headers = about(name) | {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Last-Modified": http_date(found.st_mtime),
    }
    if request.headers.get("If-None-Match", "") in (etag, "*"):
        return HttpResponse(status=304, headers=headers)
    if request.method == "HEAD":
        return HttpResponse(headers=headers | {"Content-Length": str(size)})
    unchanged = request.headers.get("If-Range", etag) == etag
    asked = RANGE.fullmatch(request.headers.get("Range", "")) if unchanged else None
    start, end = span(*asked.groups(), size=size) if asked else (0, size)
    if asked and start >= end:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers |= {"Content-Length": str(end - start)}
    if asked:
        headers |= {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
    status = 206 if asked else 200
    if end - start <= PIECE:
        return HttpResponse(await asyncio.to_thread(read, path, start, end), status=status, headers=headers)
    return StreamingHttpResponse(pieces(path, start, end), status=status, headers=headers)


def look(path: Path) -> os.stat_result | None:
    """The file's size and times; None where there is no file, or a folder."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def span(first: str, last: str, *, size: int) -> tuple[int, int]:
    """The half-open range of bytes meant by `bytes=first-last`; start >= end where the file has none."""
    if not first:
        return (max(size - int(last), 0), size) if last else (size, size)
    return int(first), min(int(last) + 1, size) if last else size


def read(path: Path, start: int, end: int) -> bytes:
    with path.open("rb") as source:
        source.seek(start)
        return source.read(end - start)


async def pieces(path: Path, start: int, end: int):
    """Bytes from `start` to `end`, read in a thread a piece at a time, so that memory stays flat."""
    source = await asyncio.to_thread(path.open, "rb", 0)
    try:
        source.seek(start)
        while start < end and (piece := await asyncio.to_thread(source.read, min(PIECE, end - start))):
            start += len(piece)
            yield piece
    finally:
        source.close()
