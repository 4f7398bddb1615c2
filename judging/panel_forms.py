"""What is said of a seat: its limit, what its juror brings along, and whether a likely tie is one."""

from django import forms

from festival import names
from festival.forms.entry import NamesField
from festival.models import Film, Person
from judging import backgrounds
from judging.models import Seat


class LimitForm(forms.ModelForm):
    """The most minutes of film a juror watches in a round."""

    most_minutes = forms.IntegerField(label="Most minutes", min_value=1, max_value=100_000, required=False)

    class Meta:
        model = Seat
        fields = ["most_minutes"]


class HousesField(forms.CharField):
    """Names of houses, one a line; its value is a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        lines = (" ".join(line.split()) for line in super().clean(value).splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class BackgroundForm(forms.Form):
    """What a juror brings along."""

    languages = NamesField(
        names.LANGUAGES,
        what="language",
        label="Languages you follow without subtitles",
        help_text="With commas between them: English, Portuguese. Leave it empty if any film will do.",
        widget=forms.TextInput(attrs={"list": "language-names", "autocomplete": "off"}),
    )
    houses = HousesField(
        label="Companies, schools and funds you belong to",
        help_text="One a line. You never get a film on which one of them is credited.",
        required=False,
        max_length=2000,
    )
    sections = forms.ModelMultipleChoiceField(
        None,
        label="Sections you know most about",
        help_text="You get more of their films, as far as fair shares and chance allow.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, juror: Person, **kwargs):
        known = backgrounds.of([juror]).get(juror.pk)
        if known:
            spoken = ", ".join(names.language(code) for code in known.languages)
            kwargs["initial"] = {
                "languages": spoken,
                "houses": known.houses,
                "sections": known.sections.all(),
            }
        super().__init__(*args, **kwargs)
        self.fields["sections"].queryset = backgrounds.sections_for(juror)


class RulingForm(forms.Form):
    """A film, a juror, and whether the tie between them is a conflict."""

    film = forms.ModelChoiceField(Film.objects.none())
    juror = forms.ModelChoiceField(Person.objects.none())
    stands = forms.TypedChoiceField(
        choices=[("yes", "A conflict"), ("no", "No conflict")], coerce=lambda word: word == "yes"
    )

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["film"].queryset = edition.films.select_related("edition")
        self.fields["juror"].queryset = Person.objects.filter(seats__panel__edition=edition).distinct()
