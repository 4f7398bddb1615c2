"""What a form says to a number that cannot be: how far the engine goes, in the words of `access`."""

from django import forms

from generation import access
from generation.engines.base import Card

WRONG = ("required", "invalid", "min_value", "max_value")
SEED = f"{access.why_not_lay(seed=-1)} Leave it empty for any."


def say(field: forms.Field, sentence: str) -> None:
    """Let the field answer by this sentence, whatever is wrong with its number or if there is none."""
    field.error_messages |= dict.fromkeys(WRONG, sentence)


def say_length(field: forms.Field, card: Card | None) -> None:
    """“Scenes draws 0.2 to 2 seconds. Type a number between, such as 1.1.”"""
    if card is None:
        say(field, f"{access.why_not_lay(seconds=0)} Type a number, such as 2.5.")
    else:
        between = (card.shortest_s + card.longest_s) / 2
        say(field, f"{access.lengths(card)} Type a number between, such as {between:.1f}.")


def say_dial(field: forms.Field, name: str, card: Card | None) -> None:
    """“Wan draws in 1 to 60 steps. Choose a number between.” `name` is one of `access.DIALS`."""
    say(field, access.why_not_dial(card, **{name: 0}) if card else access.why_not_lay(**{name: 0}))
