"""What organisers type: the set-up of an edition, filters, decisions, seats."""

from collections.abc import Iterator
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from festival import names, office
from festival.models import DeadlineTier, Edition, Film, Role, Section
from festival.models.edition import check_time_zone
from festival.provenance import timecodes

RESERVED = {"new"}  # addresses of the office that no edition may take


class MinutesField(forms.Field):
    """A running time typed as minutes:seconds, “12:30” or plainly “12”; its value is in seconds."""

    def __init__(self, **kwargs):
        super().__init__(**{"help_text": "Minutes and seconds, such as 12:30.", **kwargs})
        self.widget.attrs |= {"maxlength": 9, "autocomplete": "off", "size": 7}

    def to_python(self, value):
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return int(timecodes.read(text if ":" in text else f"{text}:00"))
        except ValueError as error:
            raise ValidationError("Write minutes and seconds, such as 12:30, or whole minutes.") from error

    def prepare_value(self, value):
        return timecodes.short(value) if isinstance(value, int | float) else value

    def has_changed(self, initial, data):
        try:
            return initial != self.to_python(data)
        except ValidationError:
            return True


class MomentField(forms.DateTimeField):
    """A day and a time to the minute, in the current zone; unseen seconds are no change."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def has_changed(self, initial, data):
        return super().has_changed(initial and initial.replace(second=0, microsecond=0), data)


class Audited:
    """A model form that can say what was changed in it, for the edition's history."""

    QUIET = ("rules", "description")  # long texts, of which only the change itself is noted

    def changes(self) -> list[str]:
        return [self._change(name) for name in self.changed_data if name in self.cleaned_data]

    def _change(self, name: str) -> str:
        label = self.fields[name].label or name.replace("_", " ")
        if name in self.QUIET:
            return f"{label} rewritten"
        bound = self.fields[name]
        was, now = (bound.prepare_value(value) for value in (self.initial.get(name), self.cleaned_data[name]))
        return f"{label}: {_shown(was)} → {_shown(now)}"


class AuditedRows:
    """A formset that can say which rows were added, changed and removed."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Remove"

    def changes(self) -> list[str]:
        return list(self._row_changes())

    def _row_changes(self) -> Iterator[str]:
        for form in self.forms:
            if form in self.deleted_forms:
                yield f"{form.instance} removed"
            elif form.has_changed() and form.instance._state.adding:
                yield f"{form.cleaned_data['name']} added"
            else:
                yield from (f"{form.instance}, {change}" for change in form.changes())


def _shown(value) -> str:
    if value in (None, ""):
        return "nothing"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return f"“{value}”" if isinstance(value, str) else str(value)


# Editions


class EditionForm(Audited, forms.ModelForm):
    """Name, time zone, dates and rules of an edition."""

    class Meta:
        model = Edition
        fields = ["name", "slug", "tagline", "time_zone", "starts_on", "ends_on", "upload_grace_h", "rules"]
        labels = {
            "slug": "Address",
            "time_zone": "Time zone",
            "starts_on": "First day",
            "ends_on": "Last day",
            "upload_grace_h": "Hours of grace for uploads",
        }
        help_texts = {
            "slug": "The end of the edition's address, such as 2027.",
            "time_zone": "A name such as Europe/Lisbon. Deadlines and screenings are typed and shown in it.",
            "upload_grace_h": "An upload begun before the deadline may still finish for so long.",
        }
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "time_zone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
            "rules": forms.Textarea(attrs={"rows": 10}),
        }

    def clean_slug(self):
        if self.cleaned_data["slug"] in RESERVED:
            raise ValidationError("This address is taken by the office itself. Choose another.")
        return self.cleaned_data["slug"]

    def clean_time_zone(self):
        name = self.cleaned_data["time_zone"].strip()
        check_time_zone(name)
        return name

    def clean(self):
        super().clean()
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is before the first. Change one of them.")


class NewEditionForm(EditionForm):
    """The least an edition needs to begin."""

    class Meta(EditionForm.Meta):
        fields = ["name", "slug", "time_zone"]


class SectionForm(Audited, forms.ModelForm):
    """A section with what a film must be to enter it."""

    min_duration_s = MinutesField(label="Shortest", initial=0, help_text="")
    max_duration_s = MinutesField(label="Longest", initial=1200, help_text="")

    class Meta:
        model = Section
        fields = [
            "name",
            "min_duration_s",
            "max_duration_s",
            "min_ai_share",
            "max_ai_share",
            "position",
            "description",
        ]
        labels = {"min_ai_share": "Least AI, %", "max_ai_share": "Most AI, %", "position": "Place"}
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}

    def save(self, commit=True):
        if not self.instance.slug:
            self.instance.slug = self._free_slug()
        return super().save(commit)

    def _free_slug(self) -> str:
        slug = base = slugify(self.instance.name) or "section"
        taken = set(self.instance.edition.sections.values_list("slug", flat=True))
        number = 2
        while slug in taken:
            slug, number = f"{base}-{number}", number + 1
        return slug


class SectionRows(AuditedRows, forms.BaseInlineFormSet):
    """All sections of an edition; one with entries in it stays."""

    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and form.instance.films.exists():
                raise ValidationError(f"“{form.instance}” has entries, so it stays. Move them first.")
        if self.instance.status == Edition.Status.OPEN and not _kept(self):
            raise ValidationError("The call is open, so it needs at least one section.")


class TierForm(Audited, forms.ModelForm):
    """One deadline, in the edition's own time."""

    closes_at = MomentField(label="Closes")

    class Meta:
        model = DeadlineTier
        fields = ["name", "closes_at", "fee"]
        labels = {"fee": "Fee, as shown"}
        help_texts = {"fee": ""}
        widgets = {
            "fee": forms.TextInput(attrs={"placeholder": "free"}),
        }


