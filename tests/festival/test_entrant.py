from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from festival.models import Edition, Film, Upload
from tests.factories import (
    make_edition,
    make_film,
    make_footage,
    make_juror,
    make_organiser,
    make_user,
)
from tests.festival.entry_desk import DETAILS, address, close, details, make_ready

pytestmark = pytest.mark.django_db

PAGES = ["entry", "edit", "extras", "film", "statement", "preview", "submit", "withdraw", "receipt"]
POSTS = ["edit", "still_add", "subtitle_add", "retry", "statement", "submit", "withdraw"]


@pytest.fixture
def film():
    return make_film(footage=True)


@pytest.fixture
def ready():
    return make_ready()


# Who comes in


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_an_entry_opens_for_its_entrant(client, film, page):
    film.submitted_at = timezone.now()
    film.save()
    client.force_login(film.entrant)

    response = client.get(address(page, film))

    assert response.status_code == 200
    assert film.title in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_finds_anything_there(client, film, page):
    stranger, juror = make_user(), make_juror(film.edition)
    organiser, root = make_organiser(film.edition), make_user(is_superuser=True, is_staff=True)
    for person in (stranger, juror, organiser, root):
        client.force_login(person)
        assert client.get(address(page, film)).status_code == 404


@pytest.mark.parametrize("page", POSTS)
def test_nobody_else_can_post_there(client, film, page):
    for person in (make_user(), make_organiser(film.edition)):
        client.force_login(person)
        assert client.post(address(page, film), details(film)).status_code == 404

    film.refresh_from_db()
    assert film.logline == ""
    assert film.status == Film.Status.DRAFT


def test_nobody_else_reaches_a_picture_or_captions(client, film):
    still = film.stills.create(path="stills/one.jpg", width=1, height=1)
    subtitle = film.subtitles.create(language="en", label="English", vtt="WEBVTT\n", cues=0)
    mine = make_film()
    client.force_login(mine.entrant)

    for at in (film, mine):
        assert client.post(address("still", at, still=still.pk), {"remove": "1"}).status_code == 404
        assert client.post(address("subtitle_remove", at, subtitle=subtitle.pk)).status_code == 404
    assert film.stills.exists()
    assert film.subtitles.exists()


def test_a_published_film_still_hides_its_entrants_pages(client, film):
    Edition.objects.filter(pk=film.edition_id).update(status=Edition.Status.PUBLISHED)
    Film.objects.filter(pk=film.pk).update(status=Film.Status.SELECTED)
    client.force_login(make_user())

    assert client.get(reverse("public:film", args=[film.pk])).status_code == 200
    assert client.get(address("entry", film)).status_code == 404


