"""What visitors may ask of the programme; the answers stand in the address."""

from django import forms

from festival import bill, names
from festival.models import Edition, Screening

LENGTHS = {
    "-5": ("Under 5 minutes", (0, 300)),
    "5-15": ("5 to 15 minutes", (300, 900)),
    "15-": ("15 minutes and longer", (900, float("inf"))),
}


class BrowseForm(forms.Form):
    """Filters of the films page. A value nobody offers finds nothing wrong: it is left out, and said."""

    q = forms.CharField(label="Word", required=False, max_length=80)
    section = forms.ChoiceField(label="Section", required=False)
    country = forms.ChoiceField(label="Country", required=False)
    minutes = forms.ChoiceField(label="Length", required=False)
    screening = forms.ChoiceField(label="Screening", required=False)

    def __init__(self, data, *, edition: Edition):
        super().__init__(data)
        self.edition = edition
        sections = edition.sections.values_list("slug", "name")
        shows = Screening.objects.filter(edition=edition).values_list("pk", "title", "starts_at")
        self._offer("section", "Every section", sections)
        self._offer("country", "Every country", sorted(_named(bill.countries(edition)), key=lambda c: c[1]))
        self._offer("minutes", "Any length", [(key, words) for key, (words, _) in LENGTHS.items()])
        self._offer(
            "screening", "Every screening", [(str(pk), _shown(t, at, edition)) for pk, t, at in shows]
        )

    def _offer(self, field: str, everything: str, choices) -> None:
        self.fields[field].choices = [("", everything), *choices]

    def films(self):
        """The films that meet what was asked."""
        self.full_clean()
        asked = self.cleaned_data
        return bill.found(
            self.edition,
            section=asked.get("section", ""),
            country=asked.get("country", ""),
            word=asked.get("q", "").strip(),
            length_s=LENGTHS[asked["minutes"]][1] if asked.get("minutes") else None,
            screening=asked.get("screening", ""),
        )


def _named(codes) -> list[tuple[str, str]]:
    return [(code, names.country(code)) for code in codes]


def _shown(title: str, starts_at, edition: Edition) -> str:
    there = starts_at.astimezone(edition.zone)
    return f"{title}, {there:%a} {there.day} {there:%B %H:%M}"
