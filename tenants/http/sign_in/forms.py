"""Forms of signing in. Whether a password is good, the use cases say."""

from wtforms import EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from tenants.http.forms import Sheet
from tenants.passwords.rules import LONGEST, SHORTEST

_LONGEST_TYPED = 1024


def _password(label: str, autocomplete: str, description: str = "") -> PasswordField:
    return PasswordField(
        label,
        [
            InputRequired("Enter the password."),
            Length(max=_LONGEST_TYPED, message=f"Use at most {LONGEST} characters."),
        ],
        description=description,
        render_kw={"autocomplete": autocomplete},
    )


def _new_password() -> PasswordField:
    hint = f"At least {SHORTEST} characters. A few random words make a good one."
    return _password("New password", "new-password", hint)


def _code(label: str, description: str) -> StringField:
    return StringField(
        label,
        [InputRequired("Enter the code."), Length(max=64, message="This is no code.")],
        description=description,
        render_kw={
            "autocomplete": "one-time-code",
            "spellcheck": "false",
            "autocapitalize": "off",
            "class": "code-field",
        },
    )


class EnterForm(Sheet):
    """E-mail and password."""

    email = EmailField(
        "E-mail address",
        [InputRequired("Enter your e-mail address."), Length(max=320)],
        render_kw={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"},
    )
    password = _password("Password", "current-password")


class CodeForm(Sheet):
    """A one-time code."""

    code = _code("Code", "Six digits; they change every 30 seconds.")


class RecoveryForm(Sheet):
    """A recovery code."""

    code = _code("Recovery code", "25 letters and digits; case and dashes do not matter.")


class ForgottenForm(Sheet):
    """Whom to send a link."""

    email = EmailField(
        "E-mail address",
        [InputRequired("Enter your e-mail address."), Length(max=320)],
        render_kw={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"},
    )


class _Repeated(Sheet):
    """A new password, twice."""

    password = _new_password()
    again = _password("Once more", "new-password")

    def validate(self, extra_validators: object = None) -> bool:
        """Both alike."""
        if not super().validate(extra_validators):
            return False
        if self.password.data != self.again.data:
            self.again.errors = [*self.again.errors, "The two passwords differ."]
            return False
        return True


class ResetForm(_Repeated):
    """Set a password with a link."""


class RenewForm(_Repeated):
    """Replace a password that has to go."""

    current = _password("Present password", "current-password")


class JoinForm(_Repeated):
    """Accept an invitation with a new account."""

    name = StringField(
        "Your name",
        [InputRequired("Enter your name."), Length(max=120, message="Use up to 120 characters.")],
        render_kw={"autocomplete": "name"},
    )


class ConfirmForm(Sheet):
    """Nothing but the will to do it."""


class TenantForm(Sheet):
    """Which organisation."""

    tenant = RadioField("Organisation", [InputRequired("Choose one.")])


class AgainForm(Sheet):
    """Who is there?"""

    onward = HiddenField()
    password = _password("Password", "current-password")


class AgainWithCodeForm(AgainForm):
    """Who is there, with a second factor?"""

    code = _code("Code", "From your authenticator application, or a recovery code.")