@pytest.mark.parametrize("page", ["entries", "new"])
def test_a_visitor_is_asked_to_sign_in(client, page):
    response = client.get(reverse(f"entrant:{page}"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


# My films


@pytest.mark.parametrize("films", [1, 3])
def test_my_films_cost_the_same_for_one_and_three(client, films, django_assert_num_queries):
    maya = make_user()
    for _ in range(films):
        film = make_film(entrant=maya, edition=make_edition(), footage=True)
        make_footage(film=film, status="examining", progress=40)
    make_film()
    client.force_login(maya)

    with django_assert_num_queries(12):
        response = client.get(reverse("entrant:entries"))

    assert response.content.decode().count("Your file is being examined: 40 %.") == films


def test_an_empty_list_says_how_to_begin(client):
    make_edition()
    client.force_login(make_user())

    assert "Begin with a title." in client.get(reverse("entrant:entries")).content.decode()


# Begin


def test_a_title_is_enough_to_begin(client):
    edition, maya = make_edition(), make_user()
    client.force_login(maya)

    response = client.post(reverse("entrant:new"), {"edition": edition.pk, "title": "The Salt Harbour"})

    film = Film.objects.get(entrant=maya)
    assert response.url == address("entry", film)
    assert (film.title, film.edition, film.status) == ("The Salt Harbour", edition, "draft")


def test_without_a_title_nothing_begins(client):
    edition = make_edition()
    client.force_login(make_user())

    response = client.post(reverse("entrant:new"), {"edition": edition.pk, "title": " "})

    assert "Give the film a title. A working title will do." in response.content.decode()
    assert not Film.objects.exists()


def test_a_closed_call_takes_no_new_entry(client):
    edition = make_edition(status=Edition.Status.CLOSED)
    client.force_login(make_user())

    client.post(reverse("entrant:new"), {"edition": edition.pk, "title": "Late"})

    assert not Film.objects.exists()


def test_the_edition_in_the_address_is_chosen(client):
    make_edition()
    asked = make_edition(name="The other one")
    client.force_login(make_user())

    form = client.get(reverse("entrant:new"), {"edition": asked.slug}).context["form"]

    assert form.initial["edition"] == asked


# Details


def test_details_are_saved_as_a_whole(client, film):
    client.force_login(film.entrant)

    response = client.post(
        address("edit", film), details(film, credits=[("Director", "Maya"), ("Music", "João")])
    )

    film.refresh_from_db()
    assert response.status_code == 302
    assert (film.title, film.year) == ("The Salt Harbour", 2026)
    assert film.content_warnings == ["flashing lights", "a drowning"]
    assert list(film.countries.values_list("code", flat=True)) == ["PT", "FR"]
    assert list(film.languages.values_list("code", flat=True)) == ["pt"]
    assert list(film.credits.values_list("role", "name")) == [("Director", "Maya"), ("Music", "João")]


def test_a_draft_may_be_saved_with_a_title_alone(client, film):
    client.force_login(film.entrant)

    bare = {"title": "Only this", "credits-TOTAL_FORMS": 2, "credits-INITIAL_FORMS": 0}
    response = client.post(address("edit", film), bare)

    film.refresh_from_db()
    assert response.status_code == 302
    assert film.title == "Only this"


def test_the_page_shows_again_what_was_saved(client, film):
    client.force_login(film.entrant)
    client.post(address("edit", film), details(film))

    page = client.get(address("edit", film)).content.decode()

    assert 'value="Portugal, France"' in page
    assert 'value="Portuguese"' in page
    assert 'value="a drowning"' in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"countries": "Portugall"}, "We know no country called “Portugall”. Did you mean Portugal?"),
        ({"languages": "Klingon"}, "We know no language called “Klingon”."),
        ({"year": "1066"}, "Give a year between 1888 and"),
        ({"title": ""}, "Give the film a title."),
        ({"contact_email": "maya"}, "valid email address"),
        ({"credits-0-role": ""}, "What did Maya do?"),
        ({"credits-0-name": ""}, "Who was it?"),
    ],
)
def test_an_invalid_form_says_what_is_wrong_and_keeps_all_that_was_typed(client, film, changes, words):
    client.force_login(film.entrant)

    response = client.post(address("edit", film), details(film, **changes))

    page = response.content.decode()
    assert words in page
    assert "nothing you typed is lost" in page
    assert DETAILS["logline"] in page
    assert "a drowning" in page
    film.refresh_from_db()
    assert film.logline == ""


def test_after_submitting_an_entry_is_editable_but_stays_complete(client, ready):
    Film.objects.filter(pk=ready.pk).update(status=Film.Status.SUBMITTED)
    client.force_login(ready.entrant)

    better = client.post(address("edit", ready), details(ready, logline="A better sentence."))
    worse = client.post(address("edit", ready), details(ready, logline="", synopsis="Kept on the page"))

    assert better.status_code == 302
    assert "must stay complete" in worse.content.decode()
    assert "Kept on the page" in worse.content.decode()
    ready.refresh_from_db()
    assert ready.logline == "A better sentence."


@pytest.mark.parametrize("page", ["edit", "extras", "statement"])
def test_after_the_deadline_nothing_can_be_changed(client, ready, page):
    close(ready.edition)
    client.force_login(ready.entrant)

    response = client.post(address(page, ready), details(ready, title="Another"), follow=True)

    assert response.redirect_chain[-1][0] == address("entry", ready)
    assert "The call closed on" in response.content.decode()
    ready.refresh_from_db()
    assert ready.title != "Another"


def test_an_upload_begun_before_the_deadline_keeps_the_entry_open(client, ready):
    close(ready.edition)
    Upload.objects.create(
        film=ready,
        owner=ready.entrant,
        name="late.mov",
        size_bytes=10,
        begun_at=timezone.now() - timedelta(hours=2),
        expires_at=timezone.now() + timedelta(hours=2),
    )
    client.force_login(ready.entrant)

    assert client.post(address("edit", ready), details(ready)).url == address("edit", ready)
    assert client.post(address("submit", ready)).url == address("receipt", ready)
