import pytest

from festival import disclosures
from tests.factories import make_film, make_statement

pytestmark = pytest.mark.django_db


def test_nothing_is_left_to_say_about_a_film_without_ai_and_with_a_signed_statement():
    film = make_film(footage=True)
    make_statement(film)

    assert disclosures.gaps(film) == []
