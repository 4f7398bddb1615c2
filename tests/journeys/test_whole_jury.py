"""A whole jury: six jurors, thirty entries, two sections, from eligibility to published results.

Everything the organiser does goes by the pages of the office. Each juror does each thing by the page at least
once; further films of a long list are checked, watched and marked by the same forms in the same session.
"""

import re
import shutil
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import ROOT
from tests.journeys.jury_house import (
    DOCUMENTS,
    EDITION,
    INELIGIBLE,
    JURORS,
    ORGANISER,
    READER,
    STORIES,
    TIED,
    entrant_of,
    quality,
)
from tests.journeys.jury_people import JURY, OFFICE, Juror, Organiser, watch_by_forms, watch_by_page
from tests.journeys.visitor import SECRET

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]

REVIEW = "First review"
REASON = "Its second juror fell ill on the last day."


def test_a_jury_goes_from_eligibility_to_published_results(visit, site):
    site.manage("shell", "-c", f"from tests.journeys.jury_house import lay_out; lay_out({SECRET!r})")
    office = enter_office(visit("jury-organiser"), site)
    jury = seat_jury(office, visit, site)
    check_eligibility(office, jury)
    jury = review(office, jury)
    shortlisted = shortlist(office)
    winner = shortlisted[0]
    compare(office, jury, winner)
    ballot(office, jury, shortlisted)
    decide(office, shortlisted)
    tell(office, site, winner)
    publish(office, site, jury)
    read_results(visit("jury-visitor"), winner)
    read_feedback(visit("jury-entrant"))
    verify(site)


def enter_office(visitor, site) -> Organiser:
    visitor.sign_in(ORGANISER[0])
    return Organiser(visitor)


def seat_jury(office: Organiser, visit, site) -> list[Juror]:
    """Six are seated and accept; the likely tie that the house points out is a conflict."""
    for email in JURORS:
        office.at.go(f"{JURY}seats/")
        office.at.fill(email=email)
        office.at.press("Seat juror")
        office.at.see(f"{email} sits on the jury now.")
    office.at.keep("seats")
    ties = office.page.locator(".ties__list li")
    expect(ties).to_have_count(1)
    expect(ties).to_contain_text(TIED)
    ties.get_by_role("button", name=re.compile("^A conflict")).click()
    office.at.see("Kept, with your name.")
    jury = [Juror(visit(f"jury-{name.split()[0].lower()}"), email, name) for email, name in JURORS.items()]
    for juror in jury:
        juror.accept_seat(site)
    return jury


def check_eligibility(office: Organiser, jury: list[Juror]) -> None:
    """Two look at each film; where one doubts, the organiser settles it."""
    round = office.begin("eligibility", "Eligibility")
    office.set_terms(round, watch_share=0)
    office.give_out(round)
    office.at.keep("assignment")
    office.open(round)
    doubted = False
    for juror in jury:
        films = juror.films("Eligibility")
        juror.keep("films")
        assert 9 <= len(films) <= 11
        first = INELIGIBLE if INELIGIBLE in films else next(iter(films))
        fails = "" if doubted or first != INELIGIBLE else "A still picture, and no film."
        doubted = doubted or bool(fails)
        juror.check_by_page(films.pop(first), fails=fails)
        juror.keep("checked")
        for address in films.values():
            juror.check(address)
    office.at.go(round)
    office.at.see("Jurors differ")
    office.at.keep("dispute")
    office.at.press("Close the round")
    office.at.see("1 film is still to be settled.")
    office.at.fill(note="The rules ask for a moving picture.")
    office.at.press(f"Fail {INELIGIBLE}")
    office.at.see(f"“{INELIGIBLE}” is settled.")
    office.close(round)
    office.at.go(JURY)
    office.at.see("30, 29 came through")


