"""The form that searches calls, and downloads them."""

from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from connector.calls.exported import ExportForm
from connector.http.console.purposes import PURPOSES
from privacy.suppressions.uses import Use
from tenants.http.choices import choices
from tenants.http.forms import Sheet


class SearchForm(Sheet):
    """Whose calls, and when."""

    number = StringField(
        "Telephone number",
        [InputRequired("Enter a number."), Length(max=200, message="This is no number.")],
        description="With country code, or as dialled in Finland. Either side may have it.",
        render_kw={"autocomplete": "off", "inputmode": "tel"},
    )
    since = DateField("From", [Optional()])
    until = DateField("Until", [Optional()])
    purpose = SelectField(
        "What for",
        choices=choices((use.value, text) for use, text in PURPOSES.items()),
        default=Use.DELIVERY.value,
    )
    cursor = HiddenField()


class DownloadForm(SearchForm):
    """The same fields, sent by a button that names a form; without a number all calls are meant."""

    number = StringField(
        "Telephone number",
        [Optional(), Length(max=200, message="This is no number.")],
        description=SearchForm.number.kwargs["description"],
        render_kw=SearchForm.number.kwargs["render_kw"],
    )
    form = HiddenField(
        "Form", [AnyOf([form.value for form in ExportForm], "Choose CSV or JSON lines.")]
    )
