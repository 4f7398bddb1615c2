"""Where jurors check, compare and vote: who finds the pages, what they say, what a post does."""

import pytest
from django.urls import reverse

from festival.models import Film
from judging import ballots, rounds
from judging.models import Ballot, Check, Preference, Seat, Viewing, Voter
from tests.factories import make_juror, make_organiser, make_user
from tests.judging.factories import make_house
from tests.judging.stages import lists, make_stage, vote

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return response.content.decode()


def at(house):
    return reverse("jury:ballot", args=[house.round.pk])


def places(films, *numbers):
    return {f"place-{film.pk}": str(number) for film, number in zip(films, numbers, strict=False)}


@pytest.fixture
def final(client):
    house = make_stage("final", films=3, jurors=3)
    client.force_login(house.jurors[0])
    return house


# The door


@pytest.mark.parametrize("who", ["stranger", "other juror", "organiser"])
def test_a_ballot_is_found_by_its_jurors_alone(client, final, who):
    person = {
        "stranger": make_user,
        "other juror": lambda: make_juror(final.edition),
        "organiser": lambda: make_organiser(final.edition),
    }[who]()
    client.force_login(person)

    assert client.get(at(final)).status_code == 404
    assert client.post(at(final), places(final.films, 1)).status_code == 404
    assert not Voter.objects.exists()


def test_a_round_that_has_not_opened_is_not_there(client):
    house = make_stage("final", opened=False)
    client.force_login(house.jurors[0])

    assert client.get(at(house)).status_code == 404


def test_a_round_of_review_has_no_ballot(client):
    house = make_house().open()
    client.force_login(house.jurors[0])

    assert client.get(at(house)).status_code == 404


# The ballot


def test_numbers_make_tiers_and_the_receipt_is_shown_once(client, final):
    one, two, three = final.films

    response = client.post(at(final), places(final.films, 2, 1, 2))

    ballot = Ballot.objects.get()
    assert ballot.tiers == [[str(two.pk)], sorted([str(one.pk), str(three.pk)], key=ballot.tiers[1].index)]
    receipt = response.context["receipt"]
    assert response.status_code == 200 and receipt in words(response)
    assert ballots.commitment(ballot.tiers, receipt) == ballot.commitment
    again = words(client.get(at(final)))
    assert receipt not in again and "A ballot is given once, and yours is kept." in again


def test_a_film_without_a_number_is_left_out(client, final):
    client.post(at(final), places(final.films, "", 1))

    assert Ballot.objects.get().tiers == [[str(final.films[1].pk)]]


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        (("", "", ""), "Number at least your first choice, or abstain."),
        (("first",), "a whole number"),
        (("0",), "greater than or equal to 1"),
        (("100",), "less than or equal to 99"),
    ],
)
def test_a_ballot_that_says_nothing_is_asked_again(client, final, numbers, sentence):
    response = client.post(at(final), places(final.films, *numbers))

    assert response.status_code == 422
    assert sentence in words(response)
    assert not Voter.objects.exists()


def test_abstaining_is_a_button(client, final):
    client.post(at(final), {"abstain": "yes"})

    assert Ballot.objects.get().tiers == []


def test_a_second_tab_is_told_that_the_first_one_counts(client, final):
    client.post(at(final), places(final.films, 1))

    response = client.post(at(final), places(final.films, "", 1))

    assert response.status_code == 422
    assert "A ballot is given once, and yours is kept." in words(response)
    assert Ballot.objects.get().tiers == [[str(final.films[0].pk)]]


def test_a_film_withdrawn_while_one_votes_is_said_on_the_page(client, final):
    final.films[0].move(Film.Status.WITHDRAWN, by=final.films[0].entrant)

    response = client.post(at(final), places(final.films, 1, 2))

    assert response.status_code == 422
    assert "has left the round while you voted" in words(response)
    assert not Ballot.objects.exists()


def test_a_forged_film_is_said(client, final):
    response = client.post(at(final), {"place-nonsense": "1"} | places(final.films, 1))

    assert "does not stand in this round" in words(response)
    assert not Ballot.objects.exists()


def test_after_the_close_a_page_says_so_and_shows_what_came_of_it(client, final):
    for juror in final.jurors[1:]:
        vote(final.round, juror, *final.films)
    rounds.close(final.round, by=final.organiser)

    text = words(client.get(at(final)))

    assert "closed on" in text and "How it was counted" in text and str(final.films[0]) in text
    assert "closed on" in words(client.post(at(final), places(final.films, 1)))
    assert Ballot.objects.count() == 2


def test_a_juror_who_left_is_told_so(client, final):
    Seat.objects.filter(juror=final.jurors[0]).delete()

    assert "You do not sit on the jury" in words(client.post(at(final), places(final.films, 1)))
    assert not Ballot.objects.exists()


def test_films_still_to_be_watched_are_listed(client, final):
    Viewing.objects.filter(assignment__juror=final.jurors[0], assignment__film=final.films[1]).delete()

    text = words(client.get(at(final)))

    assert f"Watch “{final.films[1]}” to its end before you vote." in text
    assert (text.count(">Watched<"), text.count(">Not yet<")) == (2, 1)
    assert "Hand in my ballot" not in text


def test_a_receipt_is_looked_up_after_the_close(client):
    house = make_stage("final", films=3, jurors=5, secret=True)
    receipts = [vote(house.round, juror, *house.films) for juror in house.jurors]
    rounds.close(house.round, by=house.organiser)
    client.force_login(house.jurors[0])

    assert "It was counted, and reads" in words(client.get(at(house), {"receipt": receipts[0]}))
    assert "No ballot of this round belongs" in words(client.get(at(house), {"receipt": "0" * 16}))


