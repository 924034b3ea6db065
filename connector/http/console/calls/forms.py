"""The form that searches calls."""

from wtforms import DateField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional

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
