"""What people type on the director's desk: the next take of a shot."""

from django import forms
from django.core.exceptions import ValidationError

from festival.listings import MOST_PICTURE_BYTES
from generation.access import DIALS, LONGEST_PROMPT, MOST_TAKES, why_not_dial
from generation.animatic import Direction, from_form
from generation.engines.base import LARGEST_SEED, Card
from generation.forms import numbers
from generation.forms.clips import AGAIN, NO_ENGINE, NO_SHAPE, TOO_LONG, entry
from generation.forms.engines import EngineSelect
from generation.models import Shot

TYPED = ("words", "seconds", "aspect", "engine", "seed", *DIALS)


class DeskForm(forms.Form):
    """A shot in words, with its length, shape, seed, engine and direction; and how many takes to draw."""

    words = forms.CharField(
        label="What should be seen",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Subject, movement, light. Where the camera goes is directed on the stage.",
    )
    seconds = forms.FloatField(
        label="Seconds",
        min_value=0.1,
        help_text="How long it lasts.",
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    aspect = forms.ChoiceField(
        label="Shape",
        help_text="Width to height.",
        error_messages={"invalid_choice": NO_SHAPE},
    )
    engine = forms.ChoiceField(
        label="Engine", error_messages={"invalid_choice": NO_ENGINE}, widget=EngineSelect
    )
    seed = forms.IntegerField(
        label="Seed",
        min_value=0,
        max_value=LARGEST_SEED,
        required=False,
        error_messages=dict.fromkeys(numbers.WRONG, numbers.SEED),
        help_text="Same seed, same picture. Empty for any.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "mono"}),
    )
    steps = forms.IntegerField(
        label="Steps",
        min_value=1,
        required=False,
        help_text="How often the picture is worked over. More take longer, and after a while change little.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    guidance = forms.FloatField(
        label="Guidance",
        min_value=1,
        required=False,
        help_text="How closely it keeps to the words. Much of it makes hard, glaring pictures.",
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    first = forms.FileField(
        label="Begins with a still",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "This file is empty. Choose the picture again."},
    )
    no_first = forms.BooleanField(label="Begin without this still", required=False)
    count = forms.TypedChoiceField(
        label="Takes",
        coerce=int,
        required=False,
        empty_value=1,
        choices=[(number, str(number)) for number in range(1, MOST_TAKES + 1)],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": f"Draw 1 to {MOST_TAKES} takes at once."},
    )

    def __init__(self, data=None, files=None, *, shot: Shot, cards: dict[str, Card]):
        said = {name: getattr(shot, name) for name in TYPED} | {"seconds": f"{shot.seconds:g}", "count": 1}
        super().__init__(data, files, initial=said)
        self.shot, self.cards = shot, cards
        self.fields["words"].widget.attrs["maxlength"] = LONGEST_PROMPT
        self.fields["engine"].choices = _with([(c.name, entry(c)) for c in cards.values()], shot.engine)
        self.fields["engine"].widget.cards = cards
        shapes = dict.fromkeys(aspect for card in cards.values() for aspect in card.sizes)
        self.fields["aspect"].choices = _with([(aspect, aspect) for aspect in shapes], shot.aspect)
        if not any("first_frame" in card.inputs for card in cards.values()) and shot.first is None:
            del self.fields["first"], self.fields["no_first"]
        chosen = cards.get(self.data.get("engine", shot.engine))
        numbers.say_length(self.fields["seconds"], chosen)
        self._dials(chosen)

    def _dials(self, chosen: Card | None) -> None:
        """Offer no dial that no engine here has, and show what is drawn with where one is left empty."""
        card = self.cards.get(self.shot.engine)
        for name in DIALS:
            numbers.say_dial(self.fields[name], name, chosen)
            turns = any(not why_not_dial(card, **{name: 1}) for card in self.cards.values())
            if not turns and getattr(self.shot, name) is None:
                del self.fields[name]
            elif card and not why_not_dial(card, **{name: 1}):
                self.fields[name].widget.attrs["placeholder"] = f"{getattr(card, name):g}"

    @property
    def finer(self) -> bool:
        """Whether a finer dial is turned, or wrong: then they are shown."""
        there = [name for name in DIALS if name in self.fields]
        return any(self[name].value() not in (None, "") or self[name].errors for name in there)

    def clean_first(self):
        picture = self.cleaned_data["first"]
        if picture and picture.size > MOST_PICTURE_BYTES:
            raise ValidationError("This picture is larger than 40 MB. Send it as a JPEG of good quality.")
        return picture

    def clean(self) -> dict:
        """Read the direction that the stage sends along, with or without scripts."""
        said = super().clean()
        try:
            said["direction"] = from_form(self.data, was=Direction.from_json(self.shot.direction))
        except ValueError as error:
            self.add_error(None, str(error))
        if self.errors and said.get("first"):
            self.add_error("first", AGAIN)
        return said

    @property
    def laid(self) -> dict:
        """What `desk.lay` is given."""
        fields = {name: self.cleaned_data[name] for name in TYPED if name in self.fields}
        return fields | {"direction": self.cleaned_data["direction"].to_json()}


def _with(choices: list[tuple[str, str]], kept: str) -> list[tuple[str, str]]:
    """The choices, and what the shot has although it is offered no more."""
    gone = kept and kept not in dict(choices)
    return [*choices, (kept, f"{kept}: not here any more")] if gone else choices


class TitleForm(forms.Form):
    """A title alone."""

    title = forms.CharField(label="Title", required=False, widget=forms.TextInput(attrs={"maxlength": 200}))


class PlaceForm(forms.Form):
    """Where a shot is dragged: a scene, and a place in it from 0."""

    scene = forms.UUIDField()
    to = forms.IntegerField(min_value=0)


class BeginForm(forms.Form):
    """A production's title, and the edition it is made for."""

    title = forms.CharField(
        label="Title",
        max_length=200,
        help_text="You can change it at any time.",
        error_messages={
            "required": "Give the production a title. A working title will do.",
            "max_length": "A title has 200 characters at most. Shorten it.",
        },
    )
    edition = forms.ModelChoiceField(None, label="Edition", empty_label=None)

    def __init__(self, *args, editions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["edition"].queryset = editions
        if len(editions) == 1:
            self.fields["edition"].widget = forms.HiddenInput()
            self.fields["edition"].initial = editions[0]


class InviteForm(forms.Form):
    """Somebody's address."""

    email = forms.EmailField(label="E-mail address", error_messages={"invalid": "This is no e-mail address."})


class VaryForm(forms.Form):
    """One thing about a take that is to be otherwise; what is left empty stays."""

    words = forms.CharField(
        label="Words", required=False, max_length=LONGEST_PROMPT, error_messages={"max_length": TOO_LONG}
    )
    seconds = forms.FloatField(label="Seconds", required=False, min_value=0.1)
    aspect = forms.CharField(label="Shape", required=False, max_length=10)
    engine = forms.CharField(label="Engine", required=False, max_length=80)
    seed = forms.IntegerField(
        label="Seed",
        required=False,
        min_value=0,
        max_value=LARGEST_SEED,
        error_messages=dict.fromkeys(numbers.WRONG, numbers.SEED),
    )
    steps = forms.IntegerField(label="Steps", required=False, min_value=1)
    guidance = forms.FloatField(label="Guidance", required=False)

    def __init__(self, *args, card: Card | None, **kwargs):
        """`card` is that of the take's engine, None where it is gone."""
        super().__init__(*args, **kwargs)
        numbers.say_length(self.fields["seconds"], card)
        for name in DIALS:
            numbers.say_dial(self.fields[name], name, card)

    @property
    def change(self) -> dict:
        """What was filled in."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
