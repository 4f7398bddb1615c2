from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from festival.models import DeadlineTier, Edition, Film, Footage, Notice, Upload
from tests.factories import (
    make_edition,
    make_film,
    make_footage,
    make_juror,
    make_organiser,
    make_statement,
    make_user,
)
from tests.festival.test_captions import SRT

pytestmark = pytest.mark.django_db

PAGES = ["entry", "edit", "extras", "film", "statement", "preview", "submit", "withdraw", "receipt"]
POSTS = ["edit", "still_add", "subtitle_add", "retry", "statement", "submit", "withdraw"]
DETAILS = {
    "title": "The Salt Harbour",
    "logline": "A lighthouse keeper teaches a machine to remember the sea.",
    "synopsis": "She reads it the tides, night after night.",
    "year": "2026",
    "countries": "Portugal, FR",
    "languages": "portuguese",
    "content_warnings": ["flashing lights"],
    "other_warnings": "a drowning",
    "contact_name": "Maya",
    "contact_email": "maya@example.org",
    "rights_picture": "on",
    "rights_music": "on",
    "rights_screening": "on",
}


def details(film, credits=(("Director", "Maya"),), **changes):
    rows = {"credits-TOTAL_FORMS": len(credits), "credits-INITIAL_FORMS": 0}
    for number, (role, name) in enumerate(credits):
        rows |= {f"credits-{number}-role": role, f"credits-{number}-name": name}
    return DETAILS | rows | {"section": film.section_id} | changes


@pytest.fixture
def film():
    return make_film(footage=True)


@pytest.fixture
def ready():
    """A film of which nothing is missing."""
    film = make_film(
        footage=True,
        logline="A harbour.",
        synopsis="A harbour and a lamp.",
        year=2026,
        contact_email="maya@example.org",
        rights_picture=True,
        rights_music=True,
        rights_screening=True,
    )
    film.countries.create(code="PT")
    film.languages.create(code="pt")
    film.credits.create(role="Director", name="Maya")
    make_statement(film)
    return film


def address(name, film, **more):
    return reverse(f"entrant:{name}", kwargs={"pk": film.pk} | more)


def close(edition):
    """Let the deadline be an hour ago."""
    DeadlineTier.objects.filter(edition=edition).update(closes_at=timezone.now() - timedelta(hours=1))


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

    with django_assert_num_queries(11):
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


# Pictures and captions


def picture(size=(40, 30)):
    file = BytesIO()
    Image.new("RGB", size, "#804020").save(file, "PNG")
    return SimpleUploadedFile("still.png", file.getvalue(), "image/png")


def test_a_picture_is_taken_in_described_and_taken_away(client, film):
    client.force_login(film.entrant)

    client.post(
        address("still_add", film), {"still-picture": picture(), "still-kind": "still", "still-alt": "Sand"}
    )
    still = film.stills.get()
    name = f"still-{still.pk.hex}"
    words = {f"{name}-alt": "A dune", f"{name}-focus_x": 25, f"{name}-focus_y": 75}
    client.post(address("still", film, still=still.pk), words)
    still.refresh_from_db()
    described = (still.width, still.height, still.alt, still.focus_x, still.focus_y)
    client.post(address("still", film, still=still.pk), {"remove": "1"})

    assert described == (40, 30, "A dune", 0.25, 0.75)
    assert not film.stills.exists()


def test_a_refused_picture_keeps_the_words_typed_beside_it(client, film):
    client.force_login(film.entrant)
    lie = SimpleUploadedFile("still.png", b"not a picture", "image/png")

    response = client.post(
        address("still_add", film),
        {"still-picture": lie, "still-kind": "poster", "still-alt": "A dune at dawn"},
    )

    page = response.content.decode()
    assert "not a JPEG, PNG or WebP picture" in page
    assert "A dune at dawn" in page


def test_captions_are_taken_in_and_taken_away(client, film):
    client.force_login(film.entrant)
    file = SimpleUploadedFile("captions.srt", SRT)

    response = client.post(
        address("subtitle_add", film), {"subtitle-language": "en", "subtitle-file": file}, follow=True
    )

    assert "English: 2 captions, written anew as WebVTT." in response.content.decode()
    client.post(address("subtitle_remove", film, subtitle=film.subtitles.get().pk))
    assert not film.subtitles.exists()


def test_captions_that_cannot_be_read_get_a_sentence(client, film):
    client.force_login(film.entrant)
    file = SimpleUploadedFile("captions.srt", b"just words")

    response = client.post(address("subtitle_add", film), {"subtitle-language": "en", "subtitle-file": file})

    assert "neither SRT nor WebVTT that we can read" in response.content.decode()


# The file


