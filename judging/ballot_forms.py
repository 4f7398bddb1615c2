"""What jurors fill in where there are no marks: pass or fail, the better of two, and a ballot."""

from collections import defaultdict
from collections.abc import Sequence

from django import forms

from festival.models import Film
from judging.models import Round


class CheckForm(forms.Form):
    """Pass, or fail with a reason."""

    verdict = forms.ChoiceField(choices=[("pass", "Pass"), ("fail", "Fail")], required=False)
    reason = forms.CharField(max_length=500, required=False)

    def passes(self) -> bool | None:
        return {"pass": True, "fail": False}.get(self.cleaned_data.get("verdict", ""))


class PairForm(forms.Form):
    """Two films, and the better of them, or neither."""

    one = forms.ModelChoiceField(Film.objects.none())
    other = forms.ModelChoiceField(Film.objects.none())
    better = forms.CharField(required=False)

    def __init__(self, data=None, *, round: Round):
        super().__init__(data)
        given = Film.objects.filter(assignments__round=round).distinct()
        self.fields["one"].queryset = self.fields["other"].queryset = given

    def asked(self) -> tuple[Film, Film, Film | None] | None:
        """The two films and the better one; None where something else was posted."""
        if not self.is_valid():
            return None
        one, other, better = (self.cleaned_data[name] for name in ("one", "other", "better"))
        known = {"one": one, "other": other, "tie": None}
        return (one, other, known[better]) if better in known else None


class BallotForm(forms.Form):
    """A number for each film, 1 for the best; equal numbers tie, no number is the last place."""

    PREFIX = "place-"

    def __init__(self, data=None, *, films: Sequence[Film]):
        super().__init__(data)
        self.films = films
        for film in films:
            self.fields[f"{self.PREFIX}{film.pk}"] = forms.IntegerField(
                label=film.title,
                required=False,
                min_value=1,
                max_value=99,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "ballot__number"}),
                error_messages={"invalid": f"Give “{film.title}” a whole number."},
            )

    def rows(self) -> list[tuple]:
        """Each film with its field, in the juror's own order."""
        return [(film, self[f"{self.PREFIX}{film.pk}"]) for film in self.films]

    def clean(self):
        """Whatever was numbered counts, also a film that has left since: the act says so."""
        asked = super().clean()
        named = [name for name in self.data if name.startswith(self.PREFIX)]
        for name in set(named) - set(self.fields):
            asked[name] = 1
        if "abstain" not in self.data and not self.errors and not any(asked.get(name) for name in named):
            raise forms.ValidationError("Number at least your first choice, or abstain.")
        return asked

    def tiers(self) -> list[list[str]]:
        """Films by their ids, best first; nothing where the juror abstains."""
        if "abstain" in self.data:
            return []
        places = defaultdict(list)
        for name, place in self.cleaned_data.items():
            if place and name.startswith(self.PREFIX):
                places[place].append(name.removeprefix(self.PREFIX))
        return [places[place] for place in sorted(places)]
