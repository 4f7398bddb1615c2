"""What organisers type about the studio."""

from collections.abc import Sequence

from django import forms

from festival.models import Edition, Person
from generation.allowances import LONGEST_NOTE, MOST_S
from generation.engines.base import Card
from generation.forms import numbers
from generation.models import Terms

NOTE = {"max_length": f"The reason has {LONGEST_NOTE} characters at most. Shorten it."}


class GrantForm(forms.Form):
    """Minutes of drawing for one person, or for everyone."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label="For", required=False, empty_label="Everyone, in all"
    )
    minutes = forms.FloatField(
        label="Minutes",
        min_value=-MOST_S / 60,
        max_value=MOST_S / 60,
        error_messages=dict.fromkeys(
            numbers.WRONG, f"Say how many minutes as a number, {MOST_S / 60:,.0f} at most, such as 30."
        ),
        help_text="Added to what one person has; below nought takes back. For everyone it is what each has.",
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    note = forms.CharField(label="Why", required=False, max_length=LONGEST_NOTE, error_messages=NOTE)

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        asked = Person.objects.filter(jobs__edition=edition) | Person.objects.filter(films__edition=edition)
        self.fields["person"].queryset = asked.distinct().order_by("name", "email")


class TermsForm(forms.Form):
    """Which licences engines may have that draw for the edition."""

    licences = forms.MultipleChoiceField(
        label="Under these licences",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="With none ticked, under any.",
    )
    commercial = forms.BooleanField(label="Only where commercial use is allowed", required=False)
    everywhere = forms.BooleanField(label="Only where the licence holds in every country", required=False)

    def __init__(self, *args, cards: Sequence[Card], terms: Terms | None, **kwargs):
        self.cards, self.terms = cards, terms
        kept = {"commercial": terms.commercial, "everywhere": terms.everywhere} if terms else {}
        accepted = terms.licences if terms else []
        super().__init__(*args, initial=kept | {"licences": accepted}, **kwargs)
        titles: dict[str, list[str]] = {licence: [] for licence in accepted}
        for card in cards:
            titles.setdefault(card.licence, []).append(card.title)
        self.fields["licences"].choices = [
            (licence, f"{licence} ({', '.join(named)})" if named else licence)
            for licence, named in sorted(titles.items())
        ]
