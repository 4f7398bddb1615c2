"""The jury's side of the office: who may come in, and what each page does."""

import pytest
from django.urls import reverse

from festival.models import Role
from judging.models import Panel, Round, Seat
from judging.rubrics import FESTIVAL
from tests.factories import make_organiser, make_section, make_user
from tests.judging.factories import make_eligible, make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house(films=2, jurors=2, reviews=2)


def at(name, house, *args):
    return reverse(f"jury_office:{name}", args=[house.edition.slug, *args])


def pages(house):
    """Every page a person may look at."""
    round, film = house.round.pk, house.films[0].pk
    return [
        at("rounds", house),
        at("seats", house),
        *(at(name, house, round) for name in ("round", "rubric", "assign", "results", "export")),
        at("marks", house, round, film),
    ]


SIGHT = {
    "sight-blind": "always",
    "sight-names_jurors": "never",
    "sight-sees_others": "after",
    "sight-sees_earlier": "never",
}
TERMS = {"name": "Long list", "takes": "all", "reviews": 1, "watch_share": 80, **SIGHT}


def words(response) -> str:
    return response.content.decode()


# The door


@pytest.mark.parametrize("who", ["stranger", "entrant", "juror", "other organiser"])
def test_only_the_edition_s_organisers_find_the_jury_s_pages(client, house, who):
    person = {
        "stranger": make_user,
        "entrant": lambda: house.films[0].entrant,
        "juror": lambda: house.jurors[0],
        "other organiser": lambda: make_organiser(make_house(films=0, jurors=0).edition),
    }[who]()
    client.force_login(person)

    assert {client.get(address).status_code for address in pages(house)} == {404}
    for name in ("open", "close", "begin_rubric", "decide", "hours", "waive", "rule", "allot"):
        assert client.post(at(name, house, house.round.pk)).status_code == 404
    assert client.post(at("unseat", house, Seat.objects.first().pk)).status_code == 404
    assert client.post(at("panel", house), {"name": "Ours"}).status_code == 404
    house.round.refresh_from_db()
    assert house.round.status == "draft"
    assert Seat.objects.filter(panel__edition=house.edition).count() == 2


def test_visitors_are_asked_to_sign_in(client, house):
    assert {client.get(address).status_code for address in pages(house)} == {302}


def test_a_round_of_another_edition_is_not_found(client, house):
    foreign = make_house(films=1, jurors=1)
    client.force_login(house.organiser)

    assert client.get(at("round", house, foreign.round.pk)).status_code == 404
    assert client.get(at("marks", house, house.round.pk, foreign.films[0].pk)).status_code == 404
    assert client.post(at("unseat", house, foreign.jurors[0].seats.get().pk)).status_code == 404


def test_an_organiser_opens_every_page(client, house):
    client.force_login(house.organiser)

    assert {client.get(address).status_code for address in pages(house)} == {200}


@pytest.mark.parametrize("opened", [None, "open"])
def test_results_lead_to_the_round_that_opened_last(client, house, opened):
    if opened:
        house.open()
    client.force_login(house.organiser)

    response = client.get(at("results", house))

    to = at("results", house, house.round.pk) if opened else at("rounds", house)
    assert response.headers["Location"] == to


# Rounds and rubric


def test_begin_a_round_and_write_its_rubric(client, house):
    client.force_login(house.organiser)

    response = client.post(at("rounds", house), {"kind": "review", "name": "Second look", "takes": "all"})

    second = Round.objects.get(name="Second look")
    assert response.headers["Location"] == at("rubric", house, second.pk)


def test_a_round_that_follows_another_is_begun_with_its_terms(client, house):
    client.force_login(house.organiser)

    posted = {"kind": "final", "name": "Final", "takes": str(house.round.pk)}
    response = client.post(at("rounds", house), posted)

    final = Round.objects.get(name="Final")
    assert response.headers["Location"] == at("round", house, final.pk)
    assert (final.kind, final.choice, final.source) == ("final", "through", house.round)


@pytest.mark.parametrize(
    "change", [{"kind": "opera"}, {"name": ""}, {"takes": "999999"}, {"kind": "shortlist", "takes": "all"}]
)
def test_a_round_that_cannot_be_is_not_begun(client, house, change):
    client.force_login(house.organiser)

    response = client.post(at("rounds", house), {"kind": "review", "name": "Final", "takes": "all"} | change)

    assert response.status_code == 422
    assert Round.objects.count() == 1


