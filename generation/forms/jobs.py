"""What people type about a job that waits."""

from django import forms

from generation import access
from generation.access import LONGEST_PROMPT
from generation.engines.base import LARGEST_SEED, Card
from generation.forms import numbers
from generation.forms.clips import TOO_LONG, UNSAID


class RewriteForm(forms.Form):
    """Other words, another length or another seed, in the place the job has."""

    prompt = forms.CharField(
        label="What should be seen",
        max_length=LONGEST_PROMPT,
        error_messages={"required": UNSAID, "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
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
        error_messages=dict.fromkeys(numbers.WRONG, access.why_not_lay(seed=-1)),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "mono"}),
    )

    def __init__(self, *args, card: Card | None, **kwargs):
        """`card` is that of the job's engine, None where it is gone."""
        super().__init__(*args, **kwargs)
        numbers.say_length(self.fields["seconds"], card)

    def in_one_sentence(self) -> str:
        """What is wrong with it, for a page that is shown anew."""
        return " ".join(
            f"{self[name].label}: {error}" for name, errors in self.errors.items() for error in errors
        )
