"""Publication: results for everyone, after everybody concerned knows."""

import pytest
from django.urls import reverse

from festival import awards, letters, notices, office
from festival.errors import Refused
from festival.models import Edition, Film
from judging import pairs, publication, ranking, rounds, shortlists, verification
from judging.models import Ledger, Record, Round
from tests.factories import make_user
from tests.judging.factories import make_house
from tests.judging.stages import check_film, make_stage, vote

pytestmark = pytest.mark.django_db

MARKS = [(9, 9), (8, 9), (2, 3)]


@pytest.fixture
def house():
    """A closed round; two films selected, one declined, everybody told, the programme out."""
    house = make_house(films=3, jurors=2, reviews=2).open()
    for assignment in house.round.assignments.select_related("juror", "film__footage", "round__edition"):
        marks = MARKS[house.films.index(assignment.film)]
        house.review(assignment, marks[house.jurors.index(assignment.juror)])
    rounds.close(house.round, by=house.organiser)
    ranking.fix(house.round, model="additive")
    office.decide(house.films[:2], Film.Status.SELECTED, by=house.organiser)
    office.decide(house.films[2:], Film.Status.DECLINED, by=house.organiser)
    return house


def tell(house):
    house.edition.refresh_from_db()
    letters.send(house.edition, by=house.organiser)
    for letter in letters.unheard(house.edition):
        notices.send(letter.pk)


def show(house):
    Edition.objects.filter(pk=house.edition.pk).update(status=Edition.Status.PUBLISHED)
    house.edition.refresh_from_db()


def page(client, house):
    return client.get(reverse("ledger:results", args=[house.edition.slug]))


def test_results_wait_for_letters_programme_and_rounds(house):
    def why():
        return publication.why_not_publish(house.organiser, house.edition)

    assert why().startswith("Send 3 decision letters first")
    house.edition.refresh_from_db()
    letters.send(house.edition, by=house.organiser)
    assert why().startswith("3 entrants have not been told yet")
    tell(house)
    assert "Publish that first" in why()
    show(house)
    assert why() == ""
    assert "organisers" in publication.why_not_publish(make_user(), house.edition)
    house.edition.rounds.update(status="open")
    assert "is still open" in why()


def test_an_edition_without_a_closed_round_has_no_results():
    house = make_house(films=0)
    show(house)

    assert "No round has closed" in publication.why_not_publish(house.organiser, house.edition)


def test_published_results_show_winners_tiers_method_and_the_head(house, client):
    tell(house)
    show(house)
    grand = awards.found(house.edition, name="Grand prize", by=house.organiser)
    awards.give(grand, house.films[0], by=house.organiser, citation="For its patience.")
    assert page(client, house).status_code == 404

    publication.publish(house.edition, by=house.organiser)

    text = page(client, house).content.decode()
    assert "Grand prize" in text and "For its patience." in text
    assert house.films[0].title in text and house.films[1].title in text
    assert "3 films and 2 jurors, 6 whole reviews." in text
    assert (
        "Every film was promised 2 jurors who watch it in full" in text and "There was no exception." in text
    )
    assert "Story (75 %), Sound (25 %)" in text
    assert "Films stand at their marks less each juror" in text
    assert Ledger.objects.get(edition=house.edition).head in text
    assert '<span class="quiet">Tier 1</span>' in text


def test_results_wait_for_the_full_calibration(house):
    house.round.fits.all().delete()
    tell(house)
    show(house)

    with pytest.raises(Refused, match="The full calibration of “First review” is under way"):
        publication.publish(house.edition, by=house.organiser)

    ranking.fix(house.round, model="additive")
    publication.publish(house.edition, by=house.organiser)


def test_a_round_that_asked_for_no_watching_does_not_claim_it(client):
    house = make_stage(Round.Kind.ELIGIBILITY, films=2, jurors=2, watched=False, watch_share=0)
    shown, failed = house.films
    check_film(house.round, shown, True, True)
    check_film(house.round, failed, "No film.", "No film.")
    rounds.close(house.round, by=house.organiser)
    office.decide([shown], Film.Status.SELECTED, by=house.organiser)
    office.decide([failed], Film.Status.DECLINED, by=house.organiser)
    tell(house)
    show(house)
    publication.publish(house.edition, by=house.organiser)

    text = page(client, house).content.decode()

    assert "promised 2 jurors who look at it; how much of it they watched was not asked." in text
    assert "measured by the second" not in text
    assert "1 came through." in text