@pytest.mark.parametrize("reviews", ["0", "21", "many"])
def test_an_impossible_number_of_jurors_is_not_kept(client, house, reviews):
    client.force_login(house.organiser)

    response = client.post(at("round", house, house.round.pk), TERMS | {"reviews": reviews})

    assert response.status_code == 422
    assert Round.objects.get().reviews == 2


@pytest.mark.parametrize("name", ["rounds", "round", "rubric", "seats"])
def test_an_empty_post_is_asked_to_fill_in_the_form(client, house, name):
    client.force_login(house.organiser)
    args = [house.round.pk] if name in ("round", "rubric") else []

    assert client.post(at(name, house, *args)).status_code == 422
    house.round.refresh_from_db()
    assert house.round.name == "First review" and len(house.criteria()) == 2


@pytest.mark.parametrize(("preset", "first"), [("festival", "Story and emotion"), ("48", "Artistic merit")])
def test_a_ready_rubric_is_one_button_away(client, house, preset, first):
    client.force_login(house.organiser)

    client.post(at("begin_rubric", house, house.round.pk), {"preset": preset})

    assert house.round.criteria.first().name == first


def rubric_post(*lines):
    data = {"lines-TOTAL_FORMS": str(len(lines)), "lines-INITIAL_FORMS": "0"}
    for n, line in enumerate(lines):
        data |= {f"lines-{n}-{key}": value for key, value in line.items()}
    return data


STORY = {"name": "Story", "weight": "60", "a1": "No.", "a5": "Some.", "a7": "Much.", "a10": "All."}
SOUND = {"name": "Sound", "weight": "40", "a1": "No.", "a5": "Some.", "a10": "All."}


def test_write_a_rubric_line_by_line(client, house):
    client.force_login(house.organiser)

    client.post(at("rubric", house, house.round.pk), rubric_post(STORY, SOUND | {"DELETE": ""}, {}))

    story, sound = house.criteria()
    assert (story.name, story.weight, sound.weight) == ("Story", 60, 40)
    assert story.anchors == {"1": "No.", "5": "Some.", "7": "Much.", "10": "All."}


def test_a_line_can_be_struck(client, house):
    client.force_login(house.organiser)

    client.post(at("rubric", house, house.round.pk), rubric_post(STORY, SOUND | {"DELETE": "on"}))

    assert [criterion.name for criterion in house.criteria()] == ["Story"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"weight": "0"}, "greater than or equal to 1"), ({"a5": ""}, "required"), ({"name": ""}, "required")],
)
def test_a_rubric_with_a_gap_is_shown_again_and_not_saved(client, house, change, sentence):
    client.force_login(house.organiser)

    response = client.post(at("rubric", house, house.round.pk), rubric_post(STORY | change, SOUND))

    assert response.status_code == 422
    assert sentence in words(response)
    assert [criterion.weight for criterion in house.criteria()] == [75, 25]


def test_two_criteria_of_one_name_are_said(client, house):
    client.force_login(house.organiser)

    response = client.post(
        at("rubric", house, house.round.pk), rubric_post(STORY, SOUND | {"name": "story"}), follow=True
    )

    assert "There are two criteria called" in words(response)
    assert [criterion.weight for criterion in house.criteria()] == [75, 25]


def test_once_opened_the_rubric_is_read_not_written(client, house):
    house.open()
    client.force_login(house.organiser)

    assert "The rubric was fixed when" in words(client.get(at("rubric", house, house.round.pk)))
    response = client.post(at("rubric", house, house.round.pk), rubric_post(STORY), follow=True)
    assert "The rubric was fixed when" in words(response)
    client.post(at("begin_rubric", house, house.round.pk), {"preset": "48"})
    assert len(house.criteria()) == 2


def test_terms_can_be_changed_before_opening(client, house):
    client.force_login(house.organiser)

    client.post(at("round", house, house.round.pk), TERMS)

    row = Round.objects.get()
    assert (row.name, row.reviews, row.watch_share) == ("Long list", 1, 80)
    assert (row.blind, row.names_jurors, row.sees_others, row.sees_earlier) == (
        False,
        False,
        "after",
        "never",
    )


