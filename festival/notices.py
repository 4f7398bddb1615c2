"""Notices: letters by mail, written in the same transaction as what they tell, sent by the queue.

A letter reaches its reader at least once. Two workers never send it at the same time (one conditional
UPDATE takes it for some minutes), but a worker that dies between the mail server's yes and our own note
of it leaves a letter that is sent again: two receipts do no harm, a receipt that never came does.

Kinds, and what their templates under templates/mail/ need besides `person`, `film` and `site`:
    receipt     submitted: `receipt`, as from `intake.receipt`
    replaced    a submitted film has a new file: `receipt`, `gaps` of its disclosure
    refused     a file could not be used: `footage`
    sent_back   the office asks for a change: `reason`
    selected, waiting, declined, withdrawn
    seated      `edition`, `role`, `by`, `link`, `newcomer`
    invited     into a production: `production`, `by`, `link`, `newcomer`
    ledger      the head of the jury’s ledger: `edition`, `record`, `phase`, `page`
"""

import re

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from festival import access, tasks
from festival.models import Film, Notice, Person

METADATA = "notice"
MOST_WORDS = 2000  # of a mail server's explanation


def write(person: Person, kind: str, *, film: Film | None = None, **context) -> Notice:
    """Write a letter to `person` from templates/mail/<kind>.txt and ring for it to be sent.

    The template's first line is the subject. `film` must be saved; its edition is read for the times.
    """
    until = access.open_until(film) if film else None
    context |= {
        "person": person,
        "film": film,
        "site": settings.SITE_URL,
        "open_until": access.local(until, film.edition) if film and until else "",
    }
    subject, _, body = render_to_string(f"mail/{kind}.txt", context).strip().partition("\n")
    notice = Notice.objects.create(
        person=person,
        film=film,
        kind=kind,
        subject=subject.strip()[:200],
        body=re.sub(r"\n{3,}", "\n\n", body.strip() + "\n"),
    )
    tasks.send.delay_on_commit(notice.pk)
    return notice


def send(notice_id: int, *, at=None) -> None:
    """Send one letter, unless it has been sent or another worker is sending it.

    A mail server that refuses is written down in `problem`; `send_waiting` tries again, ever more slowly.
    """
    at = at or timezone.now()
    notice = Notice.objects.claim(notice_id, at)
    if notice is None:
        return
    letter = EmailMessage(notice.subject, notice.body, to=[notice.person.email])
    letter.metadata = {METADATA: str(notice.pk)}  # anymail's services name it when the letter comes back
    try:
        letter.send()
    except Exception as error:
        notice.put_off(str(error) or type(error).__name__, at=at)
        raise
    Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now(), problem="", held_until=None)


def came_back(notice_id: str, *, why: str = "", at=None) -> bool:
    """Write down that a mail service has brought a letter back. Told twice, the first word stands.

    Args:
        notice_id: as it stood in the letter's metadata; anything else is no letter of ours.

    Returns:
        whether it was news: the letter is known, and nobody has dealt with it yet.
    """
    if not notice_id.isdecimal():
        return False
    waiting = Notice.objects.filter(pk=notice_id, bounced_at=None, settled_at=None)
    return bool(waiting.update(bounced_at=at or timezone.now(), problem=why[:MOST_WORDS]))


def send_waiting(*, at=None) -> None:
    """Ring again for letters that wait: their doorbell was lost, or the mail server said no."""
    for pk in Notice.objects.due(at).order_by("created_at").values_list("pk", flat=True)[:100]:
        tasks.send.delay(pk)
