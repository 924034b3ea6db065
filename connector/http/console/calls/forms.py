"""The form that searches calls, and downloads them."""

from wtforms import DateField, HiddenField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from connector.calls.exported import ExportForm
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
