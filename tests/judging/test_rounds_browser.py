"""The rounds in the office and the jury's ballots in a real browser: for everybody, on every width."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from judging import checks, marks, rounds, shortlists
from judging.models import Ballot, Mark, Preference, Viewing
from judging.rubrics import FESTIVAL
from tests.axe import findings
from tests.factories import make_section
from tests.judging.factories import watch, watch_all
from tests.judging.stages import check_film, lists, make_stage, vote

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(browser, asgi_server):
    """Open a page as somebody: room(person, address, theme, width) -> the page."""
    contexts = []

    def enter(person, address, theme="paper", width=1280, **options):
        client = Client()
        client.force_login(person)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        cookies = {settings.SESSION_COOKIE_NAME: session, "theme": theme}
        context.add_cookies([{"name": k, "value": v, "url": asgi_server} for k, v in cookies.items()])
        page = context.new_page()
        page.goto(asgi_server + address)
        return page

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def judging():
    """A festival's whole judging, half way: eligibility closed, review closed, a list, a final, a draft."""
    house = make_stage("eligibility", films=6, jurors=3, name="Eligibility")
    house.stages = {"eligibility": house.round}
    for film, title in zip(house.films, TITLES, strict=True):
        film.title = title
        film.save()
    documentary = make_section(edition=house.edition, name="Documentary")
    for film in house.films[3:]:
        film.section = documentary
        film.save()
    for film in house.films[:-1]:
        check_film(house.round, film, True, True)
    check_film(house.round, house.films[-1], True, "Runs twelve minutes; the limit is ten.")
    return house


TITLES = ("The tide table", "Salt", "A house of rain", "What the river kept", "Nine lamps", "Under the ice")


def follow(house, kind, source, *, open_it=True, **terms):
    """The next round of the judging, opened and watched."""
    row = rounds.create(house.edition, by=house.organiser, kind=kind, source=source, **terms)
    if kind == "review":
        rounds.write_rubric(row, FESTIVAL, by=house.organiser)
    if open_it:
        rounds.open(row, by=house.organiser)
        watch_all(row)
    return row


def play(house):
    """From the dispute to the final: every kind of page has something to show."""
    first = house.stages["eligibility"]
    checks.rule(first, house.films[-1], through=True, by=house.organiser, note="The clock ran fast.")
    rounds.close(first, by=house.organiser)
    review = follow(house, "review", first, name="First review", reviews=2)
    further = follow(house, "further", review, name="Second look", budget=4, places=3)
    for number, row in enumerate(review.assignments.select_related("juror", "film__footage")):
        watch(row)
        scores = {one.pk: 4 + (number * 3 + place) % 6 for place, one in enumerate(review.criteria.all())}
        marks.give(row, scores, by=row.juror, note="It knows when to stop.", share_note=True)
    rounds.close(review, by=house.organiser)
    shortlist = follow(house, "shortlist", review, name="Shortlist", places=4)
    shortlists.decide(shortlist, house.films[:4], by=house.organiser)
    rounds.close(shortlist, by=house.organiser)
    final = follow(house, "final", shortlist, name="Final", sees_earlier="always", names_jurors=True)
    talk = follow(house, "deliberation", final, open_it=False, name="Deliberation", sees_earlier="always")
    pairs = follow(house, "pairwise", shortlist, name="Pairs")
    names = ("review", "further", "shortlist", "final", "talk", "pairs")
    rows = (review, further, shortlist, final, talk, pairs)
    house.stages |= dict(zip(names, rows, strict=True))
    return house


def at(name, house, *args):
    return reverse(f"jury_office:{name}", args=[house.edition.slug, *args])


@pytest.mark.parametrize(("theme", "width"), [("paper", 1280), ("night", 360)])
def test_the_office_s_pages_are_for_everybody(judging, room, theme, width):
    disputed = [at("rounds", judging), at("round", judging, judging.stages["eligibility"].pk)]
    found = sweep(room, judging.organiser, disputed, theme, width)
    stages = play(judging).stages
    addresses = [
        at("rounds", judging),
        *(at("round", judging, row.pk) for row in stages.values()),
        at("rubric", judging, stages["review"].pk),
        at("shortlist", judging, stages["shortlist"].pk),
        at("count", judging, stages["final"].pk),
    ]
    found |= sweep(room, judging.organiser, addresses, theme, width)
    for juror in judging.jurors:
        vote(stages["final"], juror, *judging.films[:4])
    rounds.close(stages["final"], by=judging.organiser)
    counted = [at("count", judging, stages["final"].pk)]
    talk = stages["talk"]
    rounds.open(type(talk).objects.select_related("edition", "source").get(pk=talk.pk), by=judging.organiser)
    found |= sweep(room, judging.organiser, [*counted, at("round", judging, talk.pk)], theme, width)

    assert found == {}


