"""A pytest plugin: of the suite, what touches rows, on PostgreSQL and nothing else."""

from django.db import connection

DEAR = {"browser", "chromium"}  # a page looks the same on every database


def pytest_collection_modifyitems(config, items):
    apart = [item for item in items if DEAR & set(item.fixturenames)]
    config.hook.pytest_deselected(items=apart)
    items[:] = [item for item in items if item not in apart]


def pytest_collection_finish():
    assert connection.vendor == "postgresql", "DATABASE_URL did not arrive"
