"""The services of a grown-up installation. Asked for and not reachable is a failure, never a skip."""

import os
import socket
from urllib.parse import urlsplit

import boto3
import pytest


def address(variable: str, *, default: str, port: int, name: str) -> str:
    """The service's address from the environment, once somebody answers there."""
    url = os.environ.get(variable, default)
    where = urlsplit(url)
    host, port = where.hostname or "127.0.0.1", where.port or port
    with socket.socket() as knock:
        knock.settimeout(5)
        try:
            knock.connect((host, port))
        except OSError as error:
            silent = f"{name} does not answer at {host}:{port} ({error})."
            pytest.fail(f"{silent} Start it, or set {variable} to where it runs.", pytrace=False)
    return url


@pytest.fixture(scope="session")
def postgres():
    default = "postgres://postgres@127.0.0.1:5432/marquee"
    return address("TEST_DATABASE_URL", default=default, port=5432, name="PostgreSQL")


@pytest.fixture(scope="session")
def rabbitmq():
    default = "amqp://guest:guest@127.0.0.1:5672//"
    return address("TEST_RABBITMQ_URL", default=default, port=5672, name="RabbitMQ")


@pytest.fixture(scope="session")
def redis():
    return address("TEST_REDIS_URL", default="redis://127.0.0.1:6379/15", port=6379, name="Redis")


@pytest.fixture(scope="session")
def s3():
    """The S3_* variables of a fresh bucket: at TEST_S3_ENDPOINT_URL, or at moto's server."""
    if endpoint := os.environ.get("TEST_S3_ENDPOINT_URL"):
        yield bucket(address("TEST_S3_ENDPOINT_URL", default=endpoint, port=443, name="S3"))
        return
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        yield bucket("http://{}:{}".format(*server.get_host_and_port()))
    finally:
        server.stop()


def bucket(endpoint: str) -> dict[str, str]:
    variables = {
        "S3_BUCKET": f"marquee-tests-{os.getpid()}",
        "S3_ENDPOINT_URL": endpoint,
        "S3_ACCESS_KEY": os.environ.get("TEST_S3_ACCESS_KEY", "tests"),
        "S3_SECRET_KEY": os.environ.get("TEST_S3_SECRET_KEY", "tests"),
        "S3_REGION": os.environ.get("TEST_S3_REGION", "us-east-1"),
    }
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=variables["S3_ACCESS_KEY"],
        aws_secret_access_key=variables["S3_SECRET_KEY"],
        region_name=variables["S3_REGION"],
    )
    client.create_bucket(Bucket=variables["S3_BUCKET"])
    return variables
