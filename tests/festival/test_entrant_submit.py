"""The second half of an entry's way: pictures, captions, the file, the last look, and handing it in."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from festival.models import Film, Footage, Notice
from tests.factories import make_film, make_footage
from tests.festival.entry_desk import address, close, make_ready
from tests.festival.test_captions import SRT

pytestmark = pytest.mark.django_db


@pytest.fixture
def film():
    return make_film(footage=True)


@pytest.fixture
def ready():
    return make_ready()


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


@pytest.mark.parametrize(("page", "queries"), [("entry", 27), ("preview", 16), ("submit", 22)])
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
