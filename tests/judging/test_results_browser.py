"""The pages of the results in a real browser: by every rule of axe, in both themes, and on a phone."""

import pytest
from django.urls import reverse

from festival import awards, letters, notices, office
from festival.models import Edition, Film
from judging import feedback, publication, ranking, rounds
from tests.axe import findings
from tests.festival.office_desk import page, session
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db

MARKS = [(10, 9, 9), (8, 9, 7), (6, 6, 5), (5, 6, 6), (2, 9, 9)]


@pytest.fixture
def house():
    """Five films, closed and decided; a letter has come back, an award is given, feedback is drafted."""
    house = make_house(films=5, jurors=3, reviews=3).open()
    for assignment in house.round.assignments.select_related("juror", "film__footage", "round__edition"):
        marks = MARKS[house.films.index(assignment.film)]
        note = "Stay with her face." if marks[0] > 8 else ""
        house.review(assignment, marks[house.jurors.index(assignment.juror)], note=note, share_note=True)
    rounds.close(house.round, by=house.organiser)
    ranking.fix(house.round, model="additive")
    office.decide(house.films[:2], Film.Status.SELECTED, by=house.organiser)
    office.decide(house.films[2:3], Film.Status.WAITING, by=house.organiser)
    office.decide(house.films[3:], Film.Status.DECLINED, by=house.organiser)
    feedback.compose(house.round, by=house.organiser)
    drafts = list(house.round.feedback_drafts.filter(film__in=house.films[:2]).select_related("film"))
    feedback.approve(house.edition, drafts, by=house.organiser)
    grand = awards.found(house.edition, name="Grand prize", by=house.organiser)
    awards.found(house.edition, name="Jury prize", by=house.organiser, excludes=[grand])
    film = Film.objects.select_related("edition").get(pk=house.films[0].pk)
    awards.give(grand, film, by=house.organiser, citation="For its patience.")
    house.edition.refresh_from_db()
    letters.send(house.edition, by=house.organiser)
    for letter in letters.unheard(house.edition)[1:]:
        notices.send(letter.pk)
    letters.came_back(letters.of(house.edition).filter(sent_at__isnull=False)[0], by=house.organiser)
    return house


def publish(house):
    for letter in letters.unheard(house.edition):
        letters.told_otherwise(letter, by=house.organiser, note="By telephone.")
    Edition.objects.filter(pk=house.edition.pk).update(status=Edition.Status.PUBLISHED)
    house.edition.refresh_from_db()
    publication.publish(house.edition, by=house.organiser)


def wrong(tab, address) -> list[str]:
    """What axe finds in either theme, and whether the page scrolls sideways."""
    tab.goto(address, wait_until="domcontentloaded")
    found = findings(tab)
    tab.evaluate("document.documentElement.dataset.theme = 'night'")
    found += findings(tab)
    if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    return found


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_on_the_pages_of_the_results(asgi_server, browser, client, house, width):
    round, slug = house.round.pk, house.edition.slug
    pages = [
        reverse(f"jury_office:{name}", args=[slug, round])
        for name in ("results", "habits", "disagreement", "feedback")
    ]
    pages += [reverse("jury_office:marks", args=[slug, round, house.films[0].pk])]
    pages += [reverse("jury_office:publish", args=[slug]), page("letters", house.edition)]
    pages += [page("awards", house.edition)]
    client.force_login(house.organiser)
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies(
        [{"name": "theme", "value": "paper", "url": asgi_server}, session(client, asgi_server)]
    )
    tab = context.new_page()

    found = {address: wrong(tab, asgi_server + address) for address in pages}
    publish(house)
    public = reverse("ledger:results", args=[slug])
    found[public] = wrong(tab, asgi_server + public)
    client.force_login(house.films[0].entrant)
    context.add_cookies([session(client, asgi_server)])
    entry = reverse("entrant:entry", args=[house.films[0].pk])
    found[entry] = wrong(tab, asgi_server + entry)
    assert "What the jury says" in tab.content()
    context.close()

    assert {address: what for address, what in found.items() if what} == {}
