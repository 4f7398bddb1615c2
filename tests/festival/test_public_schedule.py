"""The schedule, its calendar, and a screening's page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from festival.models import Edition, Screening, Venue
from tests.factories import make_organiser, make_user
from tests.festival.test_public import make_bill

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("films", [1, 3])
def test_schedule_costs_the_same_for_one_film_and_three(client, films, django_assert_num_queries):
    make_bill(films=films)

    with django_assert_num_queries(5):
        response = client.get("/schedule/")

    assert response.status_code == 200


@pytest.mark.parametrize("shows", [1, 3])
def test_schedule_costs_the_same_for_one_screening_and_three(client, shows, django_assert_num_queries):
    edition = make_bill()
    show = edition.screenings.get()
    for hour in range(1, shows):
        show.pk = None
        show.starts_at += timedelta(hours=hour)
        show.save(force_insert=True)

    with django_assert_num_queries(5):
        response = client.get("/schedule/")

    assert sum(len(day.screenings) for day in response.context["days"]) == shows


def test_schedule_puts_a_late_show_on_the_festivals_own_day(client):
    edition = make_bill()
    edition.screenings.update(
        starts_at=datetime(2027, 7, 3, 23, 30, tzinfo=UTC), ends_at=datetime(2027, 7, 4, 1, 0, tzinfo=UTC)
    )

    page = client.get("/schedule/")

    assert [day.date.isoformat() for day in page.context["days"]] == ["2027-07-04"]
    assert "00:30" in page.content.decode()
    assert "Lisbon time" in page.content.decode()


def test_schedule_shows_one_venue_when_asked(client):
    edition = make_bill()
    small = Venue.objects.create(edition=edition, name="The Small Room")
    now = timezone.now()
    Screening.objects.create(edition=edition, venue=small, title="Small hours", starts_at=now, ends_at=now)

    days = client.get(f"/schedule/?venue={small.pk}").context["days"]

    assert [show.title for day in days for show in day.screenings] == ["Small hours"]


def test_schedule_of_an_unpublished_edition_is_empty(client):
    edition = make_bill()
    edition.status = Edition.Status.CLOSED
    edition.save()

    assert "not out yet" in client.get("/schedule/").content.decode()
    assert client.get("/schedule.ics").status_code == 404


def test_calendar_holds_every_screening_at_its_moment(client):
    edition = make_bill()
    show = edition.screenings.get()
    edition.screenings.update(
        starts_at=datetime(2027, 7, 3, 19, 0, tzinfo=UTC), ends_at=datetime(2027, 7, 3, 20, 30, tzinfo=UTC)
    )

    answer = client.get("/schedule.ics")
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert event.decoded("dtstart") == datetime(2027, 7, 3, 19, 0, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2027, 7, 3, 20, 30, tzinfo=UTC)
    assert str(event["summary"]) == "Opening night"
    assert str(event["location"]) == "Cinema Império, Alameda 12"
    assert str(event["uid"]) == f"{show.pk}@marquee"
    assert edition.films.get().title in str(event["description"])


def test_calendar_gives_one_screening_when_asked(client):
    edition = make_bill()
    show = edition.screenings.get()
    now = timezone.now()
    Screening.objects.create(edition=edition, venue=show.venue, title="Other", starts_at=now, ends_at=now)

    events = Calendar.from_ical(client.get(f"/schedule.ics?screening={show.pk}").content).walk("VEVENT")

    assert [str(event["summary"]) for event in events] == ["Opening night"]


@pytest.mark.parametrize("films", [1, 3])
def test_a_screening_costs_the_same_for_one_film_and_three(client, films, django_assert_num_queries):
    show = make_bill(films=films).screenings.get()

    with django_assert_num_queries(4):
        response = client.get(f"/screenings/{show.pk}/")

    assert response.status_code == 200


def test_a_screening_of_an_unpublished_edition_is_for_its_organisers_only(client):
    edition = make_bill()
    show = edition.screenings.get()
    Edition.objects.update(status=Edition.Status.CLOSED)

    assert client.get(f"/screenings/{show.pk}/").status_code == 404
    client.force_login(make_user())
    assert client.get(f"/screenings/{show.pk}/").status_code == 404
    client.force_login(make_organiser(edition))
    assert client.get(f"/screenings/{show.pk}/").status_code == 200
