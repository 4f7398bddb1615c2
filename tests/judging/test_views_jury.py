"""The jury room: whose films one sees, what a blind page keeps to itself, and how marks are kept."""

import re

import pytest
from django.urls import reverse

from festival.captions import Cue, write
from festival.models import DepartmentUse, Film, Statement, Subtitle
from judging import panels, rounds
from judging.models import Assignment, Conflict, Mark, Round
from tests.factories import make_user
from tests.judging.factories import make_house, watch

pytestmark = pytest.mark.django_db

SECRETS = {
    "entrant": "Severina Quagliozzi",
    "credit": "Bartholomew Oyelaran",
    "contact": "Philippa Ndiaye-Stern",
    "mail": "atelier@quagliozzi.example",
    "phone": "+351 918 273 645",
    "signed": "S. Quagliozzi",
    "process": "Severina drew every frame herself",
}


@pytest.fixture
def house():
    return make_house(films=2, jurors=2, reviews=2).open()


def make_secretive(film: Film):
    """Put the makers' names everywhere a film can hold them."""
    film.entrant.name = SECRETS["entrant"]
    film.entrant.save()
    film.contact_name, film.contact_email = SECRETS["contact"], SECRETS["mail"]
    film.contact_phone = SECRETS["phone"]
    film.logline, film.synopsis = "A lighthouse forgets its sea.", "It remembers too late."
    film.content_warnings = ["flashing light"]
    film.save()
    film.credits.create(role="Director", name=SECRETS["credit"])
    Statement.objects.create(
        film=film, process=SECRETS["process"], attested_name=SECRETS["signed"], attested_by=film.entrant
    )
    DepartmentUse.objects.create(film=film, department="picture", extent="generated")
    Subtitle.objects.create(
        film=film, language="pt", label=f"Legendas de {SECRETS['credit']}", vtt="WEBVTT\n", cues=0
    )
    film.footage.name = "quagliozzi_final_v7.mp4"
    film.footage.save()


def page(client, assignment, **headers):
    return client.get(reverse("jury:film", args=[assignment.pk]), **headers)


def posted(assignment, *values, **more):
    """The form as a browser posts it: what is chosen, beside what the page had shown."""
    criteria = assignment.round.criteria.all()
    chosen = {f"c{c.pk}": value for c, value in zip(criteria, values, strict=False) if value is not None}
    shown = {f"initial-c{c.pk}": "" for c in criteria}
    words = {"initial-note": "", "note": "", "initial-share_note": "False"}
    return shown | words | chosen | more


# Who may come in


def test_visitors_are_asked_to_sign_in(client, house):
    for name, args in [("films", []), ("film", [house.assignment().pk]), ("recuse", [house.assignment().pk])]:
        address = reverse(f"jury:{name}", args=args)
        assert client.get(address).headers["Location"].endswith(f"?next={address}")


@pytest.mark.parametrize("who", ["stranger", "entrant", "organiser", "other juror"])
@pytest.mark.parametrize("what", ["film", "recuse", "captions"])
def test_a_film_not_on_ones_list_does_not_exist(client, house, who, what):
    assignment = house.assignment()
    other = next(juror for juror in house.jurors if juror != assignment.juror)
    person = {"stranger": make_user(), "entrant": assignment.film.entrant, "organiser": house.organiser}
    client.force_login(person.get(who, other))
    args = [assignment.pk, "pt"] if what == "captions" else [assignment.pk]

    assert client.get(reverse(f"jury:{what}", args=args)).status_code == 404
    if what != "captions":
        assert client.post(reverse(f"jury:{what}", args=args), posted(assignment, 5, 5)).status_code == 404
    assert not Mark.objects.exists() and not Conflict.objects.exists()


def test_before_opening_a_list_is_empty_and_says_so(client):
    house = make_house(films=1, jurors=1)
    panels.assign(house.round, by=house.organiser)
    client.force_login(house.jurors[0])

    response = client.get(reverse("jury:films"))

    assert "No films on your list" in response.content.decode()
    assert page(client, Assignment.objects.get()).status_code == 404


# The list


def test_the_list_shows_progress_in_films_and_minutes_and_the_next_film(client, house):
    juror = house.jurors[0]
    first, second = house.round.assignments.filter(juror=juror)
    house.review(first, 7)
    client.force_login(juror)

    text = client.get(reverse("jury:films")).content.decode()

    done = 1 if first.film == house.films[0] else 2
    assert "<strong>1 of 2</strong>" in text
    assert f"{done} min of 3 min" in text
    assert f"Next film: {second.film.title}" in text
    assert text.count(">Marked<") == 1 and text.count(">Not yet<") == 1


@pytest.mark.parametrize("films", [1, 3])
def test_the_list_costs_the_same_for_one_film_and_three(client, films, django_assert_num_queries):
    house = make_house(films=films, jurors=1).open()
    client.force_login(house.jurors[0])

    with django_assert_num_queries(6):  # session, person, roles, films, names in them, rounds
        response = client.get(reverse("jury:films"))

    assert response.content.decode().count('<li class="film">') == films


