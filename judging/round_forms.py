"""What an organiser fills in to compose a round: its kind, its films, its terms, who sees what, its hours."""

from copy import copy

from django import forms

from festival.forms.office import MomentField
from festival.models import Edition, Film
from judging.models import Round

KINDS = {
    Round.Kind.ELIGIBILITY: "Two jurors say pass or fail; where they differ, you do.",
    Round.Kind.REVIEW: "A few jurors mark each film by a weighted rubric.",
    Round.Kind.FURTHER: "More reviews for the films near the cut, added to an open round of review.",
    Round.Kind.SHORTLIST: "The house proposes by the jury’s marks and the sections’ places; you decide.",
    Round.Kind.PAIRWISE: "Jurors see two films at a time and say which is better.",
    Round.Kind.FINAL: "Every juror ranks the films once; the count and its transcript are fixed beforehand.",
    Round.Kind.DELIBERATION: "The films the jury is divided on, what was said of them, and a second ballot.",
}
HIDDEN, SHOWN = "hidden", "shown"


class TakesField(forms.ChoiceField):
    """Which films a round takes: all, some picked by hand, or those of an earlier round."""

    def __init__(self, **kwargs):
        super().__init__(label="Films", **kwargs)

    def of(self, edition: Edition, *, but: Round | None = None) -> None:
        """Offer the rounds of the edition, less the one that is asked about."""
        rounds = [round for round in edition.rounds.all() if round != but]
        self.choices = [
            (Round.Choice.ALL.value, Round.Choice.ALL.label),
            *((str(round.pk), f"Those that came through “{round}”") for round in rounds),
            (Round.Choice.PICKED.value, Round.Choice.PICKED.label),
        ]


def _taken(value: str) -> dict:
    """The terms that a choice of films stands for."""
    if value.isdigit():
        return {"choice": Round.Choice.THROUGH, "source": Round.objects.get(pk=value)}
    return {"choice": value, "source": None}


class NewRoundForm(forms.Form):
    """Just enough to begin: what kind, what name, which films."""

    kind = forms.ChoiceField(
        label="Kind",
        choices=[(kind.value, kind.label) for kind in KINDS],
        initial=Round.Kind.REVIEW,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label="Name", max_length=80)
    takes = TakesField()

    def __init__(self, data=None, *, edition: Edition):
        last = edition.rounds.last()
        initial = {"takes": str(last.pk)} if last else {"name": "First review"}
        super().__init__(data, initial=initial)
        self.fields["takes"].of(edition)

    def kinds(self) -> list[tuple]:
        """Each kind's radio button with the sentence that says what it does."""
        return [(radio, words) for radio, words in zip(self["kind"], KINDS.values(), strict=True)]

    def clean(self):
        asked = super().clean()
        if asked.get("kind") in Round.DESKWORK and not asked.get("takes", "0").isdigit():
            self.add_error("takes", "Such a round works on the films of an earlier one. Say which.")
        return asked

    def terms(self) -> dict:
        asked = self.cleaned_data
        return {"kind": asked["kind"], "name": asked["name"], **_taken(asked["takes"])}


# Terms


OF_KIND = {
    Round.Kind.ELIGIBILITY: ("panels", "reviews", "watch_share"),
    Round.Kind.REVIEW: ("panels", "reviews", "watch_share"),
    Round.Kind.FURTHER: ("budget", "places"),
    Round.Kind.SHORTLIST: ("places",),
    Round.Kind.PAIRWISE: ("panels", "reviews", "watch_share", "places"),
    Round.Kind.FINAL: ("panels", "reviews", "watch_share", "places", "method", "secret", "seed"),
    Round.Kind.DELIBERATION: ("panels", "reviews", "watch_share", "places", "method", "secret", "seed"),
}
LABELS = {
    "places": {
        Round.Kind.FURTHER: "Films that will be chosen",
        Round.Kind.SHORTLIST: "Places on the list",
        Round.Kind.PAIRWISE: "Places to be won",
        Round.Kind.FINAL: "Winners",
        Round.Kind.DELIBERATION: "Winners",
    },
    "reviews": dict.fromkeys(Round.PLENARY, "Full viewings promised to each film"),
}


