"""The archive: whole files and folders under names we made, on disk or in an S3 bucket.

Nothing half-written ever has a name here: files and folders are put in place by a rename on disk; in a
bucket, where there is no rename, a name counts only once a database row points to it.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
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
        target = path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target.with_name(target.name + ".part"))
        target.with_name(target.name + ".part").replace(target)
        return
    with source.open("rb") as file:
        _storage().delete(name)
        _storage().save(name, File(file))
    source.unlink()


def publish(folder: Path, name: str) -> None:
    """Move the whole folder `folder` into the archive as `name`; readers see all of it or nothing."""
    if on_disk():
        target = path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        shutil.move(folder, target)
        return
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        put(file, f"{name}/{file.relative_to(folder).as_posix()}")
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def local(name: str) -> Iterator[Path]:
    """A readable copy of the file `name` on this machine, for as long as the block lasts."""
    if on_disk():
        yield path(name)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, Path(name).name)
        with _storage().open(name) as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target, 1024 * 1024)
        yield copy


def open_file(name: str):
    """Open `name` for reading bytes."""
    return _storage().open(name)


def exists(name: str) -> bool:
    return _storage().exists(name)


def size(name: str) -> int:
    """Size in bytes."""
    return _storage().size(name)


def url(name: str) -> str:
    """A signed, expiring address at the bucket; only where `on_disk()` is false."""
    return _storage().url(name)


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