# The film's page


def test_a_blind_page_shows_the_film_and_nothing_that_names_its_makers(client, house):
    assignment = house.assignment()
    make_secretive(assignment.film)
    client.force_login(assignment.juror)

    response = page(client, assignment)

    text = response.content.decode()
    for words in (assignment.film.title, "A lighthouse forgets", "It remembers", "flashing light", "Picture"):
        assert words in text
    for secret in [*SECRETS.values(), "Quagliozzi", "quagliozzi", assignment.film.entrant.email]:
        assert secret not in text
    listed = client.get(reverse("jury:films")).content.decode()
    assert not [secret for secret in SECRETS.values() if secret in listed]


def test_an_open_round_names_the_makers(client):
    house = make_house(films=1, jurors=1, blind=False).open()
    make_secretive(house.films[0])
    client.force_login(house.jurors[0])

    text = page(client, house.assignment()).content.decode()

    assert SECRETS["credit"] in text
    assert SECRETS["mail"] not in text and SECRETS["phone"] not in text


def test_a_juror_reads_the_captions_of_an_assigned_film(client, house):
    assignment = house.assignment()
    make_secretive(assignment.film)
    client.force_login(assignment.juror)

    response = client.get(reverse("jury:captions", args=[assignment.pk, "pt"]))

    assert response.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert response.content == b"WEBVTT\n"
    assert client.get(reverse("jury:captions", args=[assignment.pk, "xx"])).status_code == 404


def test_captions_of_covered_names_are_left_out_in_a_blind_round(client, house):
    assignment = house.assignment()
    spoken = [Cue(1, 2, "The sea."), Cue(3, 5, "Directed by"), Cue(6, 7, "The end.")]
    assignment.film.subtitles.create(language="en", label="English", vtt=write(spoken), cues=3)
    assignment.film.title_ranges.create(start_s=4, end_s=6)
    client.force_login(assignment.juror)
    address = reverse("jury:captions", args=[assignment.pk, "en"])

    assert client.get(address).content.decode() == write([spoken[0], spoken[2]])

    Round.objects.update(blind=False)
    assert client.get(address).content.decode() == write(spoken)


def test_a_blind_page_says_what_is_covered_and_names_no_frame_of_it(client, house):
    assignment = house.assignment()
    assignment.film.title_ranges.create(start_s=0, end_s=4.2)
    assignment.film.title_ranges.create(start_s=50, end_s=60, kind="credits")
    client.force_login(assignment.juror)

    text = page(client, assignment).content.decode()

    assert "The film shows names from 0:00 to 0:04 and 0:50 to 1:00." in text
    assert '<name-cover ranges="0.000-4.200,50.000-60.000"' in text
    assert "poster.jpg" not in text and "sprite" not in text.replace('sprite=""', "")
    listed = client.get(reverse("jury:films")).content.decode()
    assert listed.count('<img src="/media/') == 1  # of the other film


@pytest.mark.parametrize("films", [1, 3])
def test_the_film_page_costs_the_same_for_one_film_and_three(client, films, django_assert_num_queries):
    house = make_house(films=films, jurors=1).open()
    client.force_login(house.jurors[0])

    with django_assert_num_queries(15):
        assert page(client, house.assignment()).status_code == 200


def test_a_closed_round_shows_the_marks_and_takes_none(client, house):
    assignment = house.assignment()
    house.review(assignment, 7, 8)
    rounds.close(house.round, by=house.organiser, note="Enough.")
    client.force_login(assignment.juror)

    response = page(client, assignment)

    assert "The marks you gave are kept." in response.content.decode()
    assert '<fieldset class="rubric" disabled>' in response.content.decode()


# Marking


def test_marks_are_kept_by_the_button_and_lead_to_the_next_film(client, house):
    first, second = house.round.assignments.filter(juror=house.jurors[0])
    client.force_login(house.jurors[0])

    response = client.post(
        reverse("jury:film", args=[first.pk]),
        posted(first, 7, 10, note="Strong.", share_note="on", next="on"),
        follow=True,
    )

    assert response.redirect_chain == [(reverse("jury:film", args=[second.pk]), 302)]
    assert "Saved" in response.content.decode()
    mark = Mark.objects.get(assignment=first)
    assert list(mark.scores.values_list("value", flat=True)) == [7, 10]
    assert (mark.note, mark.share_note) == ("Strong.", True)


def test_the_last_film_leads_back_to_the_list(client):
    house = make_house(films=1, jurors=1).open()
    client.force_login(house.jurors[0])

    response = client.post(
        reverse("jury:film", args=[house.assignment().pk]), posted(house.assignment(), 7, 7, next="on")
    )

    assert response.headers["Location"] == reverse("jury:films")


def test_saved_by_script_it_answers_with_the_time(client, house):
    assignment = house.assignment()
    client.force_login(assignment.juror)

    response = client.post(
        reverse("jury:film", args=[assignment.pk]),
        posted(assignment, 7),
        headers={"Accept": "application/json"},
    )

    assert response.json() == {"saved_at": Mark.objects.get().given_at.isoformat(), "scored": 1}