def review(office: Organiser, jury: list[Juror]) -> list[Juror]:
    """Two watch and mark each film; one steps down late, one drops out, one film is excepted by name."""
    round = office.begin("review", REVIEW, after="Eligibility")
    office.at.keep("rubric")
    office.give_out(round)
    office.at.see("about")
    office.open(round)
    watch_by_page(jury, REVIEW)
    watch_by_forms(jury, REVIEW, films=3)
    step_down_late(office, round, jury[1])
    left = drop_out(office, round, jury)
    last = watch_by_forms(left, REVIEW, leave_one=True)
    office.at.go(round)
    office.at.keep("round-open")
    office.at.press("Close the round")
    office.at.see("1 film has not been watched and judged by enough jurors")
    office.page.get_by_role("checkbox", name=re.compile(re.escape(last))).check()
    office.at.fill(reason=REASON)
    office.at.press("Except the ticked films")
    office.at.see("The exception is made.")
    office.close(round)
    office.at.keep("round-closed")
    office.at.see(f"{last}: 1 of 2. {ORGANISER[1]}")
    return left


def step_down_late(office: Organiser, round: str, juror: Juror) -> None:
    """A juror remembers a tie after marking: the mark is struck, and somebody else gets the film."""
    films = {title: address for title, address in juror.films(REVIEW).items() if address in juror.said}
    title = min(films, key=lambda title: (quality(title), title))
    juror.step_down(films[title], reason="I have taught the director.")
    assert title not in juror.films(REVIEW)
    jurors = office.lists(round)[title]
    assert juror.name not in jurors and len(jurors) == 2
    office.page.get_by_role("link", name=title, exact=True).click()
    office.at.see("taken off this film; does not count")
    office.at.keep("struck")


def drop_out(office: Organiser, round: str, jury: list[Juror]) -> list[Juror]:
    """The last juror leaves; what they had not reviewed goes to others, and nothing else moves."""
    leaver, before = jury[-1], office.lists(round)
    reviewed = {t for t, a in leaver.films(REVIEW).items() if a in leaver.said}
    office.at.go(f"{JURY}seats/")
    office.page.get_by_role("button", name=f"Free the seat of {leaver.name}").click()
    office.at.see(f"{leaver.name} has left.")
    after = office.lists(round)
    for title, jurors in before.items():
        stays = leaver.name not in jurors or title in reviewed
        assert after[title] == jurors if stays else jurors - {leaver.name} < after[title]
        assert len(after[title]) == 2 and not (leaver.name in after[title] and title not in reviewed)
    leaver.at.go("/jury/")
    leaver.at.keep("left")
    return jury[:-1]


def shortlist(office: Organiser) -> list[str]:
    """Six films, three of each section: the house proposes, the organiser settles."""
    round = office.begin("shortlist", "Shortlist", after=REVIEW)
    office.at.fill(places="6")
    for places in office.page.locator("[name^='q']").all():
        places.fill("3")
    office.at.press("Save terms")
    office.open(round)
    office.at.go(f"{round}shortlist/")
    proposed = office.page.locator("tr", has_text="Proposed").filter(has=office.page.locator("td"))
    titles = [words.strip() for words in proposed.locator("th").all_text_contents()]
    assert sorted(map(quality, titles)) == [9] * 6
    assert sum(title in STORIES for title in titles) == sum(title in DOCUMENTS for title in titles) == 3
    office.at.keep("shortlist")
    office.page.get_by_label(f"{READER} comes through").check()
    office.at.press("Settle the list")
    office.at.see("The list has 6 places, and 7 films are ticked.")
    office.at.go(f"{round}shortlist/")
    office.at.press("Settle the list")
    office.at.see("6 films come through.")
    office.close(round)
    return titles


def compare(office: Organiser, jury: list[Juror], winner: str) -> None:
    """Two films at a time: everybody watches what they have not seen, and compares twice."""
    round = office.begin("pairwise", "Side by side", after="Shortlist")
    office.open(round)
    address = f"/jury/rounds/{round.split('/jury/')[1]}"

    def taste(title: str) -> tuple:
        return title == winner, title

    for juror in jury:
        juror.at.go(address)
        unseen = juror.page.locator(".to-watch li", has_text="Not yet").locator("a")
        for film in [link.get_attribute("href") for link in unseen.all()]:
            juror.watch_to_the_end(film, juror.begin_to_watch(film))
        assert juror.prefer(address, taste) != juror.prefer(address, taste)
        juror.keep("pair")
    office.close(round)
    office.at.go(f"{round}count/")
    office.at.see("Bradley–Terry strengths")
    office.at.keep("pairs-counted")


