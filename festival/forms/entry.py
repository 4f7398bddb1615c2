"""What an entrant types about a film: its listing, its credits, its pictures and captions."""

import difflib
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from festival import names
from festival.models import Edition, Film, FilmCountry, FilmLanguage, Section, Still

WARNINGS = (
    "violence",
    "blood or injury",
    "sexual content",
    "nudity",
    "strong language",
    "drugs or alcohol",
    "self-harm or suicide",
    "death or grief",
    "discrimination",
    "flashing lights",
    "loud sounds",
)
ROLES = (
    "Director",
    "Writer",
    "Producer",
    "AI artist",
    "Cinematography",
    "Animation",
    "Editing",
    "Visual effects",
    "Production design",
    "Cast",
    "Voice",
    "Music",
    "Sound design",
    "Colour",
    "Translation",
    "Thanks",
)
REGIONAL = {
    "pt-BR": "Portuguese (Brazil)",
    "en-GB": "English (United Kingdom)",
    "en-US": "English (United States)",
}
SPOKEN = sorted(
    ((code, name) for code, name in (names.LANGUAGES | REGIONAL).items() if code != "zxx"),
    key=lambda pair: pair[1],
)
FIRST_YEAR = 1888  # Roundhay Garden Scene


class NamesField(forms.CharField):
    """Names with commas between them, each found in a table; its value is a list of codes.

    Codes are taken as well, and a name that is nearly right is answered with the right one.
    """

    def __init__(self, table: dict[str, str], *, what: str, **kwargs):
        self.table, self.what = table, what
        self.by_name = {name.casefold(): code for code, name in table.items()}
        super().__init__(max_length=400, required=False, **kwargs)

    def accept(self, codes: dict[str, str]) -> None:
        """Take these codes and names as well: what is on record already must not be refused."""
        self.table = self.table | codes
        self.by_name |= {name.casefold(): code for code, name in codes.items()}

    def clean(self, value):
        text = super().clean(value)
        return list(dict.fromkeys(self._code(part.strip()) for part in text.split(",") if part.strip()))

    def _code(self, name: str) -> str:
        if code := self.by_name.get(name.casefold()):
            return code
        for code in (name.upper(), name.lower()):
            if code in self.table:
                return code
        near = difflib.get_close_matches(name.casefold(), self.by_name, n=1)
        hint = f" Did you mean {self.table[self.by_name[near[0]]]}?" if near else ""
        raise ValidationError(f"We know no {self.what} called “{name}”.{hint}")


