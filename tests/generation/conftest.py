"""One engine and one authority for all of the studio's tests, made on the spot."""

from dataclasses import replace

import pytest
from django.conf import settings

from festival.provenance import credentials
from generation.engines import noise, registry

QUICK = replace(
    noise.CARD,
    name="quick",
    title="Quick noise",
    sizes={"4:3": (64, 48), "1:1": (32, 32)},
    fps=8,
    shortest_s=0.5,
    longest_s=2,
    steps=3,
)


@pytest.fixture(scope="session")
def quick():
    """The card of a tiny Wan pipeline with random weights, installed where the settings look for engines."""
    return noise.build(settings.ENGINES_ROOT / "quick", card=QUICK)


@pytest.fixture(scope="session")
def engine(quick):
    """That engine, loaded by the path that production takes."""
    return registry.load(settings.ENGINES_ROOT, "quick")


@pytest.fixture(scope="session")
def authority():
    """The certificates by which the studio signs."""
    return credentials.make_authority(settings.KEYS_ROOT)
