"""What jurors and organisers fill in. Forms parse; acts decide."""

from django import forms
from django.forms import formset_factory

from festival.forms.statement import TimecodeField
from festival.models import Section
from judging.models import Assignment, Panel, Round
from judging.rubrics import Line

MARKS = [(value, str(value)) for value in range(1, 11)]


# Jurors


class MarkForm(forms.Form):
    """The rubric as radio buttons. It knows what the page had shown, so a stale page undoes nothing."""

    note = forms.CharField(
        label="Note",
        required=False,
        max_length=5000,
        show_hidden_initial=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For the organisers and yourself.",
    )
    share_note = forms.BooleanField(
        label="The entrant may read this note", required=False, show_hidden_initial=True
    )

    def __init__(self, data=None, *, assignment: Assignment):
        self.criteria = list(assignment.round.criteria.all())
        mark = getattr(assignment, "mark", None)
        scores = {score.criterion_id: score.value for score in mark.scores.all()} if mark else {}
        initial = {f"c{criterion.pk}": scores.get(criterion.pk) for criterion in self.criteria}
        if mark:
            initial |= {"note": mark.note, "share_note": mark.share_note}
        super().__init__(data, initial=initial)
        for criterion in self.criteria:
            self.fields[f"c{criterion.pk}"] = forms.TypedChoiceField(
                label=criterion.name,
                choices=MARKS,
                coerce=int,
                required=False,
                show_hidden_initial=True,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Give a whole mark from 1 to 10, not %(value)s."},
            )

    def rows(self) -> list[dict]:
        """The rubric for the page: each criterion with its field and the words of each mark."""
        return [
            {
                "criterion": criterion,
                "field": self[f"c{criterion.pk}"],
                "shown": self[f"c{criterion.pk}"].as_hidden(only_initial=True),
                "marks": [
                    {"radio": radio, "value": value, "words": criterion.words_for(value)}
                    for (value, _), radio in zip(MARKS, self[f"c{criterion.pk}"], strict=True)
                ],
            }
            for criterion in self.criteria
        ]

    def given(self) -> dict:
        """What the juror changed since the page was made: scores, and words where they changed."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        scores = {int(name[1:]): value for name, value in changed.items() if name.startswith("c") and value}
        return {
            "scores": scores,
            "note": changed.get("note"),
            "share_note": changed.get("share_note"),
        }


class ReportForm(forms.Form):
    """What a player says it has played: “0-5120,9000-12000”, ranges in milliseconds of the film."""

    played = forms.RegexField(
        r"^\d{1,8}-\d{1,8}(?:,\d{1,8}-\d{1,8})*$",
        max_length=20_000,
        error_messages={
            "invalid": "Report what was played as ranges of milliseconds: 0-5120,9000-12000.",
            "required": "Report what was played as ranges of milliseconds: 0-5120,9000-12000.",
        },
    )

    def clean_played(self) -> list[tuple[int, int]]:
        pairs = [pair.split("-") for pair in self.cleaned_data["played"].split(",")]
        return [(int(start), int(end)) for start, end in pairs]

    @property
    def why(self) -> str:
        return next(iter(self.errors.values()))[0]


class PinForm(forms.Form):
    """A note, and the moment it is pinned to."""

    at_s = TimecodeField(label="At", error_messages={"required": "Say at which moment, such as 0:01:04."})
    words = forms.CharField(
        label="Note",
        max_length=240,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write a word or two to pin to this moment."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="pin_%s", **kwargs)
        self.fields["at_s"].widget.attrs.pop("list", None)

    @property
    def why(self) -> str:
        return next(iter(self.errors.values()))[0]


class RecuseForm(forms.Form):
    reason = forms.CharField(
        label="What ties you to it?",
        max_length=240,
        help_text="A few words are enough, such as “I teach the director”. Only the organisers read them.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in a few words what ties you to this film."},
    )


# Organisers


class RoundForm(forms.ModelForm):
    class Meta:
        model = Round
        fields = ["name", "reviews", "blind"]
        help_texts = {
            "reviews": "How many jurors watch each film.",
            "blind": "Jurors see title, logline, synopsis and the AI label, and no name of a maker.",
        }


class PanelForm(forms.ModelForm):
    class Meta:
        model = Panel
        fields = ["name", "sections"]
        widgets = {"sections": forms.CheckboxSelectMultiple}

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sections"].queryset = Section.objects.filter(edition=edition)


class SeatForm(forms.Form):
    email = forms.EmailField(
        label="Juror’s e-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="They get a letter; people without an account are invited.",
    )
    panel = forms.ModelChoiceField(Panel.objects.none(), label="Panel", required=False, empty_label=None)

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["panel"].queryset = edition.panels.all()


class LineForm(forms.Form):
    """One criterion: name, weight, help, and words for its marks. An empty line is no criterion."""

    ALWAYS = ("1", "5", "10")  # the marks that must have words

    name = forms.CharField(label="Criterion", max_length=80)
    weight = forms.IntegerField(label="Weight, per cent", min_value=1, max_value=100)
    help = forms.CharField(label="What to look for", max_length=240, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for value, label in MARKS:
            required = label in self.ALWAYS
            self.fields[f"a{value}"] = forms.CharField(
                label=f"{value} means", max_length=240, required=required, widget=forms.TextInput
            )

    @property
    def always(self):
        return [self[f"a{label}"] for label in self.ALWAYS]

    @property
    def between(self):
        return [self[f"a{label}"] for _, label in MARKS if label not in self.ALWAYS]

    def line(self) -> Line:
        data = self.cleaned_data
        anchors = {label: data[f"a{label}"] for _, label in MARKS if data.get(f"a{label}")}
        return Line(name=data["name"], weight=data["weight"], help=data["help"], anchors=anchors)


class _Rubric(forms.BaseFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Strike this criterion"

    def lines(self) -> list[Line]:
        """The criteria in order, without empty and removed ones."""
        filled = [form for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        return [form.line() for form in filled]


RubricForm = formset_factory(
    LineForm, formset=_Rubric, extra=1, can_delete=True, max_num=20, validate_max=True
)


def rubric_form(data=None, *, round: Round) -> _Rubric:
    """The round's rubric as it stands, with one empty line at the end."""
    initial = [
        {
            "name": criterion.name,
            "weight": criterion.weight,
            "help": criterion.help,
            **{f"a{mark}": words for mark, words in criterion.anchors.items()},
        }
        for criterion in round.criteria.all()
    ]
    return RubricForm(data, initial=initial, prefix="lines")


class ResultsFilter(forms.Form):
    """Filters of the results, kept in the address."""

    q = forms.CharField(label="Title", required=False)
    section = forms.ModelChoiceField(
        Section.objects.none(), label="Section", required=False, empty_label="Every section"
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "Every state"),
            ("eligible", "With the jury"),
            ("selected", "Selected"),
            ("waiting", "Waiting list"),
            ("declined", "Not selected"),
        ],
    )
    reviews = forms.ChoiceField(
        label="Reviews",
        required=False,
        choices=[("", "Any number"), ("whole", "All given"), ("short", "Some missing")],
    )

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = Section.objects.filter(edition=edition)
