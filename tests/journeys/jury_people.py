"""The organiser of a jury and its jurors at their pages.

A juror does everything by the page once. What comes again thirty times goes by the same forms, posted in
the juror's own session: the page is fetched, its pass opens the film, what has played is reported, and the
form is sent.
"""

import re

from playwright.sync_api import expect

from tests.journeys.jury_house import EDITION, JURORS, SECONDS, marks, quality
from tests.journeys.visitor import SECRET

OFFICE = f"/office/{EDITION}/"
JURY = f"{OFFICE}jury/"
TOKEN = re.compile(r"name=\"csrfmiddlewaretoken\" value=\"(\w+)\"")
TITLE = re.compile(r"<h1 class=\"screening__title\">(.+?)</h1>")
PASS = re.compile(r"address=\"/jury/[\w-]+/watched/([^/\"]+)/\"")
CRITERION = re.compile(r"name=\"(c\d+)\"")


class Organiser:
    """Whoever leads the jury, by the pages of the office."""

    def __init__(self, visitor):
        self.at, self.page = visitor, visitor.page

    def begin(self, kind: str, name: str, *, after: str = "") -> str:
        """Begin a round and leave its page open; return the address."""
        self.at.go(JURY)
        self.page.locator(f"[name='kind'][value='{kind}']").check()
        self.at.fill(name=name)
        takes = f"Those that came through “{after}”" if after else "Every film with the jury"
        self.page.locator("[name='takes']").select_option(label=takes)
        self.at.press("Begin round")
        self.at.see("is in preparation")
        if kind == "review":
            self.at.press(re.compile("festival", re.I))
            self.at.see("The rubric is laid out")
        return re.match(r".*/jury/\d+/", self.page.url)[0]

    def set_terms(self, round: str, **terms) -> None:
        self.at.go(round)
        self.at.fill(**{name: str(value) for name, value in terms.items()})
        self.at.press("Save terms")
        self.at.see("The terms of the round are changed.")

    def give_out(self, round: str) -> None:
        self.at.go(f"{round}assign/")
        self.at.press("Give out the films")
        self.at.see("Every film has its jurors.")

    def open(self, round: str) -> None:
        self.at.go(round)
        self.at.press("Open the round")
        self.at.see("is open.")

    def close(self, round: str) -> None:
        self.at.go(round)
        self.at.press("Close the round")
        self.at.see("is closed. Its results stand.")

    def lists(self, round: str) -> dict[str, set[str]]:
        """Of each film its jurors, as the page of the round has them."""
        self.at.go(round)
        rows = self.page.get_by_role("region", name="Films of the round").locator("tbody tr")
        cells = rows.evaluate_all("rows => rows.map(r => [r.cells[0].textContent, r.cells[3].textContent])")
        return {film: {_name(one) for one in jurors.split(", ")} for film, jurors in cells}

    def tick(self, titles) -> None:
        for title in titles:
            self.page.get_by_label(f"Tick {title}", exact=True).check()


def _name(cell: str) -> str:
    return cell.replace("(done)", "").strip()


