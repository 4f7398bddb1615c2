"""Who may do what, and if not, why: every function returns "" for yes or one sentence for no."""

from datetime import timedelta

from django.db.models import Q

from festival.models import Edition, Film, Footage, Upload

EDITABLE = (Film.Status.DRAFT, Film.Status.SUBMITTED)  # the entrant may still change the entry


def why_not_organise(user, edition: Edition) -> str:
    """May `user` work in this edition's office?"""
    if user.is_authenticated and (
        user.is_superuser or edition.roles.filter(person=user, kind="organiser").exists()
    ):
        return ""
    return "Only this edition's organisers may do that."


def why_not_publish(user, edition: Edition, *, owed: int = 0, unheard: int = 0) -> str:
    """May `user` show decisions, while `owed` entrants have no letter and `unheard` have not got theirs?"""
    return why_not_organise(user, edition) or why_not_lift_embargo(owed=owed, unheard=unheard)


def why_not_lift_embargo(*, owed: int, unheard: int) -> str:
    """Does everybody know what was decided on their film, before everyone does?"""
    if owed:
        many = "1 decision letter" if owed == 1 else f"{owed} decision letters"
        return f"Send {many} first: nobody should learn of a decision from the programme."
    if unheard:
        many = "1 entrant has" if unheard == 1 else f"{unheard} entrants have"
        return f"{many} not been told yet: a letter is on its way, was refused, or came back."
    return ""


def why_not_enter(user, edition: Edition, *, at) -> str:
    """May `user` begin a new entry in this edition at the moment `at`?"""
    if not user.is_authenticated:
        return "Sign in to enter a film."
    if edition.status != Edition.Status.OPEN:
        return f"The call of {edition} is not open."
    deadline = edition.deadline_at
    if deadline and at > deadline:
        return f"The call of {edition} closed on {local(deadline, edition)}."
    return ""


def why_not_edit(user, film: Film, *, at) -> str:
    """May `user` change this entry at the moment `at`?"""
    if film.entrant_id != user.pk:
        return "Only the entrant may change this entry."
    if film.status not in EDITABLE:
        return "This entry can no longer be changed. Write to the festival office if something is wrong."
    return why_late(film, at=at)


def why_not_submit(user, film: Film, *, at) -> str:
    """May `user` hand this entry in at the moment `at`? `disclosures.gaps` is asked apart."""
    if film.entrant_id != user.pk:
        return "Only the entrant can submit this film."
    if film.status == Film.Status.WITHDRAWN:
        return "This film was withdrawn. Begin a new entry if you would like it to be seen after all."
    if film.status != Film.Status.DRAFT:
        return "This film has already been submitted."
    return why_late(film, at=at) or next(iter(missing(film)), "")


def missing(film: Film) -> list[str]:
    """Everything that an entry must have before it can be submitted and does not, a sentence each."""
    wanted = {
        "Choose a section.": film.section_id,
        "Give the film a title.": film.title.strip(),
        "Write a logline: one sentence that says what the film is about.": film.logline.strip(),
        "Write a synopsis.": film.synopsis.strip(),
        "Credit the director, or each of them.": film.credits.filter(role__iexact="director").exists(),
        "Name a country of production.": film.countries.exists(),
        "Name the film's language, or say that it has no dialogue.": film.languages.exists(),
        "Say in which year the film was completed.": film.year,
        "Give an e-mail address at which the festival can reach you.": film.contact_email,
        "Say whether you hold the rights to every picture.": film.rights_picture,
        "Say whether you hold the rights to the music and sound.": film.rights_music,
        "Allow the festival to screen the film.": film.rights_screening,
    }
    told = [sentence for sentence, given in wanted.items() if not given]
    return told + [why for why in [why_not_shown(film) or why_not_fitting(film)] if why]


def why_not_shown(film: Film) -> str:
    """Has this film a file that plays?"""
    if film.footage_id:
        return ""
    newest = film.footages.order_by("-created_at").first()
    if newest is None:
        return "Upload the film first."
    if newest.status == Footage.Status.REFUSED:
        return f"The file “{newest}” cannot be used: {newest.problem}"
    if newest.status == Footage.Status.FAILED:
        return f"The examination of “{newest}” broke off. Start it again, or upload the film once more."
    return f"The file “{newest}” is still being examined. You can submit as soon as it is ready."


def why_not_fitting(film: Film, *, duration_s: float | None = None) -> str:
    """Does the film, or a new cut of `duration_s`, run as long as its section allows?"""
    if duration_s is None and film.footage:
        duration_s = film.footage.duration_s
    if film.section is None or duration_s is None:
        return ""
    longest, shortest = film.section.max_duration_s, film.section.min_duration_s
    runs = f"The film runs {clock(duration_s)}, but {film.section} takes films"
    if duration_s > longest:
        return f"{runs} of {clock(longest)} at most. Choose another section or send a shorter cut."
    if duration_s < shortest:
        return f"{runs} of {clock(shortest)} at least. Choose another section or send a longer cut."
    return ""


