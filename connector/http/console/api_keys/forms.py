"""The form of a new key."""

from wtforms import DateField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from tenants.http.choices import choices
from tenants.http.forms import Sheet
from tenants.http.wording import SCOPES
from tenants.permissions import Permission
from tenants.principals import Mode


class KeyForm(Sheet):
    """A new key."""

    name = StringField(
        "Name",
        [InputRequired("Give the key a name."), Length(max=80)],
        description="Which program holds it, and where.",
    )
    scopes = SelectMultipleField(
        "It may",
        [InputRequired("Choose what the key may do.")],
        choices=choices((scope.value, words) for scope, words in SCOPES.items()),
        default=[Permission.CALLS_WRITE.value, Permission.CALLS_SEARCH.value],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    mode = RadioField(
        "Mode",
        choices=choices(
            (
                (Mode.LIVE.value, "Live: what it sends is stored"),
                (Mode.TEST.value, "Test: everything is checked, nothing is stored"),
            )
        ),
        default=Mode.LIVE.value,
    )
    expires = DateField("Ends on", [Optional()], description="Empty: it works until you revoke it.")
    networks = StringField(
        "Only from these networks",
        [Length(max=1000)],
        description="For example 192.0.2.0/24 2001:db8::/32. Empty: from everywhere.",
    )
