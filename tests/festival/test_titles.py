"""Names in the picture, marked by the entrant; and how far the jury has watched, told to the entrant."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from festival import viewership
from festival.models import Film, TitleRange, Viewership
from tests.factories import make_edition, make_film, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def film():
    return make_film(footage=True)  # sixty seconds


def posted(*rows, initial=0):
    """The page's form: each row is (in, out, kind) and, where it stands already, its id."""
    data = {"ranges-TOTAL_FORMS": len(rows), "ranges-INITIAL_FORMS": initial}
    for number, (start, end, kind, *pk) in enumerate(rows):
        data |= {f"ranges-{number}-start_s": start, f"ranges-{number}-end_s": end}
        data |= {f"ranges-{number}-kind": kind, f"ranges-{number}-id": pk[0] if pk else ""}
    return data


def save(client, film, data):
    client.force_login(film.entrant)
    return client.post(reverse("entrant:titles", args=[film.pk]), data)


def kept(film):
    return list(film.title_ranges.values_list("start_s", "end_s", "kind"))


def test_titles_and_credits_are_kept_in_seconds(client, film):
    response = save(client, film, posted(("0:00:02.50", "6", "titles"), ("0:52", "1:00", "credits")))

    assert response.status_code == 302
    assert kept(film) == [(2.5, 6.0, "titles"), (52.0, 60.0, "credits")]
    page = client.get(reverse("entrant:titles", args=[film.pk])).content.decode()
    assert 'value="0:00:02.50"' in page


def test_a_range_can_be_taken_out_again(client, film):
    row = film.title_ranges.create(start_s=1, end_s=4)

    save(client, film, posted(("1", "4", "titles", row.pk), initial=1) | {"ranges-0-DELETE": "on"})

    assert kept(film) == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("6", "2", "titles"), "A range ends after it begins."),
        (("0:50", "2:00", "credits"), "ends after the film does, at 1:00.00"),
        (("a", "2", "titles"), "Write a timecode as h:mm:ss.cc"),
        (("1", "2", "logo"), "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(client, film, row, words):
    response = save(client, film, posted(row))

    assert response.status_code == 200
    assert words in response.content.decode()
    assert not TitleRange.objects.exists()


def test_nobody_else_marks_names_and_not_when_the_call_has_closed(client, film):
    client.force_login(make_user())
    assert (
        client.post(reverse("entrant:titles", args=[film.pk]), posted(("1", "2", "titles"))).status_code
        == 404
    )

    late = make_film(edition=make_edition(deadline_in=-timedelta(days=1)), footage=True)
    assert save(client, late, posted(("1", "2", "titles"))).headers["Location"] == reverse(
        "entrant:entry", args=[late.pk]
    )
    assert not TitleRange.objects.exists()


def test_the_jurys_preview_covers_what_is_marked(client, film):
    film.title_ranges.create(start_s=0, end_s=4.2)
    client.force_login(film.entrant)

    text = client.get(reverse("entrant:preview", args=[film.pk]), {"as": "jury"}).content.decode()

    assert '<name-cover ranges="0.000-4.200"' in text
    assert "a card covers the picture there" in text


# How far it was watched


def tell(film, round, *, round_name="First review", at=None, jurors=3, viewings=2, share=81):
    watched = viewership.Watched(film.pk, jurors=jurors, viewings=viewings, share=share)
    viewership.record([watched], round=round, round_name=round_name, at=at or timezone.now())


def test_the_entrant_reads_how_far_each_round_watched(client, film):
    Film.objects.filter(pk=film.pk).update(status=Film.Status.ELIGIBLE)
    tell(film, 1, at=datetime(2027, 3, 4, 12, tzinfo=UTC))
    tell(film, 2, round_name="Final", jurors=1, viewings=0, share=12)
    client.force_login(film.entrant)

    text = client.get(reverse("entrant:entry", args=[film.pk])).content.decode()

    assert "First review: 2 of 3 jurors watched all of it, or as good as." in text
    assert "On average 81 % of the film was seen." in text
    assert "Final: 0 of 1 juror watched" in text
    assert "Thu 4 March 2027, 12:00" in text


def test_before_anybody_watched_nothing_is_claimed(client, film):
    client.force_login(film.entrant)

    assert (
        "How far it was watched" not in client.get(reverse("entrant:entry", args=[film.pk])).content.decode()
    )


def test_a_round_counted_again_replaces_what_stood_there(film):
    tell(film, 1, viewings=1)
    tell(film, 1, viewings=3, share=99)

    assert list(Viewership.objects.values_list("viewings", "share")) == [(3, 99)]