def why_not_withdraw(user, film: Film) -> str:
    """May `user` take this film out of the festival?"""
    if film.entrant_id != user.pk:
        return "Only the entrant can withdraw this film."
    if film.status == Film.Status.WITHDRAWN:
        return "This film has already been withdrawn."
    if film.status == Film.Status.DECLINED and film.known != film.status:
        return "We are about to write to you about this film. Wait for the letter before you withdraw it."
    if Film.Status.WITHDRAWN not in Film.FLOW[film.status]:
        return f"This film is “{film.get_status_display()}”, so there is nothing to withdraw."
    if film.public:
        return "The programme with this film is published. Write to the festival office to withdraw it."
    return ""


def why_not_retry(user, footage: Footage) -> str:
    """May `user` have this file examined once more?"""
    film = footage.film
    if film.entrant_id != user.pk and why_not_organise(user, film.edition):
        return "Only the entrant can have this file examined again."
    if footage.status not in (Footage.Status.REFUSED, Footage.Status.FAILED):
        return f"There is nothing to try again: {footage.get_status_display().lower()}."
    if film.status not in EDITABLE:
        return f"The film is “{film.known_words}”, so its file stays as it is."
    if film.footages.filter(created_at__gt=footage.created_at).exists():
        return "A newer file has taken the place of this one."
    return ""


def why_not_send_back(user, film: Film) -> str:
    """May `user` ask the entrant to change this entry?"""
    if why := why_not_organise(user, film.edition):
        return why
    if film.status not in (Film.Status.SUBMITTED, Film.Status.ELIGIBLE):
        return f"“{film}” is “{film.get_status_display()}”, so it cannot be sent back."
    return ""


def why_not_accept(user, film: Film) -> str:
    """May `user` pass this entry on to the jury? `disclosures.gaps` is asked apart."""
    if why := why_not_organise(user, film.edition):
        return why
    if film.status != Film.Status.SUBMITTED:
        return f"“{film}” is “{film.get_status_display()}”, so it cannot be accepted."
    if why := why_not_shown(film) or why_not_fitting(film):
        return f"“{film}” cannot be accepted yet. Its entrant is told: {why}"
    return ""


def why_late(film: Film, *, at) -> str:
    """Is it too late for this film? What was under way in time may be finished, for some hours of grace."""
    edition = film.edition
    closes_at, until = _closing(edition), open_until(film)
    if edition.status == Edition.Status.OPEN and (until is None or at <= until):
        return ""
    if edition.status == Edition.Status.CLOSED and until and closes_at < at <= until:
        return ""
    if until and until < at:
        return f"The call closed on {local(closes_at, edition)}. Nothing you entered is lost."
    return f"The call of {edition} is not open."


def open_until(film: Film):
    """Until when this entry may be changed and submitted; None where no moment is set.

    That is the deadline, or the moment an organiser closed the call before it. An upload that was
    under way then, and an entry that the office has sent back, have the edition's hours of grace.
    """
    edition = film.edition
    closes_at = _closing(edition)
    if closes_at is None:
        return None
    grace = timedelta(hours=edition.upload_grace_h)
    under_way = Q(finished_at=None) | Q(finished_at__gt=closes_at)
    under_way |= Q(footage__isnull=False) & Q(footage__examined_at=None)
    under_way |= Q(footage__examined_at__gt=closes_at)
    moments = [closes_at]
    if Upload.objects.filter(under_way, film=film, begun_at__lte=closes_at).exists():
        moments.append(closes_at + grace)
    handed_in = (Film.Status.SUBMITTED, Film.Status.ELIGIBLE)
    returned = film.events.filter(was__in=handed_in, became=Film.Status.DRAFT).order_by("-at").first()
    if returned:
        moments.append(returned.at + grace)
    return max(moments)


def _closing(edition: Edition):
    """When the call ended or will end: at the last deadline, or when it was closed before."""
    deadline = edition.deadline_at
    if edition.status == Edition.Status.OPEN:
        return deadline
    closed = edition.events.filter(became=Edition.Status.CLOSED, was=Edition.Status.OPEN)
    moments = [deadline, *closed.order_by("-at").values_list("at", flat=True)[:1]]
    return min((moment for moment in moments if moment), default=None)


def local(moment, edition: Edition) -> str:
    """A moment in the edition's own time: “3 May 2027, 23:59 (Europe/Lisbon)”."""
    there = moment.astimezone(edition.zone)
    return f"{there.day} {there:%B %Y, %H:%M} ({edition.time_zone})"


def clock(seconds: float) -> str:
    """A running time: “4:09”, “1:02:30”."""
    minutes, s = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{s:02}" if hours else f"{minutes}:{s:02}"
