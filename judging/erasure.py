"""Erasure: a juror's own words go, in the tables and beside the ledger; what they decided stays."""

from django.db import transaction

from judging.models import Background, Check, Conflict, Mark, Pin, Words

ERASED = "Erased."


@transaction.atomic
def forget(person) -> int:
    """Erase everything this person wrote as a juror, with the keys of its seals.

    The ledger's rows stay as they are: of the words they carry only digests, which without their keys say
    nothing. Marks, checks and ballots stay, since films were decided by them.

    Returns:
        how many texts were erased beside the ledger.
    """
    Mark.objects.filter(assignment__juror=person).update(note="")
    Check.objects.filter(assignment__juror=person).exclude(reason="").update(reason=ERASED)
    Conflict.objects.filter(juror=person).update(reason=ERASED)
    Pin.objects.filter(assignment__juror=person).delete()
    Background.objects.filter(juror=person).delete()
    return Words.objects.filter(record__by=person).delete()[0]
