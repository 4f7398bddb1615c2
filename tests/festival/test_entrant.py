import pytest
from django.urls import reverse

from tests.factories import make_edition, make_film, make_statement, make_user

pytestmark = pytest.mark.django_db

PAGES = ["entry", "edit", "extras", "film", "statement", "preview", "submit", "withdraw"]


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_an_entry_opens_for_its_entrant(client, page):
    film = make_film(footage=True)
    client.force_login(film.entrant)

    response = client.get(reverse(f"entrant:{page}", args=[film.pk]))

    assert response.status_code == 200
    assert film.title in response.content.decode()
