"""Forms of the register of disclosures. Fields are those that the service's profile declares."""

from typing import Final

from wtforms import DateTimeLocalField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from connector.http.console.registers.forms import WhoForm
from privacy.profiles.sharing import AuthorityReason, Ground
from tenants.http.choices import choices
from tenants.http.forms import Sheet

__all__ = ["DiscloseForm", "PublishForm", "WhoForm"]

_OFF: Final = {"autocomplete": "off"}
GROUNDS: Final = {
    Ground.AUTHORITY: "Request of an authority",
    Ground.COURT: "Resolution of a court",
    Ground.CONSENT: "Consent of the person",
    Ground.AGREEMENT: "Agreement with the person",
    Ground.REGISTRY: "Registry of domain names (WHOIS)",
}
REASONS: Final = {
    AuthorityReason.UNLAWFUL_ACTS: "Unlawful acts",
    AuthorityReason.FRAUD: "Fraud",
    AuthorityReason.SAFETY: "Safety",
    AuthorityReason.BREACH_OF_TERMS: "Breach of terms",
    AuthorityReason.LAW: "The law",
}


class DiscloseForm(Sheet):
    """Who is told what of whom, and on which ground."""

    service = SelectField("Service", [InputRequired("Choose a service.")])
    ground = SelectField(
        "Ground", choices=choices((one.value, words) for one, words in GROUNDS.items())
    )
    reason = SelectField(
        "What an authority's request is about",
        choices=choices((("", "–"), *((one.value, words) for one, words in REASONS.items()))),
        default="",
    )
    reference = StringField(
        "Rests on",
        [InputRequired("Say on which letter, resolution or agreement it rests."), Length(max=400)],
        description="The letter's number, the court's file, the agreement.",
    )
    recipient = StringField("Who is told", [InputRequired("Say who is told."), Length(max=400)])
    contact = StringField(
        "Address of the recipient",
        [Optional(), Length(max=254)],
        description="Whoever is told of later changes (GDPR Art. 19) is told there.",
        render_kw=_OFF,
    )
    email = StringField("E-mail address of the person", [Optional(), Length(max=254)])
    number = StringField(
        "Telephone number of the person",
        [Optional(), Length(max=128)],
        render_kw=_OFF | {"inputmode": "tel"},
    )
    name = StringField("Name of the person", [Optional(), Length(max=200)], render_kw=_OFF)
    fields = TextAreaField(
        "Which fields",
        [InputRequired("Say which fields are told."), Length(max=4000)],
        description="One on each line. For a registry with its value: first_name = Ida",
        render_kw={"rows": 5},
    )
    at = DateTimeLocalField(
        "When (UTC)",
        [Optional()],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        description="Empty: now.",
    )


class PublishForm(Sheet):
    """What was looked at."""

    digest = StringField("Digest", [InputRequired(), Length(min=64, max=64)])
