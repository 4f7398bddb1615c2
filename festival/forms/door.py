"""What somebody is asked at the door."""

from allauth.account.forms import LoginForm, SignupForm


class SignInForm(LoginForm):
    """Address and password, in our words, without words inside the fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["remember"].label = "Stay signed in on this device"
        _leave_fields_empty(self)


class SignUpForm(SignupForm):
    """Name, address and a password twice, in our words; what a password must be stands in one line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail address"
        self.fields["email"].help_text = "We send a letter there, to make sure that it is yours."
        self.fields["password1"].help_text = "At least 10 characters, and none of those that everybody uses."
        self.fields["password2"].label = "The password once more"
        _leave_fields_empty(self)


def _leave_fields_empty(form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
