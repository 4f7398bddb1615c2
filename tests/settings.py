"""Settings of the test run: the embedded default, in a folder of its own."""

import os
import tempfile
from pathlib import Path

run_folder = os.environ.get("MARQUEE_TEST_RUN") or tempfile.mkdtemp(prefix="marquee-tests-")
os.environ["MARQUEE_TEST_RUN"] = run_folder  # xdist's workers inherit it
os.environ["MARQUEE_VAR"] = str(Path(run_folder, os.environ.get("PYTEST_XDIST_WORKER", "main")))
os.environ.setdefault("OMP_NUM_THREADS", "1")  # several processes share the cores
os.environ["SECRET_KEY"] = "tests"
os.environ["ORGANISERS_NEED_SECOND_FACTOR"] = "off"

from festival.settings import *  # noqa: E402, F403
from festival.settings import DATABASES, REST_FRAMEWORK, VAR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = False
UNLIMITED = dict.fromkeys(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": UNLIMITED}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}  # a file: servers share it
