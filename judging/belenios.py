"""Belenios: a final ballot handed to a voting system whose secrecy nobody at the festival can break.

No key, credential or proof is made here: those belong to the credential authority and to the trustees, who
make them by Belenios itself. What is written is what Belenios asks an administrator for: the election's
template (name, description, questions) and the list of voters.

Source: Belenios 2.0, belenios-tool's `setup make-election` and `setup generate-credentials`; questions as in
its `question_nh.atd`, `question_h.atd` and `question.ml`. https://www.belenios.org/specification.pdf
"""

import io
import json
from zipfile import ZIP_DEFLATED, ZipFile

from festival import access as festival_access
from festival.errors import Refused
from festival.models import Film, Person
from judging.models import Conflict, Round, Seat

CHOSEN = (Round.Method.PLURALITY, Round.Method.APPROVAL)  # counted under encryption; all others are ranked


def export(round: Round, *, by) -> bytes:
    """A ZIP file with `template.json`, `voters.txt` and `README.txt`, for whoever runs the election.

    Raises:
        Refused: `by` is no organiser, or the round is no ballot; the message says why.
    """
    if why := festival_access.why_not_organise(by, round.edition) or why_not_export(round):
        raise Refused(why)
    counted = COUNT.get(round.method, PUBLISHED)
    files = {
        "template.json": json.dumps(template(round), ensure_ascii=False, indent=2) + "\n",
        "voters.txt": "".join(f"{juror.email}\n" for juror in voters(round)),
        "README.txt": HOW.format(round=round, edition=round.edition, count=counted),
    }
    box = io.BytesIO()
    with ZipFile(box, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return box.getvalue()


def why_not_export(round: Round) -> str:
    """Can this round be voted on in Belenios?"""
    if round.kind not in Round.BALLOTS:
        return f"“{round}” takes no ballots, so there is nothing to hand to Belenios."
    if len(films(round)) < 2:
        return f"“{round}” has fewer than two films. Choose its films first."
    if not voters(round):
        return "The jury has no juror who may vote on all these films. Seat some first."
    return ""


def films(round: Round) -> list[Film]:
    """The films to vote on, in the order of the ballot."""
    return list(round.films().order_by("title", "pk"))


def voters(round: Round) -> list[Person]:
    """Jurors of the round without a tie to any of its films."""
    seats = Seat.objects.sitting().of(round)
    tied = Conflict.objects.filter(film__in=round.films()).values("juror")
    return list(Person.objects.filter(seats__in=seats).exclude(pk__in=tied).distinct().order_by("email"))


def template(round: Round) -> dict:
    """The election as Belenios reads it, before any key is made."""
    return {
        "name": f"{round.edition}: {round}",
        "description": f"{round.get_method_display()}. To be won: {round.places}.",
        "questions": [question(round)],
    }


def question(round: Round) -> dict:
    """The ballot. A film stands on it by its title and its code, so that no two look alike.

    Where titles are hidden it stands there by its neutral name alone.
    """
    named = [(round.name_of(film), film.code) for film in films(round)]
    answers = [name if round.untitled else f"{name} ({code})" for name, code in named]
    if round.method in CHOSEN:
        most = 1 if round.method == Round.Method.PLURALITY else len(answers)
        return {
            "question": "Which film do you choose?" if most == 1 else "Which films do you approve of?",
            "answers": answers,
            "blank": True,
            "min": 1,
            "max": most,
        }
    ranked = {
        "type": "NonHomomorphic",
        "value": {"question": "Give the film you think best 1, the next 2, and so on.", "answers": answers},
    }
    if round.method == Round.Method.SCHULZE:
        ranked["extra"] = {"method": "Schulze", "blank": True}
    return ranked


COUNT = {
    Round.Method.PLURALITY: "Belenios adds the ballots up without opening any.",
    Round.Method.APPROVAL: "Belenios adds the ballots up without opening any.",
    Round.Method.SCHULZE: "Belenios shuffles the ballots, opens them, and counts by Schulze’s method.",
    Round.Method.STV: "Belenios shuffles and opens the ballots; count them by `belenios-tool method stv`.",
    Round.Method.IRV: "Belenios shuffles and opens the ballots; count them by `belenios-tool method stv`.",
}
PUBLISHED = (
    "Belenios shuffles the ballots and publishes them opened; it has no such count, so anybody counts them."
)
HOW = """\
{round} of {edition}, for Belenios 2.0 (https://www.belenios.org)

Secrecy rests on people who are not the festival: a credential authority, who makes one credential a juror
and forgets them, and trustees, each of whom keeps one key. Choose them from outside the office.

On a server of Belenios, paste the question of template.json and the addresses of voters.txt into a new
election. With belenios-tool, in this order:

  the office               belenios-tool setup generate-token
  the credential authority belenios-tool setup generate-credentials --uuid TOKEN --group RFC-3526-2048 \\
                               --file voters.txt
                           and sends the office its .pubcreds file, which becomes public_creds.json
  each trustee             belenios-tool setup generate-trustee-key --group RFC-3526-2048
                           and sends the office its .pubkey file; one below the other, these become
                           public_keys.jsons
  the office               belenios-tool setup make-trustees
                           belenios-tool setup make-election --uuid TOKEN --group RFC-3526-2048 \\
                               --template template.json
                           belenios-tool archive init

{count}

Jurors with a tie to one of the films are not on the list. When the result is published, write it into the
round by hand; what Belenios publishes is the proof of it.
"""
