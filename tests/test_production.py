"""What production needs: real secrets, static files with digests, no torch in the web's way."""

import os
import subprocess
import sys

import pytest


def manage(folder, *words, **env):
    """Run manage.py as a production machine would, with its data in `folder`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MARQUEE_")}
    clean |= {"DJANGO_SETTINGS_MODULE": "festival.settings", "MARQUEE_ENV": "production"}
    clean |= {"MARQUEE_VAR": str(folder / "var"), "STATIC_ROOT": str(folder / "static")}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, env=clean | env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("unsafe", [{"SECRET_KEY": "development-only-never-in-production"}, {"DEBUG": "on"}])
def test_production_refuses_to_start_on_development_defaults(unsafe, tmp_path):
    run = manage(tmp_path, "check", **{"SECRET_KEY": "x" * 50} | unsafe)

    assert run.returncode != 0
    assert "In production set SECRET_KEY" in run.stderr


def test_static_files_are_collected_with_their_digests(tmp_path):
    run = manage(tmp_path, "collectstatic", "--noinput", "-v", "0", SECRET_KEY="x" * 50)

    assert run.returncode == 0, run.stderr
    sheets = [file.name for file in (tmp_path / "static/festival/css").glob("tokens.*.css")]
    assert len(sheets) == 1
    assert len(sheets[0].split(".")[1]) == 12