class TierRows(AuditedRows, forms.BaseInlineFormSet):
    """All deadlines of an edition; an open call keeps one."""

    def clean(self):
        super().clean()
        if self.instance.status == Edition.Status.OPEN and not _kept(self):
            raise ValidationError("The call is open, so it needs at least one deadline.")


def _kept(rows) -> list:
    filled = [form for form in rows.forms if form.has_changed() or form.instance.pk]
    return [form for form in filled if form not in rows.deleted_forms]


Sections = forms.inlineformset_factory(Edition, Section, form=SectionForm, formset=SectionRows, extra=1)
Tiers = forms.inlineformset_factory(Edition, DeadlineTier, form=TierForm, formset=TierRows, extra=1)


# Entries


class EntryFilter(forms.Form):
    """The filters above the table of entries; they live in the address, so that a list can be shared."""

    words = forms.CharField(label="Words", required=False, max_length=120)
    state = forms.ChoiceField(required=False, choices=[("", "Every state"), *Film.Status.choices])
    section = forms.ModelChoiceField(Section.objects.none(), required=False, empty_label="Every section")
    country = forms.ChoiceField(required=False)
    shortest_s = MinutesField(label="From, min:s", required=False, help_text="")
    longest_s = MinutesField(label="To, min:s", required=False, help_text="")
    least_ai = forms.IntegerField(label="AI from, %", required=False, min_value=0, max_value=100)
    most_ai = forms.IntegerField(label="AI to, %", required=False, min_value=0, max_value=100)
    order = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.edition = edition
        self.fields["section"].queryset = edition.sections.all()
        codes = edition.films.order_by("countries__code").values_list("countries__code", flat=True).distinct()
        named = [(code, names.country(code)) for code in codes if code]
        self.fields["country"].choices = [("", "Every country"), *sorted(named, key=lambda pair: pair[1])]

    @property
    def narrowed(self) -> bool:
        """Whether any condition is set."""
        return any(value not in (None, "") for name, value in self.cleaned_data.items() if name != "order")

    def films(self):
        """The entries that fit; a condition that makes no sense is left out, and its field says why."""
        self.is_valid()
        conditions = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return office.entries(self.edition, **conditions)


class DecideForm(forms.Form):
    """Some entries, what is to become of them, and why."""

    VERBS = ("accept", "select", "wait", "decline", "take_back", "send_back")

    films = forms.ModelMultipleChoiceField(
        Film.objects.none(),
        error_messages={
            "required": "Tick at least one entry first.",
            "invalid_pk_value": "One of these entries is no longer here. Reload the page.",
            "invalid_choice": "One of these entries is no longer here. Reload the page.",
        },
    )
    verb = forms.ChoiceField(
        choices=[(verb, verb) for verb in VERBS],
        error_messages={"required": "Choose what to do with them.", "invalid_choice": "Choose a verb."},
    )
    note = forms.CharField(required=False, max_length=2000)

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["films"].queryset = edition.films.select_related(
            "edition", "section", "footage", "entrant"
        )

    def clean(self):
        if self.cleaned_data.get("verb") == "send_back" and not self.cleaned_data.get("note", "").strip():
            self.add_error("note", "Say what the entrant should change; the letter carries these words.")

    @property
    def sentence(self) -> str:
        """The first thing that is wrong, for a message."""
        return next(iter(next(iter(self.errors.values()))))


# People


class SeatForm(forms.Form):
    """Somebody's e-mail address, and the part they are to play."""

    email = forms.EmailField(label="E-mail address")
    kind = forms.ChoiceField(label="Part", choices=[("juror", "Juror"), ("organiser", "Organiser")])

    def clean_kind(self):
        return Role.Kind(self.cleaned_data["kind"])