class TermsForm(forms.ModelForm):
    """The terms that a round of its kind has; until it opens."""

    takes = TakesField()

    class Meta:
        model = Round
        fields = [
            "name", "panels", "reviews", "watch_share", "places", "budget", "method", "secret", "seed",
            "picked",
        ]  # fmt: skip
        labels = {
            "watch_share": "Watched before it is judged, per cent",
            "budget": "Further reviews",
            "seed": "Public number for ties",
            "method": "Count",
            "secret": "Secret ballot",
            "picked": "Films picked by hand",
        }
        help_texts = {
            "panels": "None ticked means every panel.",
            "reviews": "The round cannot close while a film has fewer, unless somebody answers for it.",
            "watch_share": "Proved by the player; 0 asks for nothing.",
            "budget": "As many as the jury can still give; they go to the films near the cut.",
            "secret": "Who voted and what was voted are kept apart, and nothing is shown before the close.",
            "seed": "Such as coming lottery numbers. Left empty, the house draws one at the opening.",
            "method": "Fixed when the round opens, and printed with the transcript.",
        }
        widgets = {"panels": forms.CheckboxSelectMultiple, "picked": forms.CheckboxSelectMultiple}

    field_order = ["name", "takes", "picked"]

    def __init__(self, data=None, *, instance: Round):
        super().__init__(data, instance=copy(instance))  # the round itself changes by the act alone
        self.fields["takes"].of(instance.edition, but=instance)
        self.initial["takes"] = str(instance.source_id) if instance.source_id else instance.choice
        for name in set(self.Meta.fields) - {"name", "picked", *OF_KIND[instance.kind]}:
            del self.fields[name]
        for name, labels in LABELS.items():
            if name in self.fields and instance.kind in labels:
                self.fields[name].label = labels[instance.kind]
        self._offer(instance)

    def _offer(self, round: Round) -> None:
        if "panels" in self.fields:
            self.fields["panels"].queryset = round.edition.panels.all()
        if round.choice == Round.Choice.PICKED:
            running = Film.objects.filter(edition=round.edition_id, status__in=round.running)
            self.fields["picked"].queryset = running.exclude(footage=None)
        else:
            del self.fields["picked"]  # a house with thousands of films lists them only when asked
        if round.kind == Round.Kind.SHORTLIST:
            for section in round.edition.sections.all():
                self.fields[f"q{section.pk}"] = forms.IntegerField(
                    label=f"Places of {section}",
                    required=False,
                    min_value=0,
                    initial=round.quotas.get(str(section.pk)),
                    help_text="Left empty, the section has no limit of its own.",
                )

    def clean_takes(self):
        value = self.cleaned_data["takes"]
        if self.instance.kind in Round.DESKWORK and not value.isdigit():
            raise forms.ValidationError("Such a round works on the films of an earlier one. Say which.")
        return value

    def terms(self) -> dict:
        """What the round is to be changed to; M2M terms are lists."""
        asked = dict(self.cleaned_data)
        terms = _taken(asked.pop("takes"))
        quotas = {name[1:]: asked.pop(name) for name in list(asked) if name[0] == "q" and name[1:].isdigit()}
        if self.instance.kind == Round.Kind.SHORTLIST:
            terms["quotas"] = {section: places for section, places in quotas.items() if places is not None}
        return terms | asked


# Who sees what


