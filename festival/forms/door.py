"""What somebody is asked at the door."""

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):
    """Address and password, in our words, without words inside the fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["remember"].label = "Stay signed in on this device"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