@pytest.mark.parametrize("value", ["0", "11", "good", "7.5", "-1"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_mark_out_of_range_is_said_and_nothing_typed_is_lost(client, house, value, accept):
    assignment = house.assignment()
    client.force_login(assignment.juror)

    response = client.post(
        reverse("jury:film", args=[assignment.pk]),
        posted(assignment, 6, value, note="Half a page of thoughts."),
        headers={"Accept": accept},
    )

    assert response.status_code == 422
    assert f"Give a whole mark from 1 to 10, not {value}." in response.content.decode()
    if accept == "text/html":
        assert "Half a page of thoughts." in response.content.decode()
        assert re.search(r'value="6"[^>]*checked', response.content.decode())
    assert not Mark.objects.exists()


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_after_closing_the_sentence_says_so_and_the_note_is_still_there(client, house, accept):
    assignment = house.assignment()
    client.force_login(assignment.juror)
    rounds.close(house.round, by=house.organiser, note="Enough.")

    response = client.post(
        reverse("jury:film", args=[assignment.pk]),
        posted(assignment, 6, 6, note="Late thoughts."),
        headers={"Accept": accept},
    )

    assert response.status_code == 403
    assert "The marks you gave are kept." in response.content.decode()
    assert accept != "text/html" or "Late thoughts." in response.content.decode()
    assert not Mark.objects.exists()


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_an_unwatched_film_takes_no_marks_and_the_sentence_says_how_much_is_lacking(client, house, accept):
    assignment = house.assignment()
    watch(assignment, percent=41)
    client.force_login(assignment.juror)

    response = client.post(
        reverse("jury:film", args=[assignment.pk]),
        posted(assignment, 6, 6, note="Early thoughts."),
        headers={"Accept": accept},
    )

    assert response.status_code == 403
    assert (
        "Watch at least 90 % of the film before you mark it; you have seen 41 %." in response.content.decode()
    )
    assert accept != "text/html" or "Early thoughts." in response.content.decode()
    assert not Mark.objects.exists()


def test_a_recused_film_takes_no_marks_from_any_tab(client, house):
    assignment = house.assignment()
    panels.declare_conflict(assignment, by=assignment.juror, reason="I know them.")
    client.force_login(assignment.juror)

    answer = client.post(reverse("jury:film", args=[assignment.pk]), posted(assignment, 6, 6))

    assert answer.status_code == 404
    assert not Mark.objects.exists()


def test_an_empty_post_changes_nothing(client, house):
    assignment = house.assignment()
    house.review(assignment, 7, note="Kept.")
    client.force_login(assignment.juror)

    assert client.post(reverse("jury:film", args=[assignment.pk])).status_code == 302
    assert client.post(reverse("jury:recuse", args=[assignment.pk])).status_code == 422
    mark = Mark.objects.get()
    assert (mark.note, mark.scores.count()) == ("Kept.", 2)


def test_a_stale_tab_undoes_nothing(client, house):
    assignment = house.assignment()
    story, sound = house.criteria()
    client.force_login(assignment.juror)
    address = reverse("jury:film", args=[assignment.pk])
    stale = posted(assignment, None, 3)  # loaded before anything was marked

    client.post(address, posted(assignment, 9, None, note="Said in the first tab."))
    client.post(address, stale)

    mark = Mark.objects.get()
    assert dict(mark.scores.values_list("criterion", "value")) == {story.pk: 9, sound.pk: 3}
    assert mark.note == "Said in the first tab."


def test_a_stale_tab_with_an_old_mark_does_not_bring_it_back(client, house):
    assignment = house.assignment()
    story, _ = house.criteria()
    house.review(assignment, 4, 4)
    client.force_login(assignment.juror)
    stale = posted(assignment, 4, 8) | {f"initial-c{c.pk}": "4" for c in house.criteria()}
    house.review(assignment, 9, 4)

    client.post(reverse("jury:film", args=[assignment.pk]), stale)

    assert Mark.objects.get().scores.get(criterion=story).value == 9


# Stepping down


def test_stepping_down_thanks_and_takes_the_film_off_the_list(client, house):
    assignment = house.assignment()
    client.force_login(assignment.juror)

    response = client.post(
        reverse("jury:recuse", args=[assignment.pk]), {"reason": "I taught the director."}, follow=True
    )

    assert "Thank you for saying so." in response.content.decode()
    assert assignment.pk not in Assignment.objects.visible_to(assignment.juror).values_list("pk", flat=True)
    assert page(client, assignment).status_code == 404


def test_stepping_down_needs_a_reason(client, house):
    assignment = house.assignment()
    client.force_login(assignment.juror)

    response = client.post(reverse("jury:recuse", args=[assignment.pk]), {"reason": " "})

    assert response.status_code == 422
    assert "Say in a few words what ties you to this film." in response.content.decode()
    assert not Conflict.objects.exists()