@pytest.mark.parametrize(("theme", "width"), [("paper", 1280), ("night", 360)])
def test_the_jury_s_pages_are_for_everybody(judging, room, theme, width):
    juror = judging.jurors[0]
    checked = reverse("jury:film", args=[lists(judging.stages["eligibility"], juror)[0].pk])
    found = sweep(room, juror, [checked], theme, width)
    stages = play(judging).stages
    talk = stages["talk"]
    pages = [reverse("jury:ballot", args=[stages[name].pk]) for name in ("final", "pairs")]
    found |= sweep(room, juror, [*pages, reverse("jury:films")], theme, width)
    for one in judging.jurors:
        vote(stages["final"], one, *judging.films[:4])
    rounds.close(stages["final"], by=judging.organiser)
    rounds.open(type(talk).objects.select_related("edition", "source").get(pk=talk.pk), by=judging.organiser)
    found |= sweep(room, juror, [pages[0], reverse("jury:ballot", args=[talk.pk])], theme, width)

    assert found == {}


def sweep(room, person, addresses, theme, width) -> dict:
    """What axe finds, and which pages are wider than the screen."""
    wrong = {}
    page = room(person, addresses[0], theme, width)
    for address in addresses:
        page.goto(page.url.split("/office")[0].split("/jury")[0] + address)
        if said := findings(page):
            wrong[address, "axe"] = said
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            wrong[address, "width"] = wide
    return wrong


# A film of a ballot


def test_a_film_of_a_ballot_takes_a_note_and_no_marks(final, room):
    assignment = lists(final.round, final.jurors[0])[0]
    page = room(final.jurors[0], reverse("jury:film", args=[assignment.pk]))
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))

    page.keyboard.press("5")  # which marks a criterion elsewhere
    page.locator("[name='note']").fill("It stays with me.")
    page.get_by_role("button", name="Save and return to your films").click()
    page.get_by_text("Saved ").wait_for()

    assert wrong == []
    assert Mark.objects.get().note == "It stays with me."
    page.goto(page.url.split("/jury")[0] + reverse("jury:film", args=[assignment.pk]))
    assert "criterion" not in page.locator("main").inner_text()
    assert not page.get_by_text("What every mark means").is_visible()


# The better of two


def test_the_better_of_two_films_is_chosen_by_a_click(room):
    house = make_stage("pairwise", films=2, jurors=1)
    page = room(house.jurors[0], reverse("jury:ballot", args=[house.round.pk]))

    page.get_by_role("button", name=f"{house.films[1].title} is better", exact=True).click()
    page.get_by_text("You have compared every pair.").wait_for()

    assert Preference.objects.get().better == house.films[1]


# Ranking by keys and by hand


@pytest.fixture
def final():
    return make_stage("final", films=3, jurors=2)


def order(page):
    return page.locator("[data-film] label").all_inner_texts()


def numbers(page):
    return [one.input_value() for one in page.locator("[data-film] input").all()]


def test_films_are_ranked_by_keys_alone_and_the_ballot_is_what_was_seen(final, room):
    page = room(final.jurors[0], reverse("jury:ballot", args=[final.round.pk]))
    first, second, third = order(page)
    page.get_by_role("button", name=f"Move {third} up", exact=False).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+ArrowUp")
    assert order(page) == [third, first, second]
    assert numbers(page) == ["1", "2", "3"]

    page.locator("[data-film] input").nth(2).fill("2")
    page.keyboard.press("Tab")
    assert numbers(page) == ["1", "2", "2"]
    page.get_by_role("button", name="Hand in my ballot").click()
    page.get_by_text("Your ballot is in").wait_for()

    ids = {film.title.upper(): str(film.pk) for film in final.films}
    tiers = Ballot.objects.get().tiers
    assert [sorted(tier) for tier in tiers] == [
        [ids[third.upper()]],
        sorted([ids[first.upper()], ids[second.upper()]]),
    ]


def test_films_are_ranked_by_dragging(final, room):
    page = room(final.jurors[0], reverse("jury:ballot", args=[final.round.pk]))
    first, second, third = order(page)
    grip = page.locator("[data-grip]").nth(2).bounding_box()
    top = page.locator("[data-film]").nth(0).bounding_box()
    page.mouse.move(grip["x"] + 4, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(top["x"] + 8, top["y"] + 4, steps=12)
    page.mouse.up()

    assert order(page) == [third, first, second]
    assert numbers(page) == ["1", "2", "3"]


def test_without_scripts_numbers_are_typed_and_the_ballot_is_the_same(final, room):
    page = room(final.jurors[0], reverse("jury:ballot", args=[final.round.pk]), java_script_enabled=False)
    for film, number in zip(final.films, ("2", "1", ""), strict=True):
        page.get_by_label(film.title, exact=True).fill(number)
    page.get_by_role("button", name="Hand in my ballot").click()
    assert "Your ballot is in" in page.content()

    one, two, _ = (str(film.pk) for film in final.films)
    assert Ballot.objects.get().tiers == [[two], [one]]
    assert Viewing.objects.filter(assignment__juror=final.jurors[0]).count() == 3