ROWS = (
    ("blind", "The makers", "Names in the credits, and what the film itself prints of them."),
    (
        "untitled",
        "The title",
        "Hidden, jurors see “Film 4A1B77C0” or the like; marked titles are covered.",
    ),
    ("names_jurors", "Each other", "Who sits on this round, and whose words they read."),
    ("sees_others", "Marks and notes of this round", "What the others gave the same film."),
    ("sees_earlier", "Marks and notes of earlier rounds", "What was said of the film before."),
)
COLUMNS = (("never", "Hidden"), ("after", "After their own"), ("always", "From the start"))
TWO = (("never", "Hidden"), ("always", "Shown"))


class SightForm(forms.Form):
    """The visibility matrix. A name that appears after a mark invites a change of it, so names cannot."""

    blind = forms.ChoiceField(choices=TWO, widget=forms.RadioSelect)
    untitled = forms.ChoiceField(choices=TWO, widget=forms.RadioSelect, required=False)
    names_jurors = forms.ChoiceField(choices=TWO, widget=forms.RadioSelect)
    sees_others = forms.ChoiceField(choices=COLUMNS, widget=forms.RadioSelect)
    sees_earlier = forms.ChoiceField(choices=COLUMNS, widget=forms.RadioSelect)

    def __init__(self, data=None, *, round: Round):
        initial = {
            "blind": "never" if round.blind else "always",
            "untitled": "never" if round.untitled else "always",
            "names_jurors": "always" if round.names_jurors else "never",
            "sees_others": round.sees_others,
            "sees_earlier": round.sees_earlier,
        }
        super().__init__(data, initial=initial, prefix="sight")
        for name, label, _ in ROWS:
            self.fields[name].label = label

    def rows(self) -> list[dict]:
        """The grid: each row with its words and a radio button, or none, in each column."""
        grid = []
        for name, label, words in ROWS:
            radios = {radio.data["value"]: radio for radio in self[name]}
            cells = [(radios.get(value), column) for value, column in COLUMNS]
            grid.append({"field": self[name], "label": label, "words": words, "cells": cells})
        return grid

    def terms(self) -> dict:
        asked = self.cleaned_data
        return {
            "blind": asked["blind"] == "never",
            "untitled": asked["untitled"] == "never",
            "names_jurors": asked["names_jurors"] == "always",
            "sees_others": asked["sees_others"],
            "sees_earlier": asked["sees_earlier"],
        }


class HoursForm(forms.Form):
    """When the round opens and closes by itself, in the edition's zone."""

    opens_at = MomentField(label="Opens by itself", required=False)
    closes_at = MomentField(label="Closes by itself", required=False)

    def __init__(self, data=None, *, round: Round):
        initial = {"opens_at": round.opens_at, "closes_at": round.closes_at}
        super().__init__(data, initial=initial, prefix="hours")
        if round.opened_at:
            del self.fields["opens_at"]

    def hours(self, round: Round) -> dict:
        return {"opens_at": round.opens_at, "closes_at": None} | self.cleaned_data


# Settling


class ExceptionForm(forms.Form):
    """An exception to the viewing guarantee: which films, and why."""

    films = forms.ModelMultipleChoiceField(Film.objects.none(), error_messages={"required": "Tick a film."})
    reason = forms.CharField(max_length=500)

    def __init__(self, data=None, *, round: Round):
        super().__init__(data)
        self.fields["films"].queryset = round.films()


class RulingForm(forms.Form):
    """An organiser's word on a disputed film."""

    film = forms.ModelChoiceField(Film.objects.none())
    through = forms.TypedChoiceField(
        choices=[("yes", "Pass"), ("no", "Fail")], coerce=lambda word: word == "yes"
    )
    note = forms.CharField(max_length=500, required=False)

    def __init__(self, data=None, *, round: Round):
        super().__init__(data)
        self.fields["film"].queryset = round.films()


class ShortlistForm(forms.Form):
    """The films that come through."""

    films = forms.ModelMultipleChoiceField(Film.objects.none(), required=False)
    note = forms.CharField(max_length=500, required=False)

    def __init__(self, data=None, *, round: Round):
        super().__init__(data)
        self.fields["films"].queryset = round.films()