def test_a_refused_file_says_why_and_offers_one_click(client):
    film = make_film()
    make_footage(film=film, status=Footage.Status.REFUSED, problem="The file ends in the middle.")
    client.force_login(film.entrant)

    page = client.get(address("film", film)).content.decode()

    assert "The file ends in the middle." in page
    assert "Examine it again" in page


def test_one_click_has_the_file_examined_again(client):
    film = make_film()
    footage = make_footage(film=film, status=Footage.Status.FAILED)
    client.force_login(film.entrant)

    response = client.post(address("retry", film))

    footage.refresh_from_db()
    assert response.url == address("film", film)
    assert footage.status == Footage.Status.WAITING


def test_there_is_nothing_to_try_again_with_a_good_file(client, film):
    client.force_login(film.entrant)

    response = client.post(address("retry", film), follow=True)

    assert "There is nothing to try again" in response.content.decode()


# Submit, withdraw


def test_a_complete_film_is_submitted_and_gets_its_receipt(client, ready):
    client.force_login(ready.entrant)

    response = client.post(address("submit", ready), follow=True)

    page = response.content.decode()
    assert response.redirect_chain == [(address("receipt", ready), 302)]
    assert "Submitted. You can change it until" in page
    assert ready.footage.sha256 in page
    assert Notice.objects.get(film=ready).kind == "receipt"


def test_a_double_submit_is_submitted_once(client, ready):
    client.force_login(ready.entrant)

    client.post(address("submit", ready))
    again = client.post(address("submit", ready), follow=True)

    assert again.redirect_chain == [(address("entry", ready), 302)]
    assert "This film has already been submitted." in again.content.decode()
    assert ready.events.filter(became="submitted").count() == 1
    assert Notice.objects.filter(kind="receipt").count() == 1


def test_what_is_missing_stands_on_the_page_before_submitting(client, film):
    client.force_login(film.entrant)

    page = client.get(address("submit", film)).content.decode()

    assert "Write a synopsis." in page
    assert "Sign the statement with your name." in page
    assert "Submit film</button>" not in page


def test_ai_footage_without_a_statement_cannot_be_submitted(client, ready):
    ready.disclosures.create(start_s=4, end_s=9)
    client.force_login(ready.entrant)

    response = client.post(address("submit", ready), follow=True)

    assert "Say how the footage at 0:04–0:09 was made." in response.content.decode()
    ready.refresh_from_db()
    assert ready.status == Film.Status.DRAFT


def test_nothing_is_submitted_after_the_deadline(client, ready):
    close(ready.edition)
    client.force_login(ready.entrant)

    response = client.post(address("submit", ready), follow=True)

    assert "The call closed on" in response.content.decode()
    assert "Nothing you entered is lost." in response.content.decode()


def test_a_film_is_withdrawn_after_a_second_look(client, ready):
    client.force_login(ready.entrant)

    asked = client.get(address("withdraw", ready)).content.decode()
    response = client.post(address("withdraw", ready), follow=True)

    ready.refresh_from_db()
    assert "Withdraw the film?" in asked
    assert "is withdrawn. Your files and texts are kept." in response.content.decode()
    assert ready.status == Film.Status.WITHDRAWN


def test_there_is_no_receipt_before_there_is_something_to_receive(client, film):
    client.force_login(film.entrant)

    assert client.get(address("receipt", film)).url == address("entry", film)


# Preview


def test_the_preview_for_audiences_is_the_films_own_page(client, ready):
    client.force_login(ready.entrant)

    response = client.get(address("preview", ready))

    assert "festival/public/film.html" in [template.name for template in response.templates]
    assert "Maya" in response.content.decode()


def test_the_preview_for_the_jury_names_nobody(client, ready):
    ready.departments.filter(department="picture").update(human_part="Maya drew it.")
    client.force_login(ready.entrant)

    main = client.get(address("preview", ready), {"as": "jury"}).content.decode().split("<main")[1]

    assert "makers’ names are hidden" in main
    assert "Maya" not in main
    assert ready.entrant.name not in main


@pytest.mark.parametrize(("page", "queries"), [("entry", 25), ("preview", 15), ("submit", 22)])
@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_an_entry_cost_the_same_however_much_is_in_it(
    client, ready, page, queries, rows, django_assert_num_queries
):
    for number in range(rows):
        ready.credits.create(role="Cast", name=f"Person {number}")
        ready.disclosures.create(start_s=number, end_s=number + 1)
        ready.stills.create(path=f"stills/{number}.jpg", width=1, height=1)
        make_footage(film=ready)
    client.force_login(ready.entrant)

    with django_assert_num_queries(queries):
        client.get(address(page, ready))
