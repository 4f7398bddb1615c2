"""What organisers type when they build the programme."""

from django import forms

from festival.models import Edition, Film, Screening, Slot, Venue


class VenueForm(forms.ModelForm):
    """A cinema, a hall, or the online room."""

    class Meta:
        model = Venue
        fields = ["name", "address", "seats", "online"]
        labels = {"online": "This is the online room"}


class ScreeningForm(forms.ModelForm):
    """A performance; its time is typed in the edition's own zone."""

    class Meta:
        model = Screening
        fields = ["title", "venue", "starts_at", "gap_s", "talk_min", "note"]
        labels = {
            "starts_at": "Starts",
            "gap_s": "Pause between films, seconds",
            "talk_min": "Talk afterwards, minutes",
            "note": "Note to the audience",
        }
        widgets = {
            "starts_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["venue"].queryset = edition.venues.all()
        self.fields["venue"].empty_label = None
        if edition.starts_on and not self.instance.starts_at:
            self.initial["starts_at"] = f"{edition.starts_on:%Y-%m-%d}T19:00"


class PlaceForm(forms.Form):
    """A selected film, or a film already placed, and where it goes; no screening takes it out."""

    film = forms.ModelChoiceField(Film.objects.none(), required=False, empty_label="Choose a film")
    slot = forms.ModelChoiceField(Slot.objects.none(), required=False)
    screening = forms.ModelChoiceField(Screening.objects.none(), required=False)
    position = forms.IntegerField(required=False, min_value=0)
    to = forms.RegexField(r"[0-9a-f-]{36}:\d{1,4}", required=False)  # screening and position on one button

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        slots = Slot.objects.filter(screening__edition=edition).select_related("screening__edition", "film")
        self.fields["film"].queryset = edition.films.select_related("edition")
        self.fields["slot"].queryset = slots
        self.fields["screening"].queryset = edition.screenings.select_related("edition", "venue")

    def clean(self):
        if to := self.cleaned_data.pop("to", ""):
            screening, position = to.split(":")
            self.cleaned_data["screening"] = self.fields["screening"].clean(screening)
            self.cleaned_data["position"] = int(position)
        if not (self.cleaned_data.get("film") or self.cleaned_data.get("slot")):
            raise forms.ValidationError("Choose a film first.")