def test_a_secret_round_says_whom_one_trusts_and_shows_nothing_before_the_close(client):
    house = make_stage("final", films=3, jurors=6, secret=True)
    for juror in house.jurors[1:]:
        vote(house.round, juror, *house.films)
    client.force_login(house.jurors[0])
    text = words(client.get(at(house)))
    assert "is trusted not to look" in text and "How it was counted" not in text

    client.force_login(house.organiser)
    office = words(client.get(reverse("jury_office:count", args=[house.edition.slug, house.round.pk])))
    assert "5 jurors have voted" in office and "How it was counted" not in office


# Pairs


@pytest.fixture
def pairing(client):
    house = make_stage("pairwise", films=3, jurors=2)
    client.force_login(house.jurors[0])
    return house


@pytest.mark.parametrize(("better", "index"), [("one", 0), ("other", 1), ("tie", None)])
def test_the_two_shown_are_compared(client, pairing, better, index):
    pair = client.get(at(pairing)).context["pair"]

    response = client.post(
        at(pairing), {"one": pair[0].film_id, "other": pair[1].film_id, "better": better}, follow=True
    )

    assert Preference.objects.get().better == (None if index is None else pair[index].film)
    one, other = (film.film for film in pair)
    said = f"“{one}” is better than “{other}”" if index == 0 else f"“{other}” is better than “{one}”"
    assert (said if index is not None else "neither is better") in words(response)
    assert "1 of 3 pairs compared." in words(response)
    assert set(response.context["pair"]) != set(pair)


@pytest.mark.parametrize(
    "change", [{"better": ""}, {"better": "both"}, {"one": "nonsense"}, {"other": "0" * 32}, {"one": ""}]
)
def test_a_post_that_says_nothing_keeps_nothing(client, pairing, change):
    one, other, _ = pairing.films

    response = client.post(
        at(pairing), {"one": one.pk, "other": other.pk, "better": "one"} | change, follow=True
    )

    assert "Choose one of the two films" in words(response)
    assert not Preference.objects.exists()


def test_who_has_compared_all_is_thanked(client, pairing):
    for _ in range(3):
        pair = client.get(at(pairing)).context["pair"]
        client.post(at(pairing), {"one": pair[0].film_id, "other": pair[1].film_id, "better": "one"})

    assert "You have compared every pair." in words(client.get(at(pairing)))


def test_who_has_watched_nothing_is_asked_to(client):
    house = make_stage("pairwise", watched=False)
    client.force_login(house.jurors[0])

    assert "Watch two films to their end" in words(client.get(at(house)))


# Eligibility


@pytest.fixture
def screening(client):
    house = make_stage("eligibility", films=2, jurors=2)
    client.force_login(house.jurors[0])
    return house


def test_a_film_of_eligibility_asks_pass_or_fail_and_no_marks(client, screening):
    first, second = lists(screening.round, screening.jurors[0])

    text = words(client.get(reverse("jury:film", args=[first.pk])))
    assert "May this film take part?" in text and "rubric__scale" not in text

    response = client.post(reverse("jury:check", args=[first.pk]), {"verdict": "pass"})
    assert response.headers["Location"] == reverse("jury:film", args=[second.pk])
    response = client.post(
        reverse("jury:check", args=[second.pk]), {"verdict": "fail", "reason": "Twelve minutes."}
    )
    assert response.headers["Location"] == reverse("jury:films")
    assert list(Check.objects.order_by("pk").values_list("passes", "reason")) == [
        (True, ""),
        (False, "Twelve minutes."),
    ]


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [({}, "Say pass or fail."), ({"verdict": "fail"}, "Say in a few words why the film may not take part.")],
)
def test_what_is_lacking_is_said(client, screening, posted, sentence):
    assignment = lists(screening.round, screening.jurors[0])[0]

    response = client.post(reverse("jury:check", args=[assignment.pk]), posted, follow=True)

    assert sentence in words(response)
    assert not Check.objects.exists()


def test_nobody_checks_for_another(client, screening):
    assignment = lists(screening.round, screening.jurors[1])[0]

    assert client.post(reverse("jury:check", args=[assignment.pk]), {"verdict": "pass"}).status_code == 404


# What others said


def test_the_film_s_page_hands_out_what_the_matrix_allows(client):
    house = make_house(films=1, jurors=2, reviews=2)
    rounds.change(house.round, by=house.organiser, sees_others="after")
    house.open()
    mine, theirs = (lists(house.round, juror)[0] for juror in house.jurors)
    house.review(theirs, 9, note="A quiet wonder.")
    client.force_login(house.jurors[0])
    assert "A quiet wonder." not in words(client.get(reverse("jury:film", args=[mine.pk])))

    house.review(mine, 5)

    text = words(client.get(reverse("jury:film", args=[mine.pk])))
    assert "A quiet wonder." in text and str(house.jurors[1]) not in text


# Constant cost


@pytest.mark.parametrize("films", [2, 4])
@pytest.mark.parametrize(("kind", "queries"), [("final", 16), ("pairwise", 16), ("deliberation", 21)])
def test_a_page_costs_the_same_for_two_films_and_four(
    client, kind, queries, films, django_assert_num_queries
):
    house = make_stage(kind, films=films, jurors=2, sees_earlier="always")
    client.force_login(house.jurors[0])
    client.get(at(house))

    with django_assert_num_queries(queries):
        assert client.get(at(house)).status_code == 200
