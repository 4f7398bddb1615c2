"""What an organiser says of a seat: how much its juror will watch, and whether a likely tie is one."""

from django import forms

from festival.models import Film, Person
from judging.models import Seat


class LimitForm(forms.ModelForm):
    """The most minutes of film a juror watches in a round."""

    most_minutes = forms.IntegerField(label="Most minutes", min_value=1, max_value=100_000, required=False)

    class Meta:
        model = Seat
        fields = ["most_minutes"]


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
