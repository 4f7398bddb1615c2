"""What people type about a job that waits."""

from django import forms

from generation.access import LONGEST_PROMPT
from generation.engines.base import LARGEST_SEED


class RewriteForm(forms.Form):
    """Other words, another length or another seed, in the place the job has."""

    prompt = forms.CharField(
        label="What should be seen", max_length=LONGEST_PROMPT, widget=forms.Textarea(attrs={"rows": 3})
    )
    seconds = forms.FloatField(
        label="Seconds",
        min_value=0.1,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    seed = forms.IntegerField(
        label="Seed",
        min_value=0,
        max_value=LARGEST_SEED,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "mono"}),
    )

    def in_one_sentence(self) -> str:
        """What is wrong with it, for a page that is shown anew."""
        return " ".join(
            f"{self[name].label}: {error}" for name, errors in self.errors.items() for error in errors
        )
