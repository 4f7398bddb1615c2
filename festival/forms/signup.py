"""What a newcomer is asked besides an address and a password."""

from django import forms


class NameForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="As it should be read out.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1", "password2"]

    def clean_name(self):
        """On one line: it stands in the subjects of letters."""
        return " ".join(self.cleaned_data["name"].split())

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
