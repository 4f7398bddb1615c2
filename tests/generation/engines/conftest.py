"""A tiny pipeline of each family, installed once."""

import pytest

from generation.engines import registry
from tests.generation.engines import tiny


@pytest.fixture(scope="session")
def family_root(tmp_path_factory):
    return tmp_path_factory.mktemp("families")


@pytest.fixture(scope="session")
def family(family_root):
    """A family's engine, from its folder by the path that production takes; kept for all tests."""
    from generation.engines.pipelines import prepare

    prepare()
    kept = {}

    def load(name: str):
        if name not in kept:
            tiny.install(family_root, name)
            kept[name] = registry.load(family_root, name)
        return kept[name]

    return load
