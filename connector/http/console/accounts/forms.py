"""Forms of connected systems."""

from typing import Final
from zoneinfo import available_timezones

from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from connector.accounts.kinds import KINDS, AccountKind
from connector.http.console.accounts.regions import regions_offered
from tenants.http.choices import choices
from tenants.http.forms import Sheet

LONGEST_SAMPLE: Final = 200_000
"""Characters of a delivery made by hand."""
_ZONES: Final = (
    "UTC",
    *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc")),
)


class AccountForm(Sheet):
    """What every kind needs."""

    name = StringField(
        "Name",
        [InputRequired("Give it a name."), Length(max=120, message="Use up to 120 characters.")],
        description="As you call it, for example “Head office”.",
    )
    external_key = StringField(
        "Its own name",
        [Length(max=120, message="Use up to 120 characters.")],
        description="How calls name this system, where they do. Leave it empty to use the name.",
    )
    region = SelectField(
        "Country of national numbers",
        choices=choices(regions_offered()),
        default="FI",
        description="Numbers without a country code are read as of this country.",
    )
    time_zone = SelectField(
        "Time zone",
        choices=choices((zone, zone) for zone in _ZONES),
        default="Europe/Helsinki",
        description="For times that the system writes without a zone.",
    )


class SignedAccountForm(AccountForm):
    """For a kind with a credential of its own."""

    credential = PasswordField(
        "Auth token",
        [
            InputRequired("Enter the token that the system shows you."),
            Length(max=500, message="Use up to 500 characters."),
        ],
        description="Kept sealed; nobody can read it back.",
        render_kw={"autocomplete": "off"},
    )


class CredentialForm(Sheet):
    """A new credential in place of the old one."""

    credential = SignedAccountForm.credential


class EditForm(Sheet):
    """What can be changed of a connected system."""

    name = AccountForm.name
    region = AccountForm.region
    time_zone = AccountForm.time_zone


class TrialForm(Sheet):
    """A delivery made by hand. Nothing of it is kept."""

    document = TextAreaField(
        "What it would send",
        [
            InputRequired("Paste what the system would send."),
            Length(max=LONGEST_SAMPLE, message="Use a shorter sample: some calls are enough."),
        ],
        description="As the system writes it. It is read and checked as any delivery is, and "
        "nothing of it is stored.",
        render_kw={"rows": 8, "spellcheck": "false", "autocomplete": "off", "class": "mono"},
    )


def form_for(kind: AccountKind) -> type[AccountForm]:
    """The form that adds an account of `kind`."""
    return SignedAccountForm if KINDS[kind].credential else AccountForm
