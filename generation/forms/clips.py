"""What people type to have a clip drawn, and to place one in a film."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django import forms
from django.core.exceptions import ValidationError

from festival.listings import MOST_PICTURE_BYTES
from festival.models import Edition, Film
from festival.provenance import timecodes
from generation.access import LONGEST_PROMPT
from generation.engines import guide
from generation.engines.base import LARGEST_SEED, Card
from generation.forms import numbers
from generation.forms.engines import EngineSelect

UNSAID = "Say in words what should be seen."
TOO_LONG = f"This is longer than {LONGEST_PROMPT:,} characters. Shorten the text."
AGAIN = "Choose the picture again: a page that comes back cannot keep it."
NO_SHAPE = "No engine here draws this shape. Choose one of the list."
NO_ENGINE = "This engine is not here. Choose one of the list."


class BriefForm(forms.Form):
    """A wish in words, with its length, shape, seed and engine."""

    prompt = forms.CharField(
        label="What should be seen",
        max_length=LONGEST_PROMPT,
        error_messages={"required": UNSAID, "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Subject, movement, light, and how the camera sees it.",
    )
    seconds = forms.FloatField(
        label="Seconds",
        min_value=0.1,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    aspect = forms.ChoiceField(
        label="Shape", help_text="Width to height.", error_messages={"invalid_choice": NO_SHAPE}
    )
    seed = forms.IntegerField(
        label="Seed",
        min_value=0,
        max_value=LARGEST_SEED,
        required=False,
        error_messages=dict.fromkeys(numbers.WRONG, numbers.SEED),
        help_text="Same seed, same picture.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "mono"}),
    )
    engine = forms.ChoiceField(
        label="Engine", error_messages={"invalid_choice": NO_ENGINE}, widget=EngineSelect
    )
    enlarge = forms.ChoiceField(
        label="Enlarged",
        choices=[("smooth", "Smoothly"), ("pixels", "Pixel by pixel")],
        required=False,
        help_text="Of engines that draw small. It adds no detail.",
    )
    first = forms.FileField(
        label="From a still",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "This file is empty. Choose the picture again."},
    )
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)
    edition = forms.ModelChoiceField(Edition.objects.none(), label="Edition", empty_label=None)

    def __init__(self, *args, cards: dict[str, Card], editions, **kwargs):
        super().__init__(*args, **kwargs)
        self.cards, self.unread = cards, ""
        self.fields["engine"].choices = [(card.name, entry(card)) for card in cards.values()]
        self.fields["engine"].widget.cards = cards
        shapes = dict.fromkeys(aspect for card in cards.values() for aspect in card.sizes)
        self.fields["aspect"].choices = [(aspect, aspect) for aspect in shapes]
        self._range(cards)
        self._extras(cards)
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
        numbers.say_length(seconds, cards.get(self.data.get("engine", "")))
        seconds.help_text = f"From {shortest:g} to {longest:g}."
        seconds.widget.attrs |= {"min": f"{shortest:g}", "max": f"{longest:g}"}
        seconds.initial = min(max(2, shortest), longest)

    def _extras(self, cards: dict[str, Card]) -> None:
        """Offer no dial that no engine here has, and say which have it."""
        small = [card.title for card in cards.values() if card.native]
        begin = [card.title for card in cards.values() if "first_frame" in card.inputs]
        if not small:
            del self.fields["enlarge"]
        if begin:
            self.fields["first"].help_text = (
                f"The clip begins with this picture, if {' or '.join(begin)} draws it. "
                "JPEG, PNG or WebP, up to 40 MB."
            )
        else:
            del self.fields["first"]

    def clean_enlarge(self) -> str:
        return self.cleaned_data["enlarge"] or "smooth"

    def clean_first(self):
        picture = self.cleaned_data["first"]
        if picture and picture.size > MOST_PICTURE_BYTES:
            raise ValidationError("This picture is larger than 40 MB. Send it as a JPEG of good quality.")
        return picture

    def clean(self) -> dict:
        """Find what the engine would leave out of the words, unless the person has seen that already."""
        wish = super().clean()
        card = self.cards.get(wish.get("engine", ""))
        if not wish.pop("anyway", False) and card:
            self.unread = guide.unread(card, wish.get("prompt", ""))
        if (self.unread or self.errors) and wish.get("first"):
            self.add_error("first", AGAIN)
        return wish


def entry(card: Card) -> str:
    """The engine as the list of engines has it: “Scenes: procedural drawing, not AI”."""
    return f"{card.title}: {card.kind}" if card.kind else card.title


@contextmanager
def on_disk(wish: dict) -> Iterator[dict]:
    """The wish with the picture it brings, if any, as a file."""
    picture = wish.pop("first", None)
    with ExitStack() as stack:
        if picture:
            file = stack.enter_context(NamedTemporaryFile(suffix=".picture"))
            for chunk in picture.chunks():
                file.write(chunk)
            file.flush()
            wish["first"] = Path(file.name)
        yield wish


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

    film = forms.ModelChoiceField(
        Film.objects.none(),
        label="Film",
        empty_label=None,
        error_messages={"invalid_choice": "This entry can no longer be changed. Choose another of the list."},
    )
    start_s = TimecodeField(
        label="Begins at",
        initial="0:00.00",
        help_text="In the film's own time, such as 0:04.50.",
        error_messages={"required": "Where in the film does it begin?"},
    )

    def __init__(self, *args, films, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["film"].queryset = films