def test_a_shortlist_says_its_places_and_who_decided(house, client):
    section = house.edition.sections.get()
    terms = {"kind": Round.Kind.SHORTLIST, "places": 2, "quotas": {str(section.pk): 2}}
    Film.objects.filter(edition=house.edition).update(status=Film.Status.ELIGIBLE)
    listed = rounds.create(house.edition, by=house.organiser, name="Shortlist", source=house.round, **terms)
    rounds.open(listed, by=house.organiser)
    shortlists.decide(listed, house.films[:2], by=house.organiser)
    rounds.close(listed, by=house.organiser)
    Film.objects.filter(pk__in=[film.pk for film in house.films[:2]]).update(status=Film.Status.SELECTED)
    Film.objects.filter(pk=house.films[2].pk).update(status=Film.Status.DECLINED)
    tell(house)
    show(house)
    publication.publish(house.edition, by=house.organiser)

    text = page(client, house).content.decode()

    assert f"3 films, and 2 places: {section} 2. 2 came through." in text
    assert "The house proposed them by the jury’s marks; the office decided." in text
    assert house.films[2].title not in text


def test_the_strengths_of_pairs_are_public_with_films_that_are_not_shown_unnamed(client):
    house = make_stage(Round.Kind.PAIRWISE, films=3, jurors=3)
    best, other, lost = house.films
    for juror in house.jurors:
        pairs.prefer(house.round, best, other, best, by=juror)
        pairs.prefer(house.round, best, lost, best, by=juror)
    rounds.close(house.round, by=house.organiser)
    office.decide([best, other], Film.Status.SELECTED, by=house.organiser)
    office.decide([lost], Film.Status.DECLINED, by=house.organiser)
    tell(house)
    show(house)
    publication.publish(house.edition, by=house.organiser)

    text = page(client, house).content.decode()

    assert "Bradley–Terry strengths" in text
    assert f'<th scope="row">{best}</th>' in text and '<th scope="row">a film that is not shown</th>' in text
    assert lost.title not in text


def test_a_film_that_is_not_shown_is_never_named(house, client):
    extra = house.films[2]
    house.round.waivers.create(film=extra, by=house.organiser, reason="The file broke.")
    tell(house)
    show(house)
    publication.publish(house.edition, by=house.organiser)

    text = page(client, house).content.decode()

    assert extra.title not in text
    assert "A film that is not shown: The file broke." in text


def test_publishing_is_written_down_and_verified_again(house):
    tell(house)
    show(house)

    publication.publish(house.edition, by=house.organiser)

    kinds = list(Record.objects.filter(edition=house.edition).values_list("kind", flat=True))
    assert kinds[-3:] == ["letters.sent", "result.published", "head.published"]
    sent = Record.objects.get(kind="letters.sent").facts["films"]
    assert sent == sorted(str(film.pk) for film in house.films)
    stated = Record.objects.get(kind="result.published").facts
    assert stated["others"]["fit"] == house.round.fits.get().digest
    found = [finding.what for finding in verification.verify(house.edition).findings]
    assert [what for what in found if not what.startswith("The seat")] == []


def test_results_are_not_published_past_somebody_who_does_not_know(house):
    show(house)

    with pytest.raises(Refused, match="Send 3 decision letters first"):
        publication.publish(house.edition, by=house.organiser)

    assert not Record.objects.filter(kind="result.published").exists()


def test_a_programme_taken_back_takes_the_results_with_it(house, client):
    tell(house)
    show(house)
    publication.publish(house.edition, by=house.organiser)

    Edition.objects.filter(pk=house.edition.pk).update(status=Edition.Status.CLOSED)

    assert page(client, house).status_code == 404


def test_the_office_publishes_by_a_button(house, client):
    client.force_login(house.organiser)
    address = reverse("jury_office:publish", args=[house.edition.slug])
    assert "Send 3 decision letters first" in client.get(address).content.decode()
    tell(house)
    show(house)

    answer = client.post(address, follow=True).content.decode()

    assert "The results are published" in answer and "See the page as visitors do" in answer
    film = client.get(reverse("public:film", args=[house.films[0].pk])).content.decode()
    assert "How the jury decided" not in film  # it has no award


def test_the_transcript_of_a_ballot_is_public_with_losers_unnamed(client):
    house = make_stage(Round.Kind.FINAL, films=3, jurors=3)
    one, two, lost = house.films
    for juror in house.jurors:
        vote(house.round, juror, one, two, lost)
    rounds.close(house.round, by=house.organiser)
    office.decide([one, two], Film.Status.SELECTED, by=house.organiser)
    office.decide([lost], Film.Status.DECLINED, by=house.organiser)
    tell(house)
    show(house)
    publication.publish(house.edition, by=house.organiser)

    text = page(client, house).content.decode()

    assert "How it was counted" in text and "3 ballots" in text
    assert one.title in text and two.title in text
    assert lost.title not in text and "a film that is not shown" in text
