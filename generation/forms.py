"""What people type in the studio."""

from django import forms
from django.core.exceptions import ValidationError

from festival.models import Edition, Film
from festival.provenance import timecodes
from generation.access import LONGEST_PROMPT
from generation.engines.base import LARGEST_SEED, Card


class BriefForm(forms.Form):
    """A wish in words, with its length, shape, seed and engine."""

    prompt = forms.CharField(
        label="What should be seen",
        max_length=LONGEST_PROMPT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Subject, movement, light, and how the camera sees it.",
    )
    seconds = forms.FloatField(
        label="Seconds",
        min_value=0.1,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    aspect = forms.ChoiceField(label="Shape", help_text="Width to height.")
    seed = forms.IntegerField(
        label="Seed",
        min_value=0,
        max_value=LARGEST_SEED,
        required=False,
        help_text="Same seed, same picture.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "mono"}),
    )
    engine = forms.ChoiceField(label="Engine")
    edition = forms.ModelChoiceField(Edition.objects.none(), label="Edition", empty_label=None)

    def __init__(self, *args, cards: dict[str, Card], editions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["engine"].choices = [(card.name, card.title) for card in cards.values()]
        shapes = dict.fromkeys(aspect for card in cards.values() for aspect in card.sizes)
        self.fields["aspect"].choices = [(aspect, aspect) for aspect in shapes]
        self._range(cards)
        self.fields["edition"].queryset = editions
        self.fields["edition"].initial = first = next(iter(editions), None)
        if first and len(editions) == 1:
            self.fields["edition"].widget = forms.HiddenInput()
        if len(cards) == 1:
            self.fields["engine"].widget = forms.HiddenInput()
            self.fields["engine"].initial = next(iter(cards))

    def _range(self, cards: dict[str, Card]) -> None:
        """Say how long a clip may be, and offer two seconds or the nearest to it."""
        if not cards:
            return
        shortest, longest = (
            min(c.shortest_s for c in cards.values()),
            max(c.longest_s for c in cards.values()),
        )
        seconds = self.fields["seconds"]
        seconds.help_text = f"From {shortest:g} to {longest:g}."
        seconds.widget.attrs |= {"min": f"{shortest:g}", "max": f"{longest:g}"}
        seconds.initial = min(max(2, shortest), longest)


class TimecodeField(forms.Field):
    """A moment of a film, typed as “0:04.50” or “1:02:03”; its value is in seconds."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "timecode"}

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return timecodes.read(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class DeliverForm(forms.Form):
    """In which film the clip goes, and where it begins."""

    film = forms.ModelChoiceField(Film.objects.none(), label="Film", empty_label=None)
    start_s = TimecodeField(
        label="Begins at", initial="0:00.00", help_text="In the film's own time, such as 0:04.50."
    )

    def __init__(self, *args, films, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["film"].queryset = films
