"""What the house does when a mail service tells what became of a letter."""

from anymail.signals import EventType, tracking
from django.dispatch import receiver

from festival import notices

LOST = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}  # a deferred letter is still on its way


@receiver(tracking)
def letter_came_back(sender, event, esp_name, **kwargs):
    """Write down a letter that did not reach its reader; the programme then waits until that is seen to."""
    if event.event_type in LOST:
        letter = str((event.metadata or {}).get(notices.METADATA, ""))
        notices.came_back(letter, why=event.description or event.mta_response or "", at=event.timestamp)
