"""The office's acts: editions, the call, seats, decisions, letters, the list of entries."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.forms.models import model_to_dict
from django.utils import timezone

from festival import letters, office
from festival.errors import Conflict, IllegalMove, Refused
from festival.forms.office import EditionForm
from festival.models import Edition, Film, Notice, Person, Role
from tests.factories import (
    make_edition,
    make_film,
    make_footage,
    make_juror,
    make_organiser,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
Status = Film.Status


@pytest.fixture
def edition():
    return make_edition(name="Marquee 2027", slug="2027")


@pytest.fixture
def olga(edition):
    return make_organiser(edition, name="Olga")


# Editions


def test_an_organiser_begins_another_edition_and_sits_in_it(olga):
    new = office.create_edition(by=olga, name="Marquee 2028", slug="2028")

    assert new.status == Edition.Status.DRAFT
    assert list(new.roles.values_list("person", "kind")) == [(olga.pk, "organiser")]
    assert list(new.events.values_list("by", "became", "note")) == [(olga.pk, "draft", "Created.")]


def test_setting_up_leaves_the_call_as_somebody_else_has_just_moved_it(edition, olga):
    stale = Edition.objects.get(pk=edition.pk)
    form = EditionForm(model_to_dict(stale) | {"name": "Marquee, 8th"}, instance=stale)
    assert form.is_valid(), form.errors
    office.close_call(edition, by=olga)

    office.set_up(stale, [form], by=olga)

    kept = Edition.objects.get(pk=edition.pk)
    assert (kept.name, kept.status) == ("Marquee, 8th", Edition.Status.CLOSED)


def test_staff_may_begin_the_first_edition():
    assert office.create_edition(by=make_user(is_staff=True), name="First", slug="first").pk


def test_nobody_else_may_begin_an_edition(edition):
    for person in (make_user(), make_juror(edition)):
        with pytest.raises(Refused, match="organised one before"):
            office.create_edition(by=person, name="Mine", slug="mine")

    assert Edition.objects.count() == 1


# The call


def test_the_call_opens_closes_and_opens_again(olga, edition):
    edition = make_edition(status=Edition.Status.DRAFT)
    olga = make_organiser(edition)

    office.open_call(edition, by=olga)
    office.close_call(edition, by=olga)
    office.open_call(edition, by=olga)

    edition.refresh_from_db()
    assert edition.status == Edition.Status.OPEN
    assert list(edition.events.values_list("was", "became")) == [
        ("draft", "open"),
        ("open", "closed"),
        ("closed", "open"),
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"sections": 0}, "Add a section first"),
        ({"deadline_in": None}, "Set a deadline first"),
        ({"deadline_in": timedelta(minutes=-1)}, "Set a later one first"),
        ({"status": "published"}, "programme published"),
        ({"status": "open"}, "call open"),
    ],
)
def test_a_call_does_not_open_without_what_it_needs(fields, sentence):
    edition = make_edition(**{"status": Edition.Status.DRAFT, **fields})

    with pytest.raises(Refused, match=sentence):
        office.open_call(edition, by=make_organiser(edition))

    was = fields.get("status", "draft")
    assert Edition.objects.get(pk=edition.pk).status == was


def test_a_closed_call_is_not_closed_again():
    edition = make_edition(status=Edition.Status.CLOSED)

    with pytest.raises(Refused, match="not open"):
        office.close_call(edition, by=make_organiser(edition))


def test_of_two_organisers_closing_at_once_one_is_told(edition, olga):
    first, second = Edition.objects.get(pk=edition.pk), Edition.objects.get(pk=edition.pk)

    office.close_call(first, by=olga)
    with pytest.raises(IllegalMove):
        office.close_call(second, by=make_organiser(edition))

    assert edition.events.count() == 1


@pytest.mark.parametrize("act", [office.open_call, office.close_call])
def test_a_stranger_neither_opens_nor_closes_the_call(edition, act):
    with pytest.raises(Refused, match="Only this edition's organisers"):
        act(edition, by=make_user())


# People


def test_seating_somebody_who_has_an_account_writes_to_them(edition, olga):
    ada = make_user(email="ada@example.org", password="long-enough")
    EmailAddress.objects.create(user=ada, email=ada.email, primary=True, verified=True)

    role = office.seat(edition, " ADA@example.org ", Role.Kind.JUROR, by=olga)

    assert (role.person, role.kind) == (ada, "juror")
    letter = Notice.objects.get()
    assert (letter.person, letter.kind) == (ada, "seated")
    assert "/jury/" in letter.body
    assert "password" not in letter.body.lower()


def test_seating_somebody_new_invites_them_with_a_link_that_sets_a_password(edition, olga, client):
    role = office.seat(edition, "new@example.org", Role.Kind.JUROR, by=olga)

    assert role.person.email == "new@example.org"
    assert not role.person.has_usable_password()
    link = next(word for word in Notice.objects.get().body.split() if "/password/reset/key/" in word)
    form = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    words = {"password1": "a-long-enough-one", "password2": "a-long-enough-one"}
    client.post(form.request["PATH_INFO"], words)
    assert Person.objects.get(email="new@example.org").check_password("a-long-enough-one")
    client.post("/accounts/login/", {"login": "new@example.org", "password": "a-long-enough-one"})
    assert client.session.get("_auth_user_id") == str(role.person.pk)


def test_an_address_that_nobody_proved_gets_a_link_that_sets_a_new_password(edition, olga):
    somebody = make_user(email="ada@example.org", password="chosen-by-who-knows")

    office.seat(edition, "ada@example.org", Role.Kind.JUROR, by=olga)

    assert somebody.notices.get().body.count("/password/reset/key/") == 1


def test_seating_twice_changes_nothing_and_writes_once(edition, olga):
    first = office.seat(edition, "new@example.org", Role.Kind.JUROR, by=olga)
    second = office.seat(edition, "NEW@example.org", Role.Kind.JUROR, by=olga)

    assert first == second
    assert Notice.objects.count() == 1


def test_a_stranger_seats_nobody(edition):
    with pytest.raises(Refused):
        office.seat(edition, "new@example.org", Role.Kind.JUROR, by=make_user())

    assert not Person.objects.filter(email="new@example.org").exists()


def test_a_juror_is_unseated(edition, olga):
    juror = make_juror(edition)

    office.unseat(juror.roles.get(), by=olga)

    assert not juror.roles.exists()


def test_the_only_organiser_stays(edition, olga):
    with pytest.raises(Refused, match="only organiser"):
        office.unseat(olga.roles.get(), by=olga)

    second = make_organiser(edition)
    office.unseat(olga.roles.get(), by=second)
    assert list(edition.roles.organisers().values_list("person", flat=True)) == [second.pk]


def test_a_stranger_unseats_nobody(edition):
    juror = make_juror(edition)

    with pytest.raises(Refused, match="organisers may"):
        office.unseat(juror.roles.get(), by=juror)

    assert juror.roles.exists()


# Decisions


def test_decide_moves_every_film_and_records_who_and_why(edition, olga):
    films = [make_film(edition=edition, status=Status.ELIGIBLE) for _ in range(3)]

    assert office.decide(films, Status.SELECTED, by=olga, note="Unanimous.") == []

    for film in films:
        film.refresh_from_db()
        assert film.status == Status.SELECTED
        assert list(film.events.values_list("by", "was", "became", "note")) == [
            (olga.pk, "eligible", "selected", "Unanimous.")
        ]
    assert not Notice.objects.exists()


def test_a_decision_can_be_taken_back(edition, olga):
    film = make_film(edition=edition, status=Status.DECLINED)

    assert office.decide([film], Status.ELIGIBLE, by=olga) == []

    assert Film.objects.get(pk=film.pk).status == Status.ELIGIBLE


@pytest.mark.parametrize(
    ("status", "to", "sentence"),
    [
        ("draft", "selected", "“Rain” is “Draft”, so there is nothing to decide."),
        ("withdrawn", "declined", "“Rain” is “Withdrawn”, so there is nothing to decide."),
        ("submitted", "selected", "“Rain” has not been accepted yet. Accept it first."),
        ("submitted", "eligible", "“Rain” has not been accepted yet. Accept it first."),
        ("selected", "selected", "“Rain” is already “Selected”."),
        ("selected", "declined", "“Rain” is “Selected”. Take that decision back first."),
    ],
)
def test_a_film_that_cannot_be_decided_comes_back_as_a_sentence(edition, olga, status, to, sentence):
    film = make_film(edition=edition, title="Rain", status=status)

    assert office.decide([film], to, by=olga) == [sentence]

    assert Film.objects.get(pk=film.pk).status == status


def test_no_decision_changes_while_the_programme_is_published():
    edition = make_edition(status=Edition.Status.PUBLISHED)
    film = make_film(edition=edition, title="Rain", status=Status.SELECTED)

    (sentence,) = office.decide([film], Status.ELIGIBLE, by=make_organiser(edition))

    assert sentence == "“Rain” stays as it is: the programme is published. Unpublish it first."


def test_of_two_organisers_deciding_at_once_one_wins_and_the_other_is_told(edition, olga):
    film = make_film(edition=edition, title="Rain", status=Status.ELIGIBLE)
    first, second = Film.objects.get(pk=film.pk), Film.objects.get(pk=film.pk)

    assert office.decide([first], Status.SELECTED, by=olga) == []
    said = office.decide([second], Status.DECLINED, by=make_organiser(edition))

    assert said == ["“Rain” was left alone: somebody else has just made it “Selected”."]
    assert Film.objects.get(pk=film.pk).status == Status.SELECTED
    assert film.events.count() == 1


def test_a_bulk_decision_that_is_partly_stale_moves_the_rest(edition, olga):
    pks = [make_film(edition=edition, title=title, status=Status.ELIGIBLE).pk for title in "ABC"]
    stale = list(Film.objects.filter(pk__in=pks).order_by("title"))
    office.decide([Film.objects.get(title="B")], Status.SELECTED, by=olga)

    said = office.decide(stale, Status.DECLINED, by=olga)

    assert said == ["“B” was left alone: somebody else has just made it “Selected”."]
    assert list(Film.objects.order_by("title").values_list("status", flat=True)) == [
        "declined",
        "selected",
        "declined",
    ]


def test_an_organiser_of_another_edition_decides_nothing(edition, olga):
    mine = make_film(edition=edition, status=Status.ELIGIBLE)
    theirs = make_film(edition=make_edition(), status=Status.ELIGIBLE)

    with pytest.raises(Refused, match="Only this edition's organisers"):
        office.decide([mine, theirs], Status.SELECTED, by=olga)

    assert set(Film.objects.values_list("status", flat=True)) == {"eligible"}


def test_decide_knows_no_other_status(edition, olga):
    with pytest.raises(ValueError, match="no decision"):
        office.decide([], Status.DRAFT, by=olga)


# Letters


def test_letters_go_out_when_asked_and_only_once(edition, olga):
    yes = make_film(edition=edition, title="Yes", status=Status.ELIGIBLE)
    no = make_film(edition=edition, title="No", status=Status.ELIGIBLE)
    make_film(edition=edition, status=Status.ELIGIBLE)
    office.decide([yes], Status.SELECTED, by=olga)
    office.decide([no], Status.DECLINED, by=olga)
    assert set(letters.owed(edition)) == {yes, no}

    assert letters.send(edition, by=olga) == 2
    assert letters.send(edition, by=olga) == 0

    assert set(Notice.objects.values_list("film", "kind")) == {(yes.pk, "selected"), (no.pk, "declined")}
    assert not mail.outbox


def test_a_changed_decision_needs_another_letter(edition, olga):
    film = make_film(edition=edition, status=Status.ELIGIBLE)
    office.decide([film], Status.DECLINED, by=olga)
    letters.send(edition, by=olga)

    office.decide([film], Status.ELIGIBLE, by=olga)
    assert not letters.owed(edition).exists()
    office.decide([film], Status.SELECTED, by=olga)

    assert list(letters.owed(edition)) == [film]
    assert letters.send(edition, by=olga) == 1


def test_of_two_organisers_sending_at_once_one_writes(edition, olga):
    film = make_film(edition=edition, status=Status.ELIGIBLE)
    office.decide([film], Status.SELECTED, by=olga)
    first, second = Edition.objects.get(pk=edition.pk), Edition.objects.get(pk=edition.pk)

    letters.send(first, by=olga)
    with pytest.raises(Conflict, match="just sent"):
        letters.send(second, by=make_organiser(edition))

    assert Notice.objects.count() == 1


def test_a_stranger_sends_no_letters(edition):
    with pytest.raises(Refused):
        letters.send(edition, by=make_user())


# The list of entries


def test_entries_are_found_by_every_condition(edition):
    other = make_section(edition=edition, position=9)
    ada = make_user(name="Ada Lovelace", email="ada@numbers.example")
    rain = make_film(edition=edition, title="Rain", entrant=ada, footage=True, status=Status.SUBMITTED)
    rain.countries.create(code="PT")
    rain.disclosures.create(start_s=0, end_s=20, human_part="Cut.")
    rain.disclosures.create(start_s=10, end_s=30, human_part="Cut.")  # overlaps: 30 of 60 seconds
    snow = make_film(edition=edition, title="Snow", original_title="Lumi", section=other)
    snow.footage = make_footage(film=snow, duration_s=600)
    snow.save()
    make_film(title="Rain elsewhere")

    def found(**conditions):
        return {film.title for film in office.entries(edition, **conditions)}

    assert found() == {"Rain", "Snow"}
    assert found(state="submitted") == {"Rain"}
    assert found(section=other) == {"Snow"}
    assert found(country="PT") == {"Rain"}
    assert found(shortest_s=61) == {"Snow"}
    assert found(longest_s=60) == {"Rain"}
    assert found(least_ai=50) == {"Rain"}
    assert found(most_ai=49) == {"Snow"}
    assert found(least_ai=51) == set()
    for words in ("rai", "lovelace", "ADA rain", "numbers.example", rain.code):
        assert found(words=words) == {"Rain"}
    assert found(words="lumi") == {"Snow"}
    assert found(words="ada snow") == set()


def test_entries_come_in_the_order_asked_for(edition):
    now = timezone.now()
    for title, days in (("B", 2), ("A", 1), ("C", None)):
        film = make_film(edition=edition, title=title)
        Film.objects.filter(pk=film.pk).update(submitted_at=now - timedelta(days=days) if days else None)

    def titles(order):
        return "".join(film.title for film in office.entries(edition, order=order))

    assert titles("title") == "ABC"
    assert titles("-title") == "CBA"
    assert titles("submitted") == "BAC"
    assert titles("-submitted") == "ABC"
    assert titles("nonsense") == "ABC"


def test_the_spreadsheet_holds_each_entry_and_no_formula(edition):
    edition.time_zone = "Europe/Lisbon"
    edition.save()
    liar = make_user(name="@evil", email="liar@example.org")
    film = make_film(edition=edition, title="=HYPERLINK(1)", original_title="+1", entrant=liar, footage=True)
    film.countries.create(code="PT")
    film.languages.create(code="pt")
    noon = datetime(2027, 7, 1, 12, 0, tzinfo=UTC)
    Film.objects.filter(pk=film.pk).update(submitted_at=noon, year=2027)

    head, row = office.rows(office.entries(edition))

    cells = dict(zip(head, row, strict=True))
    assert cells["Title"] == "'=HYPERLINK(1)"
    assert cells["Original title"] == "'+1"
    assert cells["Entrant"] == "'@evil"
    assert cells["E-mail"] == "liar@example.org"
    assert cells["Countries"] == "PT"
    assert cells["Languages"] == "pt"
    assert cells["Running time"] == "1:00"
    assert cells["Seconds"] == "60.00"
    assert cells["AI share, %"] == "0"
    assert cells["Submitted"] == "2027-07-01 13:00"  # Lisbon in summer


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_could_be_a_formula_is_made_text(start):
    assert office.plain(f"{start}1") == f"'{start}1"
    assert office.plain("1=1") == "1=1"
