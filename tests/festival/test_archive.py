"""The archive on disk and in a bucket: the same acts, the same answers."""

import threading
from datetime import timedelta

import boto3
import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import storages
from django.utils import timezone

from festival import archive

DISK = "django.core.files.storage.FileSystemStorage"


@pytest.fixture(scope="module")
def s3_server():
    """moto's S3 over a real connection."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture(params=["disk", "bucket"])
def place(request, settings, tmp_path):
    """An archive of this test's own."""
    archive_ = {"BACKEND": DISK, "OPTIONS": {"location": tmp_path / "archive", "base_url": None}}
    if request.param == "bucket":
        archive_ = bucket(
            request.getfixturevalue("s3_server"), f"films-{tmp_path.name}".replace("_", "-")[:60]
        )
    settings.STORAGES = settings.STORAGES | {"archive": archive_}
    settings.SCRATCH_ROOT = tmp_path / "scratch"
    return request.param


def bucket(endpoint, name):
    keys = {"access_key": "k", "secret_key": "s", "region_name": "eu-west-1", "endpoint_url": endpoint}
    client = boto3.client(
        "s3", aws_access_key_id="k", aws_secret_access_key="s", region_name="eu-west-1", endpoint_url=endpoint
    )
    name = "".join(letter for letter in name.lower() if letter.isalnum() or letter == "-").strip("-")
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": keys | {"bucket_name": name}}


def folder_with(path, **files):
    for name, text in files.items():
        file = path / name.replace("__", "/").replace("_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return path


def read(name):
    with archive.open_file(name) as file:
        return file.read().decode()


def test_put_moves_a_file_and_replaces_what_was_there(place, tmp_path):
    for text in ("first", "second"):
        source = tmp_path / "film"
        source.write_text(text)
        archive.put(source, "originals/1")
        assert not source.exists()

    assert read("originals/1") == "second"
    assert archive.size("originals/1") == 6
    with archive.local("originals/1") as copy:
        assert copy.read_text() == "second"


def test_what_is_written_is_whole_and_replaces_what_was_there(place):
    for content in (b"first", b"second"):
        archive.write(content, "stills/1.txt")

    assert read("stills/1.txt") == "second"
    assert [name for name, _ in archive.listed("stills")] == ["stills/1.txt"]


@pytest.mark.parametrize("place", ["disk"], indirect=True)
def test_what_cannot_be_written_leaves_nothing_behind(place):
    folder = archive.path("stills/1.txt")
    (folder / "in-the-way").mkdir(parents=True)

    with pytest.raises(OSError, match="directory"):
        archive.write(b"first", "stills/1.txt")

    assert list(folder.parent.iterdir()) == [folder]


def test_publish_moves_a_folder_and_leaves_nothing_of_the_old(place, tmp_path):
    archive.publish(folder_with(tmp_path / "a", master_m3u8="old", v720__s1_m4s="old"), "footage/1")
    assert read("footage/1/v720/s1.m4s") == "old"
    archive.publish(folder_with(tmp_path / "b", master_m3u8="new"), "footage/1")

    assert read("footage/1/master.m3u8") == "new"
    assert not (tmp_path / "b").exists()
    if place == "disk":
        assert not archive.exists("footage/1/v720/s1.m4s")
        assert [path.name for path in archive.path("footage").iterdir()] == ["1"]


def test_delete_takes_files_and_folders_and_minds_no_absence(place, tmp_path):
    archive.publish(folder_with(tmp_path / "a", master_m3u8="x", v720__s1_m4s="x"), "footage/1")
    archive.put(folder_with(tmp_path / "c", one_txt="x") / "one.txt", "stills/1.txt")

    archive.delete("footage/1")
    archive.delete("stills/1.txt")
    archive.delete("stills/1.txt")
    archive.delete("")

    for name in ("footage/1/master.m3u8", "footage/1/v720/s1.m4s", "stills/1.txt"):
        assert not archive.exists(name)


@pytest.mark.parametrize("place", ["bucket"], indirect=True)
def test_a_bucket_hears_of_the_master_playlist_last(place, tmp_path, monkeypatch):
    written = []
    save = storages["archive"].save
    monkeypatch.setattr(
        storages["archive"], "save", lambda name, file: written.append(name) or save(name, file)
    )

    files = {"master_m3u8": "m", "v720__index_m3u8": "i", "v720__s1_m4s": "s", "poster_jpg": "p"}
    archive.publish(folder_with(tmp_path / "a", **files), "footage/1")

    assert written[-2:] == ["footage/1/v720/index.m3u8", "footage/1/master.m3u8"]


@pytest.mark.parametrize("place", ["bucket"], indirect=True)
def test_a_bucket_gives_signed_addresses(place, tmp_path):
    import requests

    archive.put(folder_with(tmp_path / "c", one_txt="words") / "one.txt", "originals/1")
    answer = requests.get(archive.url("originals/1", download_as="film.mp4"), timeout=5)
    assert (answer.text, answer.headers["Content-Disposition"]) == (
        "words",
        'attachment; filename="film.mp4"',
    )


@pytest.mark.parametrize("place", ["bucket"], indirect=True)
@pytest.mark.django_db
def test_from_a_bucket_playlists_come_from_us_and_segments_by_redirect(place, tmp_path):
    import requests

    from festival import screenings
    from tests.festival.wire import ask

    files = {"master_m3u8": "v720/index.m3u8", "v720__s1_m4s": "segment"}
    archive.publish(folder_with(tmp_path / "a", **files), "footage/1")
    address = screenings.address("footage/1/master.m3u8", folder="footage/1")

    list_ = ask("GET", address, {"Host": "testserver"})
    assert (list_.status, list_.text) == (200, "v720/index.m3u8")
    segment = ask("GET", address.replace("master.m3u8", "v720/s1.m4s"), {"Host": "testserver"})
    assert segment.status == 302
    assert requests.get(segment.headers["location"], timeout=5).text == "segment"
    assert ask("GET", address.replace("master", "none"), {"Host": "testserver"}).status == 404


@pytest.mark.parametrize("place", ["disk"], indirect=True)
def test_a_reader_never_meets_a_missing_folder(place, tmp_path):
    archive.publish(folder_with(tmp_path / "0", master_m3u8="0"), "footage/1")
    master, missed, done = archive.path("footage/1/master.m3u8"), [], threading.Event()

    def watch():
        while not done.is_set():
            if not master.exists():
                missed.append(True)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(1, 60):
        archive.publish(folder_with(tmp_path / str(number), master_m3u8=str(number)), "footage/1")
    done.set()
    watcher.join()

    assert (read("footage/1/master.m3u8"), missed) == ("59", [])


@pytest.mark.parametrize("place", ["disk"], indirect=True)
def test_no_name_climbs_out_of_the_archive(place):
    with pytest.raises(SuspiciousFileOperation):
        archive.path("../secret")


def test_what_lies_in_a_folder_is_listed_with_when_it_was_put_there(place, tmp_path):
    assert list(archive.listed("plans")) == []
    for name in ("plans/a.json", "plans/deeper/b.json", "elsewhere.json"):
        file = tmp_path / "file.json"
        file.write_text("{}")
        archive.put(file, name)

    ((name, put_at),) = archive.listed("plans")

    assert name == "plans/a.json"
    assert abs(put_at - timezone.now()) < timedelta(minutes=5)