def ballot(office: Organiser, jury: list[Juror], films: list[str]) -> None:
    """A secret final ballot; each juror's receipt finds it after the close."""
    round = office.begin("final", "Final ballot", after="Shortlist")
    office.page.locator("[name='secret']").check()
    office.at.press("Save terms")
    office.open(round)
    office.at.keep("final-open")
    address = f"/jury/rounds/{round.split('/jury/')[1]}"
    winner, *rest = films
    receipts = {}
    for place, juror in enumerate(jury):
        ranking = [winner, *rest[place:], *rest[:place]]
        receipts[juror] = juror.vote(address, ranking)
    jury[0].at.keep("receipt")
    office.close(round)
    office.at.go(f"{round}count/")
    expect(office.page.locator("main .title").first).to_have_text(winner)
    office.at.see("5 ballots")
    office.at.see("How it was counted")
    office.at.keep("final-counted")
    for juror, receipt in receipts.items():
        juror.at.go(f"{address}?receipt={receipt}")
        juror.at.see("It was counted, and reads:")
    jury[0].at.keep("receipt-found")


def decide(office: Organiser, shortlisted: list[str]) -> None:
    """The six are selected, all others declined; prizes exclude each other; feedback is approved."""
    office.at.go(f"{JURY}results/")
    office.at.keep("results")
    office.at.see("Tick films, then choose")
    office.tick(shortlisted)
    office.at.press("Select")
    office.at.see("6 films are selected.")
    office.at.go(f"{OFFICE}entries/?state=eligible")
    office.page.get_by_label("Tick every entry on this page").check()
    office.at.press("Decline")
    office.at.go(f"{OFFICE}awards/")
    office.at.fill(name="Grand Prix")
    office.at.press("Add award")
    office.at.fill(name="Special mention")
    office.page.get_by_role("checkbox", name="Grand Prix").check()
    office.at.press("Add award")
    give(office, "Grand Prix", shortlisted[0], "A sea in two seconds.")
    give(office, "Special mention", shortlisted[0], "")
    office.at.see(f"“{shortlisted[0]}” has the Grand Prix, and a film cannot have both.")
    give(office, "Special mention", shortlisted[1], "")
    office.at.keep("awards")
    office.at.go(f"{JURY}results/")
    office.page.get_by_role("link", name="Feedback").click()
    office.at.press("Compose the drafts")
    office.at.keep("feedback")
    office.at.press(re.compile("^Approve all"))
    office.at.see("approved.")


def give(office: Organiser, award: str, title: str, citation: str) -> None:
    panel = office.page.locator(".award").filter(has=office.page.get_by_role("heading", name=award))
    panel.locator("[name='film']").select_option(label=title)
    panel.locator("[name='citation']").fill(citation)
    panel.get_by_role("button", name="Give the award").click()


def tell(office: Organiser, site, winner: str) -> None:
    """Nothing is published before everybody knows, and a letter that comes back closes the door again."""
    office.at.go(f"{JURY}publish/")
    office.at.see("Send 30 decision letters first")
    office.at.keep("embargo")
    office.at.go(f"{OFFICE}letters/")
    office.at.press("Send 30 decisions")
    for title in (READER, winner):
        assert title in site.letter(entrant_of(title)[0], holding=title)
    back = office.page.get_by_role("button", name=f"It came back: {READER}")
    for _ in range(60):  # the queue hands thirty letters over
        office.at.go(f"{OFFICE}letters/")
        if back.is_visible() and not office.page.locator("#unheard").is_visible():
            break
        office.page.wait_for_timeout(250)
    back.click()
    office.at.go(f"{JURY}publish/")
    office.at.see("1 entrant has not been told yet")
    office.at.go(f"{OFFICE}letters/")
    office.at.fill(note="By telephone on Saturday.")
    office.at.keep("letters")
    office.at.press(re.compile("^Told otherwise"))
    office.at.see("Told otherwise")


