"""What organisers type when they found an award and give it."""

from django import forms

from festival.models import Award, Edition, Film


class AwardForm(forms.Form):
    """A new award, and which of the others a film cannot have together with it."""

    name = forms.CharField(label="Award", max_length=120)
    excludes = forms.ModelMultipleChoiceField(
        Award.objects.none(),
        label="Not together with",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="A film that has one of these cannot have this one.",
    )

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["excludes"].queryset = edition.awards.all()
        if not edition.awards.exists():
            del self.fields["excludes"]


class GiveForm(forms.Form):
    """The film that is to have an award, and what the jury says of it."""

    film = forms.ModelChoiceField(Film.objects.none(), label="Film", empty_label="Choose a selected film")
    citation = forms.CharField(
        label="What the jury says", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["film"].queryset = edition.films.filter(status=Film.Status.SELECTED)
