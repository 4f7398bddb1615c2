"""Redis as the cache: what one process writes, another reads; the setting is one variable."""

import os
import subprocess
import sys

import environ
import pytest
from django.core.cache import caches

pytestmark = pytest.mark.services

READ = "import django; django.setup(); from django.core.cache import cache; print(cache.get('bell'))"


def test_what_is_cached_here_is_read_in_another_process(redis, settings):
    settings.CACHES = {"default": environ.Env.cache_url_config(redis)}
    caches["default"].set("bell", "rings", timeout=30)

    other = subprocess.run(
        [sys.executable, "-c", READ],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "CACHE_URL": redis},
        capture_output=True,
        text=True,
        check=True,
    )

    assert other.stdout.strip() == "rings"
    caches["default"].delete("bell")