def test_open_and_close_with_what_the_act_says(client, house):
    client.force_login(house.organiser)

    assert "is open. Jurors see" in words(client.post(at("open", house, house.round.pk), follow=True))
    assert "is open already" in words(client.post(at("open", house, house.round.pk), follow=True))
    assert "2 films have not been watched and judged" in words(
        client.post(at("close", house, house.round.pk), follow=True)
    )
    films = [film.pk for film in house.films]
    assert "Tick the films, and say why" in words(
        client.post(at("waive", house, house.round.pk), {"films": films}, follow=True)
    )
    posted = {"films": films, "reason": "The hall is booked."}
    excepted = words(client.post(at("waive", house, house.round.pk), posted, follow=True))
    assert "The exception is made." in excepted
    assert excepted.count("The hall is booked.") == 2
    closed = words(client.post(at("close", house, house.round.pk), follow=True))
    assert "is closed. Its results stand." in closed
    assert "The hall is booked." in closed


def test_a_round_that_cannot_open_says_why_on_its_page(client):
    house = make_house(jurors=0)
    client.force_login(house.organiser)

    text = words(client.get(at("round", house, house.round.pk)))

    assert "The jury has no jurors yet. Seat some first." in text
    assert "Nobody sits here yet" in text


# Seats


def test_seat_a_juror_and_the_first_panel_is_made_on_the_way(client):
    house = make_house(films=0, jurors=0, lines=())
    client.force_login(house.organiser)

    response = client.post(at("seats", house), {"email": "ana@example.org"}, follow=True)

    assert "ana@example.org sits on the jury now." in words(response)
    assert Seat.objects.get().panel.name == "The jury"


def test_seat_on_a_panel_over_some_sections(client, house):
    section = make_section(edition=house.edition)
    client.force_login(house.organiser)

    client.post(at("panel", house), {"name": "Shorts", "sections": [section.pk]})
    panel = Panel.objects.get(name="Shorts")
    client.post(at("seats", house), {"email": "ana@example.org", "panel": panel.pk})

    assert panel.sections.get() == section
    assert panel.seats.get().juror.email == "ana@example.org"


def test_an_address_that_is_none_is_said(client, house):
    client.force_login(house.organiser)

    assert client.post(at("seats", house), {"email": "ana"}).status_code == 422
    assert Seat.objects.count() == 2


def test_free_a_seat(client, house):
    client.force_login(house.organiser)
    seat = Seat.objects.first()

    response = client.post(at("unseat", house, seat.pk), follow=True)

    assert f"{seat.juror} has left." in words(response)
    assert not Seat.objects.filter(pk=seat.pk).exists()


def test_jurors_without_a_seat_are_shown_with_a_button(client, house):
    lost = make_user(name="Mara Vint")
    Role.objects.create(edition=house.edition, person=lost, kind=Role.Kind.JUROR)
    client.force_login(house.organiser)

    assert "Seat Mara Vint" in words(client.get(at("seats", house)))
    client.post(at("seats", house), {"email": lost.email})
    assert "Seat Mara Vint" not in words(client.get(at("seats", house)))


# Who watches what


def test_the_plan_is_shown_before_it_is_done(client, house):
    client.force_login(house.organiser)

    text = words(client.get(at("assign", house, house.round.pk)))
    assert "2 films, 3 min, each watched by 2 jurors: 6 min of watching, about 3 min for each of 2." in text
    assert not house.round.assignments.exists()

    client.post(at("assign", house, house.round.pk))
    assert house.round.assignments.count() == 4


def test_what_cannot_be_done_is_said_with_the_remedy(client):
    house = make_house(films=1, jurors=1, reviews=2)
    client.force_login(house.organiser)

    assert "Seat 1 more juror" in words(client.get(at("assign", house, house.round.pk)))
    assert "Seat 1 more juror" in words(client.post(at("assign", house, house.round.pk), follow=True))
    assert not house.round.assignments.exists()


# Constant cost


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("round", 26), ("assign", 29), ("results", 19), ("export", 15), ("rubric", 9)]
)
def test_a_round_s_pages_cost_the_same_for_one_film_and_three(
    client, size, name, queries, django_assert_num_queries
):
    house = make_house(films=size, jurors=size, lines=FESTIVAL).open()
    for assignment in house.round.assignments.select_related("juror"):
        house.review(assignment, 6)
    client.force_login(house.organiser)

    with django_assert_num_queries(queries):
        assert client.get(at(name, house, house.round.pk)).status_code == 200


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("rounds", 11), ("seats", 21)])
def test_the_jury_s_lists_cost_the_same_for_one_row_and_three(
    client, size, name, queries, django_assert_num_queries
):
    house = make_house(films=1, jurors=size)
    for number in range(size - 1):
        Round.objects.create(edition=house.edition, name=f"Round {number}")
    make_eligible(house.edition)
    client.force_login(house.organiser)

    with django_assert_num_queries(queries):
        assert client.get(at(name, house)).status_code == 200
