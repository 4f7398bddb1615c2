"""Where an entrant says the film shows names: a cue sheet of titles and credits."""

from django import forms
from django.forms.models import inlineformset_factory

from festival.forms.statement import ONE_BLANK, TimecodeField
from festival.models import Film, TitleRange


class TitleForm(forms.ModelForm):
    """One stretch in which names are seen or heard."""

    start_s = TimecodeField(label="In", error_messages={"required": "Where does it begin?"})
    end_s = TimecodeField(label="Out", error_messages={"required": "Where does it end?"})

    class Meta:
        model = TitleRange
        fields = ["start_s", "end_s", "kind"]
        labels = {"kind": "What is seen"}

    def clean(self):
        said = super().clean()
        start_s, end_s = said.get("start_s"), said.get("end_s")
        if start_s is not None and end_s is not None and end_s <= start_s:
            self.add_error("end_s", "A range ends after it begins.")
        return said


TitleFormSet = inlineformset_factory(
    Film, TitleRange, form=TitleForm, max_num=50, absolute_max=60, **ONE_BLANK
)
