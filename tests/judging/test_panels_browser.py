"""Seats and lists in a real browser: for everybody, on every width."""

import pytest
from django.urls import reverse

from judging.models import Seat
from tests.axe import findings
from tests.judging.factories import make_eligible, make_house, seat_juror
from tests.judging.test_rounds_browser import room as room

pytestmark = pytest.mark.django_db(transaction=True)

TITLES = ("The tide table", "Salt", "A house of rain", "What the river kept", "Nine lamps", "Under the ice")
JURORS = ("Mira Dolenc", "Ana Lucía Gómez", "Tomo Ilić", "Sade Bello")


@pytest.fixture
def house():
    house = make_house(films=0, jurors=0, reviews=2)
    for name in JURORS:
        box = name.split()[0].lower()
        seat_juror(house.edition, name=name, email=f"{box}@{name.split()[-1].lower()}.example")
    for place, title in enumerate(TITLES):
        film = make_eligible(house.edition, title=title, seconds=300.0 + 120 * place)
        film.credits.create(role="Director", name=f"Director {place}")
    film.credits.create(role="Editor", name="Gomes, Ana Lucia")
    film.contact_email = "desk@dolenc.example"
    film.save()
    Seat.objects.filter(juror__name="Tomo Ilić").update(most_minutes=25)
    return house


@pytest.mark.parametrize(("theme", "width"), [("paper", 1280), ("night", 360)])
def test_seats_and_lists_are_for_everybody(room, house, theme, width):
    for name, args in (("seats", []), ("assign", [house.round.pk])):
        page = room(
            house.organiser, reverse(f"jury_office:{name}", args=[house.edition.slug, *args]), theme, width
        )

        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_tie_is_settled_and_a_limit_kept_by_keyboard(room, house):
    page = room(house.organiser, reverse("jury_office:seats", args=[house.edition.slug]))

    page.get_by_role("button", name="A conflict between Mira Dolenc and Under the ice").press("Enter")
    page.get_by_text("Kept, with your name.").wait_for()
    page.get_by_label("At most this many minutes for Sade Bello").fill("30")
    page.get_by_role("button", name="Keep the limit of Sade Bello").press("Enter")
    page.get_by_text("The limit of Sade Bello is kept.").wait_for()

    assert Seat.objects.get(juror__name="Sade Bello").most_minutes == 30
    assert page.get_by_role("button", name="No conflict").count() == 1