class BeginForm(forms.Form):
    """The two things an entry begins with."""

    edition = forms.ModelChoiceField(Edition.objects.none(), empty_label=None, widget=forms.RadioSelect)
    title = forms.CharField(
        max_length=200,
        label="Title of the film",
        help_text="A working title will do; you can change it until you submit.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give the film a title. A working title will do."},
    )

    def __init__(self, *args, editions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["edition"].queryset = editions


class DetailsForm(forms.ModelForm):
    """What the catalogue prints. Only the title is needed to save; the rest may come later."""

    countries = NamesField(
        names.COUNTRIES,
        what="country",
        label="Countries of production",
        help_text="With commas between them: Portugal, France.",
        widget=forms.TextInput(attrs={"list": "country-names", "autocomplete": "off"}),
    )
    languages = NamesField(
        names.LANGUAGES,
        what="language",
        label="Languages heard",
        help_text="With commas between them. For a film without dialogue write: No dialogue.",
        widget=forms.TextInput(attrs={"list": "language-names", "autocomplete": "off"}),
    )
    content_warnings = forms.MultipleChoiceField(
        choices=[(warning, warning.capitalize()) for warning in WARNINGS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="What some people would rather not meet unprepared",
    )
    other_warnings = forms.CharField(
        max_length=200,
        required=False,
        label="Anything else",
        help_text="Short phrases with commas between them.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Film
        fields = [
            "title",
            "original_title",
            "section",
            "logline",
            "synopsis",
            "year",
            "premiere",
            "contact_name",
            "contact_email",
            "contact_phone",
            "rights_picture",
            "rights_music",
            "rights_screening",
        ]
        labels = {
            "original_title": "Original title",
            "year": "Year of completion",
            "premiere": "Premiere status",
            "contact_name": "Name",
            "contact_email": "E-mail address",
            "contact_phone": "Telephone, if you like",
            "rights_picture": "I hold the rights to every picture, or have leave to use it",
            "rights_music": "I hold the rights to the music and the sound, or have leave to use them",
            "rights_screening": "The festival may screen the film, and publish its stills",
        }
        help_texts = {
            "original_title": "In its own language, where that is another one.",
            "logline": "One sentence that makes somebody want to see it.",
            "synopsis": "The whole story in a paragraph or three. Juries and audiences read it.",
            "contact_email": "Only the festival office sees how to reach you.",
        }
        widgets = {
            "logline": forms.Textarea(attrs={"rows": 2}),
            "synopsis": forms.Textarea(attrs={"rows": 8}),
            "year": forms.NumberInput(attrs={"inputmode": "numeric"}),
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "contact_phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }
        error_messages = {"title": {"required": "Give the film a title. A working title will do."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = Section.objects.filter(edition=self.instance.edition)
        self.fields["section"].empty_label = "Choose a section"
        self.fields["premiere"].choices = [("", "Not decided yet"), *Film.Premiere.choices]
        spoken = {row.code: names.language(row.code) for row in self.instance.languages.all()}
        self.fields["languages"].accept(REGIONAL | spoken)
        known, other = self._warnings()
        self.initial |= {
            "countries": ", ".join(names.country(row.code) for row in self.instance.countries.all()),
            "languages": ", ".join(spoken.values()),
            "content_warnings": known,
            "other_warnings": ", ".join(other),
        }

    def _warnings(self) -> tuple[list[str], list[str]]:
        """The film's warnings: those on our list, and the entrant's own."""
        given = self.instance.content_warnings
        return [one for one in given if one in WARNINGS], [one for one in given if one not in WARNINGS]

    def clean_year(self):
        year = self.cleaned_data["year"]
        latest = date.today().year + 1  # noqa: DTZ011  # a film may be finished before the festival
        if year is not None and not FIRST_YEAR <= year <= latest:
            raise ValidationError(f"Give a year between {FIRST_YEAR} and {latest}.")
        return year

    def save(self, commit=True):
        said = self.cleaned_data
        other = [part.strip() for part in said["other_warnings"].split(",") if part.strip()]
        self.instance.content_warnings = [*said["content_warnings"], *other]
        film = super().save(commit)
        _replace(film.countries, FilmCountry, film, said["countries"])
        _replace(film.languages, FilmLanguage, film, said["languages"])
        return film


def _replace(rows, model, film, codes: list[str]) -> None:
    """Put `codes` in the place of the film's rows, unless they are the same."""
    if [row.code for row in rows.all()] != codes:
        rows.all().delete()
        model.objects.bulk_create(model(film=film, code=code) for code in codes)


class CreditForm(forms.Form):
    """One line of the end titles."""

    role = forms.CharField(
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "credit-roles", "autocomplete": "off"}),
    )
    name = forms.CharField(
        max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean(self):
        said = super().clean()
        if said.get("name") and not said.get("role"):
            self.add_error("role", f"What did {said['name']} do?")
        if said.get("role") and not said.get("name"):
            self.add_error("name", "Who was it? Empty the line to leave it out.")
        return said


class CreditRows(forms.BaseFormSet):
    """The end titles; a line that is emptied is left out."""

    def lines(self) -> list[tuple[str, str]]:
        """(role, name) of each line, in order."""
        filled = [form.cleaned_data for form in self.ordered_forms if form.cleaned_data.get("name")]
        return [(said["role"], said["name"]) for said in filled]

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["ORDER"].widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": 1})
        form.fields["ORDER"].label = "Place"


CreditFormSet = forms.formset_factory(
    CreditForm,
    formset=CreditRows,
    extra=2,
    can_order=True,
    can_delete=True,
    can_delete_extra=False,
    max_num=200,
)


class StillForm(forms.Form):
    """A picture to be taken in."""

    picture = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG or WebP, up to 40 MB. We keep the pixels and drop place, camera and comments.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "This file is empty. Choose the picture again."},
    )
    kind = forms.ChoiceField(
        choices=[(Still.Kind.STILL, "A still from the film"), (Still.Kind.POSTER, "The poster")],
        initial=Still.Kind.STILL,
        widget=forms.RadioSelect,
        label="It is",
    )
    alt = forms.CharField(
        max_length=200,
        required=False,
        label="What it shows",
        help_text="For people who cannot see it: “A diver holds a lamp over a sunken piano.”",
    )


class StillWordsForm(forms.ModelForm):
    """What a picture shows, and the point of it that must never be cropped away."""

    focus_x = forms.IntegerField(min_value=0, max_value=100, label="Across, per cent")
    focus_y = forms.IntegerField(min_value=0, max_value=100, label="Down, per cent")

    class Meta:
        model = Still
        fields = ["alt"]
        labels = {"alt": "What it shows"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {
            "focus_x": round(100 * self.instance.focus_x),
            "focus_y": round(100 * self.instance.focus_y),
        }


class SubtitleForm(forms.Form):
    """Captions to be taken in."""

    language = forms.ChoiceField(
        choices=[("", "Choose a language"), *SPOKEN],
        error_messages={"required": "Choose the language of the captions."},
    )
    file = forms.FileField(
        label="Captions",
        help_text="SRT or WebVTT. Words and times are kept; styles and positions are not.",
        widget=forms.FileInput(attrs={"accept": ".srt,.vtt,text/vtt,application/x-subrip"}),
        error_messages={"empty": "This file is empty. Choose the captions again."},
    )
