"""What people choose when a take is finished."""

from django import forms

from festival.media import finishing as tools
from generation.forms.numbers import WRONG
from generation.models import Clip

RATES = (24, 25, 30, 48, 50, 60)
GRAIN = [("", "As it is"), ("0.25", "A little goes"), ("0.5", "Half of it goes"), ("0.8", "Most of it goes")]
LARGER = [("", "As it is"), ("lanczos", "Twice as large, smoothly")]
BY_MODEL = ("realesrgan", "Twice as large, by a trained model")


def _dial(label: str, low: float, high: float, rests: float, help_text: str = "") -> forms.FloatField:
    """A number that is left out where it says that all stays as it is."""
    numbers = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    wrong = f"It is a number from {low:g} to {high:g}; {rests:g} leaves it as it is."
    return forms.FloatField(
        label=label,
        error_messages=dict.fromkeys(WRONG, wrong),
        required=False,
        min_value=low,
        max_value=high,
        initial=f"{rests:g}",
        help_text=help_text,
        widget=numbers,
    )


class FinishForm(forms.Form):
    """What is to be done to a take; what is left as it stands is left as it is."""

    fps = forms.TypedChoiceField(label="Frames a second", coerce=int, required=False, empty_value=None)
    upscale = forms.ChoiceField(label="Size", required=False)
    denoise = forms.TypedChoiceField(
        label="Grain", choices=GRAIN, coerce=float, required=False, empty_value=None
    )
    steady = forms.BooleanField(label="Steady a shaking picture", required=False)
    exposure = _dial("Exposure", -2, 2, 0, "Stops, −2 to 2.")
    contrast = _dial("Contrast", 0, 2, 1, "0 to 2.")
    saturation = _dial("Saturation", 0, 2, 1, "0 is black and white.")
    kelvin = _dial("White", 1000, 15000, tools.DAYLIGHT, "Kelvin; less is warmer.")

    def __init__(self, *args, clip: Clip, **kwargs):
        super().__init__(*args, **kwargs)
        rates = [(str(rate), f"{rate}, frames put in between") for rate in RATES if rate > clip.fps]
        self.fields["fps"].choices = [("", f"{clip.fps}, as it is"), *rates]
        self.missing = tools.why_not_upscale("realesrgan")
        self.fields["upscale"].choices = LARGER if self.missing else [*LARGER, BY_MODEL]
        if not tools.has("vidstabdetect"):
            del self.fields["steady"]

    @property
    def plain(self) -> list:
        """The fields that stand open on the page."""
        return [self[name] for name in ("fps", "upscale", "denoise")]

    @property
    def grade(self) -> list:
        """The fields of light and colour."""
        return [self[name] for name in ("exposure", "contrast", "saturation", "kelvin")]

    @property
    def said(self) -> dict:
        """What differs from how things are, as `finishing.ask` takes it."""
        as_it_is = {"fps": None, "upscale": "", "denoise": None, "steady": False, "exposure": 0.0,
                    "contrast": 1.0, "saturation": 1.0, "kelvin": float(tools.DAYLIGHT)}  # fmt: skip
        chosen = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return {name: value for name, value in chosen.items() if value != as_it_is[name]}
