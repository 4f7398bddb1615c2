"""The archive: whole files and folders under names we made, on disk or in an S3 bucket.

Nothing half-written ever has a name here: on disk, files and folders are put in place by a rename; in a
bucket, where there is no rename for folders, playlists are written after everything they name, and a
folder counts only once a database row points to it.
"""

import ctypes
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages


def _storage():
    return storages["archive"]


def on_disk() -> bool:
    """Whether archived files have a path on this machine."""
    return isinstance(_storage(), FileSystemStorage)


def path(name: str) -> Path:
    """Where `name` lies on this machine. Raises SuspiciousFileOperation for a name that climbs out."""
    return Path(_storage().path(name))


def put(source: Path, name: str) -> None:
    """Move the whole file `source` into the archive as `name`, replacing what was there."""
    if on_disk():
        _into_place(source, path(name))
        return
    with source.open("rb") as file:
        _storage().save(name, File(file))
    source.unlink(missing_ok=True)


def write(content: bytes, name: str) -> None:
    """Keep `content` as the small file `name`, replacing what was there."""
    if not on_disk():
        _storage().save(name, ContentFile(content))
        return
    target = path(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(target)
    try:
        beside.write_bytes(content)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)  # where the disk is full
        raise


def publish(folder: Path, name: str) -> None:
    """Move the whole folder `folder` into the archive as `name`; on disk readers see all of it or nothing.

    What stood there before stands until the new folder does.
    """
    if on_disk():
        _into_place(folder, path(name))
        return
    files = [file for file in folder.rglob("*") if file.is_file()]
    for file in sorted(files, key=lambda file: (file.suffix == ".m3u8", file.parent == folder, file)):
        put(file, f"{name}/{file.relative_to(folder).as_posix()}")
    shutil.rmtree(folder)


def _into_place(source: Path, target: Path) -> None:
    """Bring `source` beside `target` first, perhaps from another disk, then rename it in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(target)
    shutil.move(source, beside)
    if not (target.is_dir() and any(target.iterdir())):
        beside.replace(target)
        return
    _exchange(beside, target)
    shutil.rmtree(beside)


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{uuid.uuid4().hex}")


def _exchange(one: Path, other: Path) -> None:
    """Swap two folders in one step where the system can (Linux: renameat2), else in three."""
    at_cwd, exchange = -100, 2
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    if renameat2 and renameat2(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), exchange) == 0:
        return
    aside = one.with_name(f"{one.name}.old")
    other.replace(aside)
    one.replace(other)
    aside.replace(one)


@contextmanager
def local(name: str) -> Iterator[Path]:
    """A readable copy of the file `name` on this machine, for as long as the block lasts."""
    if on_disk():
        yield path(name)
        return
    settings.SCRATCH_ROOT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH_ROOT) as folder:
        copy = Path(folder, Path(name).name)
        _storage().bucket.download_file(name, str(copy))  # its open() would hold the whole film in memory
        yield copy


def open_file(name: str):
    """Open `name` for reading bytes. From a bucket it is read into memory: for small files only."""
    return _storage().open(name)


def listed(folder: str) -> Iterator[tuple[str, datetime]]:
    """The names of the files that lie in `folder` itself, each with when it was put there."""
    with suppress(FileNotFoundError):
        for file in _storage().listdir(folder)[1]:
            with suppress(FileNotFoundError):  # removed meanwhile
                yield f"{folder}/{file}", _storage().get_modified_time(f"{folder}/{file}")


def exists(name: str) -> bool:
    return _storage().exists(name)


def put_at(name: str) -> datetime:
    """When the file was put there."""
    return _storage().get_modified_time(name)


def size(name: str) -> int:
    """Size in bytes."""
    return _storage().size(name)


def url(name: str, *, download_as: str = "") -> str:
    """A signed, expiring address at the bucket; only where `on_disk()` is false.

    Args:
        download_as: the name a browser saves the file by, instead of showing it.
    """
    disposition = {"ResponseContentDisposition": f'attachment; filename="{download_as}"'}
    return _storage().url(name, parameters=disposition if download_as else None)


def delete(name: str) -> None:
    """Remove a file or a folder; nothing happens where there is none."""
    if not name:
        return
    if on_disk():
        target = path(name)
        shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
        return
    folders, files = _storage().listdir(name)
    for file in files:
        _storage().delete(f"{name}/{file}")
    for folder in folders:
        delete(f"{name}/{folder}")
    _storage().delete(name)