def publish(office: Organiser, site, jury: list[Juror]) -> None:
    """The programme first, where the films are seen; then the results, and the ledger's head by mail."""
    office.at.go(f"{OFFICE}programme/")
    venue = office.page.locator("form[action$='/venues/']")
    venue.locator("[name$='name']").fill("Cinema São Jorge")
    venue.get_by_role("button").click()
    screening = office.page.locator("form[action$='/screenings/']")
    screening.locator("[name$='title']").fill("Closing night")
    starts = datetime.now().astimezone() + timedelta(days=40)
    screening.locator("[name$='starts_at']").fill(f"{starts:%Y-%m-%dT21:00}")
    screening.get_by_role("button").click()
    office.at.see("Closing night")
    office.at.press("Publish programme")
    office.at.see("Take the programme back")
    office.at.go(f"{JURY}publish/")
    office.at.see("The full calibration of “First review” is under way.")
    site.manage("shell", "-c", "from judging import tasks; tasks.fix_results()")  # as the clock does
    office.at.go(f"{JURY}publish/")
    office.at.press("Publish the results")
    office.at.see("The results are published")
    office.at.keep("published")
    assert "Results published" in site.letter(jury[0].email, holding="Results published")


def read_results(visitor, winner: str) -> None:
    """Anyone reads the winners, the method, the count and the exception; no film that was declined."""
    visitor.go(f"/ledger/{EDITION}/results/")
    for words in (
        winner,
        "A sea in two seconds.",
        "fixed before the round opened",
        "29 films, and 6 places: Documents 3, Stories 3. 6 came through.",
        "Bradley–Terry strengths",
        "5 ballots",
        "How it was counted",
        f"A film that is not shown: {REASON} ({ORGANISER[1]})",
    ):
        visitor.see(words)
    expect(visitor.page.locator("body")).not_to_contain_text(READER)
    visitor.keep("results")
    visitor.page.get_by_role("link", name="See the ledger, and how to check it").click()
    visitor.see("Results published")
    visitor.keep("ledger")


def read_feedback(visitor) -> None:
    """A declined entrant signs in and reads how the film stood, one strength and one reason."""
    visitor.sign_in(entrant_of(READER)[0])
    visitor.go("/entries/")
    visitor.page.get_by_role("link", name=READER).first.click()
    visitor.see("What the jury says")
    visitor.see("What the jury valued most is")
    visitor.see("30 films were entered, and there was room for 6 of them.")
    visitor.keep("feedback")


def verify(site) -> None:
    """The ledger holds; in a copy of the house where one byte of one row is changed, it names the row."""
    said = site.manage("verify", EDITION)
    assert re.search(
        r"The ledger of 2027 holds: \d+ rows, and \d+ results computed again, bit for bit\.", said
    )
    copy = site.folder / "copy"
    copy.mkdir()
    with sqlite3.connect(site.folder / "marquee.sqlite3") as house:
        row = tamper(house, copy / "marquee.sqlite3")
    command = [sys.executable, "manage.py", "verify", EDITION]
    env = {**site.env, "MARQUEE_VAR": str(copy)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"Row {row} (mark.given)" in done.stdout
    shutil.rmtree(copy)


def tamper(house: sqlite3.Connection, copy) -> int:
    """Copy the database, and raise one mark there by hand, past the trigger; return the row's number."""
    with sqlite3.connect(copy) as there:
        house.backup(there)
        there.execute("DROP TRIGGER ledger_no_update")
        found = there.execute("SELECT id, sequence, body FROM judging_record WHERE kind = 'mark.given'")
        key, sequence, body = found.fetchall()[20]
        changed = re.sub(r"(:)(\d)([,}])", lambda m: f"{m[1]}{(int(m[2]) + 1) % 10}{m[3]}", body, count=1)
        assert len(changed) == len(body) and changed != body
        there.execute("UPDATE judging_record SET body = ? WHERE id = ?", (changed, key))
    return sequence
