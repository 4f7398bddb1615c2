"""How a take is drawn larger."""

from django import forms

from generation import enlarging

FAR = [
    (0.25, "Hardly: the same picture, finer"),
    (enlarging.STRENGTH, "A little: details may differ"),
    (0.6, "Freely: shapes may differ too"),
]


class LargerForm(forms.Form):
    """How far the larger take may depart from the one that is there."""

    strength = forms.TypedChoiceField(
        label="How far it may depart from this take", choices=FAR, coerce=float, initial=enlarging.STRENGTH
    )
