"""Forms of the register of processors."""

from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from privacy.profiles.sharing import ANNULLED, Transfer
from tenants.http.choices import choices
from tenants.http.forms import Sheet

TRANSFERS = {
    Transfer.EU_EEA: "Inside the EEA",
    Transfer.ADEQUACY: "Adequacy decision (Art. 45)",
    Transfer.CLAUSES: "Standard contractual clauses (Art. 46)",
    Transfer.EU_SHIELD: "EU Privacy Shield (annulled)",
    Transfer.SWISS_SHIELD: "Swiss Privacy Shield (annulled)",
}


class ProcessorForm(Sheet):
    """A new sub-processor."""

    service = SelectField("Service", [InputRequired("Choose a service.")])
    name = StringField("Name", [InputRequired("Name it."), Length(max=200)])
    role = StringField("What it does", [InputRequired("Say what it does."), Length(max=200)])
    country = StringField(
        "Country",
        [InputRequired("Give a country."), Regexp(r"^[A-Z]{2}$", message="Like FI or US.")],
        description="Two letters (ISO 3166).",
    )
    runs = SelectField(
        "Where it runs",
        choices=choices((("server", "On servers"), ("browser", "In browsers, after consent"))),
    )
    transfer = SelectField(
        "Footing of the transfer",
        choices=choices((one.value, w) for one, w in TRANSFERS.items() if one not in ANNULLED),
    )
    transfer_valid_until = DateField("Footing valid until", [Optional()])
    assessed_on = DateField("Transfer assessed on", [Optional()])
    assessment_url = StringField("Address of the assessment", [Optional(), Length(max=400)])
    statement_url = StringField("Privacy statement", [InputRequired(), Length(max=400)])
    agreement_url = StringField("Agreement", [InputRequired(), Length(max=400)])
    fields = StringField(
        "Fields that it gets",
        [InputRequired("As few as possible."), Length(max=1000)],
        description="Names from the privacy policy, separated by commas.",
    )
    effective_on = DateField(
        "First day", [InputRequired("Give a day.")], description="Two weeks from now or later."
    )
