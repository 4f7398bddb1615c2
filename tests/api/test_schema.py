"""The API against its own description, with an independent referee: schemathesis."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.authtoken.models import Token
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.factories import make_film, make_user

pytestmark = pytest.mark.django_db

CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]
FEW = settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


@pytest.fixture
def connection_kept():
    """A WSGI request ends by closing old connections, and with them the test's transaction."""
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


@pytest.mark.usefixtures("connection_kept")
def test_answers_are_as_described():
    """No server error, and every answer has a described type and shape, at every operation."""
    person = make_user()
    make_film(entrant=person)
    token = Token.objects.create(user=person).key
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())
    tried = []

    for found in schema.get_all_operations():
        operation = found.ok()

        @FEW
        @given(case=operation.as_strategy())
        def answers(case):
            response = case.call(headers={"Authorization": f"Token {token}"})
            case.validate_response(response, checks=CHECKS)

        answers()
        tried.append(operation.label)

    assert {"POST /api/entries/", "GET /api/programme/", "GET /api/clips/", "GET /api/marks/"} <= set(tried)
    assert {"GET /api/rounds/", "POST /api/rounds/{id}/ballot/"} <= set(tried)