class Juror:
    """A juror with a session of their own."""

    def __init__(self, visitor, email: str, name: str):
        self.at, self.page, self.email, self.name = visitor, visitor.page, email, name
        self.said: set[str] = set()  # addresses of films that are done

    def keep(self, what: str) -> None:
        """A screenshot of what every juror sees, of the first juror's."""
        if self.email == next(iter(JURORS)):
            self.at.keep(what)

    def accept_seat(self, site) -> None:
        """Choose a password by the link of the letter, and sign in."""
        self.at.go(site.link(self.email, holding="/password/reset/", path="/accounts/password/reset/key/"))
        self.at.fill(password1=SECRET, password2=SECRET)
        self.at.press("Set the password")
        self.at.see("password")
        self.at.sign_in(self.email)
        self.at.go("/jury/")
        self.at.see("Films to judge")

    def films(self, round_name: str) -> dict[str, str]:
        """The juror's list in a round: titles with their addresses."""
        self.at.go("/jury/")
        hand = self.page.locator(".hand").filter(
            has=self.page.get_by_role("heading", name=round_name, exact=True)
        )
        links = hand.locator(".hand__films a").evaluate_all(
            "links => links.map(a => [a.textContent.trim(), a.getAttribute('href')])"
        )
        return dict(links)

    # By the page

    def check_by_page(self, address: str, *, fails: str = "") -> None:
        self.at.go(address)
        self.page.get_by_label("Fail" if fails else "Pass", exact=True).check()
        self.at.fill(reason=fails)
        self.at.press("Save and go on")
        self.at.see("It is kept.")
        self.said.add(address)

    def mark_by_page(self, address: str, title: str, *, note: str) -> None:
        """Watch the film to its end and mark it by keys, which the page refuses to keep before."""
        self.at.go(address)
        rows = self.page.locator("[data-criterion]")
        given = marks(title, self.email, rows.count())
        self.at.see("Marks count once you have seen 90 % of the film.")
        self.at.play(past_s=SECONDS * 0.95)
        expect(self.page.locator("mark-form")).not_to_have_attribute("data-unseen", "")
        self.page.locator("mark-form input[type=radio]").first.focus()
        for mark in given:
            self.page.keyboard.press(str(mark % 10))
        self.at.fill(note=note)
        self.page.locator("[name='share_note']").check()
        self.keep("marked")
        self.at.press(re.compile("^Save and"))
        self.at.see("Saved ")
        self.said.add(address)

    def step_down(self, address: str, *, reason: str) -> None:
        self.at.go(address)
        self.page.get_by_role("link", name="Step down from judging it").click()
        self.at.fill(reason=reason)
        self.at.keep("stepping-down")
        self.at.press(re.compile("^Step down"))
        self.at.see("no mark of yours counts")

    def prefer(self, round: str, better) -> tuple[str, str]:
        """Compare the two films that the page asks about; `better` chooses between their titles."""
        self.at.go(round)
        films = self.page.locator(".two-films .film__title").all_text_contents()
        chosen = max((title.strip() for title in films), key=better)
        self.page.get_by_role("button", name=f"{chosen} is better", exact=True).click()
        self.at.see(f"“{chosen}” is better than")
        return films[0].strip(), films[1].strip()

    def vote(self, round: str, ranking: list[str]) -> str:
        """Hand in a ballot by typing places; return the receipt, which is shown once."""
        self.at.go(round)
        for place, title in enumerate(ranking, 1):
            self.page.get_by_label(title, exact=True).fill(str(place))
        self.keep("ballot")
        self.at.press("Hand in my ballot")
        return self.page.locator(".ballot__receipt").text_content().strip()

    # By the same forms, without drawing the page

    def check(self, address: str) -> None:
        html = self._get(address)
        self._post(f"{address}check/", html, {"verdict": "pass", "reason": ""})
        self.said.add(address)

    def begin_to_watch(self, address: str) -> str:
        """Open the film's page, and fetch the film under its pass; return the page."""
        html = self._get(address)
        self._get(f"/jury/media/{PASS.search(html)[1]}/180/film.mp4")
        return html

    def watch_to_the_end(self, address: str, html: str) -> None:
        """Report the film as played until it counts: not before it could have been played."""
        report = f"{address}watched/{PASS.search(html)[1]}/"
        for _ in range(20):
            told = self._post(report, html, {"played": f"0-{SECONDS * 1000}"}).json()
            if told["enough"]:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(told)

    def mark(self, address: str, html: str) -> None:
        criteria = list(dict.fromkeys(CRITERION.findall(html)))
        title = TITLE.search(html)[1]
        given = dict(zip(criteria, map(str, marks(title, self.email, len(criteria))), strict=True))
        answer = self._post(address, html, {**given, "note": ""})
        assert answer.json()["scored"] == len(criteria)
        self.said.add(address)

    def _get(self, address: str) -> str:
        answer = self.at.context.request.get(address)
        assert answer.ok, (address, answer.status)
        return "" if address.endswith(".mp4") else answer.text()

    def _post(self, address: str, html: str, form: dict):
        form = {"csrfmiddlewaretoken": TOKEN.search(html)[1], **form}
        headers = {"Accept": "application/json", "Referer": self.at.site.url + address}
        answer = self.at.context.request.post(address, form=form, headers=headers, max_redirects=0)
        assert answer.status < 400, (address, answer.status, answer.text()[:500])
        return answer


# All together


def watch_by_page(jury: list[Juror], round_name: str) -> None:
    """Everybody watches and marks the first film of their list in the browser."""
    for juror in jury:
        title, address = next(iter(juror.films(round_name).items()))
        juror.mark_by_page(address, title, note=f"I would watch “{title}” again.")


def watch_by_forms(jury: list[Juror], round_name: str, *, films: int = 99, leave_one: bool = False) -> str:
    """The next films of everybody's list, side by side; return the title of the one that is left out."""
    hands = {juror: list(juror.films(round_name).items()) for juror in jury}
    todo = [
        [(juror, title, address) for title, address in hand if address not in juror.said][:films]
        for juror, hand in hands.items()
    ]
    left_out = ""
    if leave_one:
        weakest = min((one for hand in todo for one in hand), key=lambda one: (quality(one[1]), one[1]))
        todo = [[one for one in hand if one is not weakest] for hand in todo]
        left_out = weakest[1]
    for place in range(max(map(len, todo))):
        row = [hand[place] for hand in todo if place < len(hand)]
        pages = [juror.begin_to_watch(address) for juror, _, address in row]
        for (juror, _, address), html in zip(row, pages, strict=True):
            juror.watch_to_the_end(address, html)
            juror.mark(address, html)
    return left_out
