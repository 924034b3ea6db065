"""The forms of endpoints."""

from typing import Final

from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from connector.events_out.endpoints import Wish
from connector.events_out.kinds import EventKind
from connector.http.console.purposes import PURPOSES, purpose_of
from privacy.suppressions.uses import Use
from tenants.http.choices import choices
from tenants.http.forms import Sheet

KINDS: Final = {
    EventKind.CALL_RECEIVED: "Calls received: once for a batch, or for ten seconds",
    EventKind.INQUIRY_RECEIVED: "Inquiry received",
    EventKind.INQUIRY_REPLIED: "A reply by mail arrived in an inquiry",
    EventKind.ACCOUNT_STATE_CHANGED: "A connected system changed its state",
    EventKind.SUBJECT_REQUEST_DUE: "A person’s request falls due",
    EventKind.BACKUP_FAILED: "A backup failed",
    EventKind.POLICY_CHANGED: "A privacy policy changed",
}
SINCE: Final = {"1": "the last hour", "24": "the last 24 hours", "168": "the last 7 days",
                "720": "the last 30 days"}  # fmt: skip


class EndpointForm(Sheet):
    """An endpoint, new or changed."""

    name = StringField(
        "Name",
        [InputRequired("Give the endpoint a name."), Length(max=80)],
        description="Which program listens there.",
    )
    url = StringField(
        "Address",
        [InputRequired("Enter an address."), Length(max=1000)],
        description="For example https://hooks.example.com/silta. Port 443 or 8443.",
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    kinds = SelectMultipleField(
        "Tell it of",
        [InputRequired("Choose at least one kind of event.")],
        choices=choices((kind.value, words) for kind, words in KINDS.items()),
        default=[EventKind.CALL_RECEIVED.value, EventKind.ACCOUNT_STATE_CHANGED.value],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    purpose = SelectField(
        "What the program does with them",
        choices=choices((use.value, words) for use, words in PURPOSES.items()),
        default=Use.DELIVERY.value,
        description="Nobody who objected to it, or did not agree where that is needed, is in any "
        "event.",
    )
    include_personal = BooleanField(
        "Send personal data, too",
        description=(
            "Off: events hold ids, and the program reads what it needs over the API. On: calls are "
            "sent with their numbers and names, and each time is in the ledger."
        ),
    )

    def wish(self) -> Wish:
        """What was typed."""
        return Wish(
            name=self.name.data,
            url=self.url.data,
            kinds=[EventKind(kind) for kind in self.kinds.data],
            include_personal=self.include_personal.data,
            use=purpose_of(self.purpose.data),
        )


class ReplayForm(Sheet):
    """Since when what failed is sent again."""

    hours = SelectField("Failed in", choices=choices(SINCE.items()), default="24")
