"""What organisers type about the studio."""

from django import forms

from festival.models import Edition, Person
from generation.allowances import LONGEST_NOTE, MOST_S


class GrantForm(forms.Form):
    """Minutes of drawing for one person, or for everyone."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label="For", required=False, empty_label="Everyone, in all"
    )
    minutes = forms.FloatField(
        label="Minutes",
        min_value=-MOST_S / 60,
        max_value=MOST_S / 60,
        help_text="Added to what one person has; below nought takes back. For everyone it is what each has.",
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    note = forms.CharField(label="Why", max_length=LONGEST_NOTE, required=False)

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        asked = Person.objects.filter(jobs__edition=edition) | Person.objects.filter(films__edition=edition)
        self.fields["person"].queryset = asked.distinct().order_by("name", "email")
