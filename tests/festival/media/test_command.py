"""`manage.py examine`, as people and scripts call it."""

import json
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import call_command


def examine(*args):
    """Exit status and what was printed."""
    printed = StringIO()
    try:
        call_command("examine", *map(str, args), stdout=printed, stderr=StringIO())
    except SystemExit as end:
        return end.code, printed.getvalue()
    return 0, printed.getvalue()


def test_an_accepted_film_exits_0_with_its_record(film, tmp_path):
    status, printed = examine(film("silent"), "--json", "--keep", tmp_path / "kept")

    record = json.loads(printed)
    assert status == 0
    assert (record["width"], record["height"], record["has_audio"]) == (96, 64, False)
    assert (tmp_path / "kept/master.m3u8").exists()


def test_a_person_reads_a_few_lines(film):
    status, printed = examine(film("silent"))

    assert status == 0
    assert printed.startswith("Accepted  1.00 s, 96 × 64, 24 fps\n")
    assert "Loudness  no sound\n" in printed


def test_a_refused_film_exits_1_with_a_sentence(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_text("#EXTM3U\n")

    status, sentence = examine(path)

    assert status == 1
    assert sentence.startswith("This file is a playlist")
    assert sentence.count("\n") == 1
    assert examine(path, "--json") == (1, json.dumps({"refused": sentence.strip()}) + "\n")


@pytest.mark.parametrize("kind", ["nowhere", "folder"])
def test_what_is_no_file_exits_1_with_a_sentence(kind, tmp_path):
    path = tmp_path / kind
    if kind == "folder":
        path.mkdir()

    assert examine(path) == (1, f"There is no file {path}. Nothing was done. Give the path of a film.\n")


def test_from_outside_there_is_no_traceback_and_help_explains(tmp_path):
    """One start of the whole program each; the rest is the same command called from here."""
    run = {"capture_output": True, "text": True, "timeout": 120}

    refused = subprocess.run([sys.executable, "manage.py", "examine", str(tmp_path / "no.mp4")], **run)
    explained = subprocess.run([sys.executable, "manage.py", "examine", "--help"], **run)

    assert (refused.returncode, refused.stderr) == (1, "")
    assert explained.returncode == 0
    assert "Exit status 0 and the record" in " ".join(explained.stdout.split())
