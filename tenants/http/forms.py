"""Forms: what is not a field of the form is refused (ATTACK 43), what a use case refuses is
said at the field."""

from collections.abc import Mapping
from typing import Any, Self

from flask import request
from wtforms import Form

from privacy.core.errors import BadInput, SiltaError

_TOKEN = "csrf_token"  # noqa: S105 - the name of a field


class UnknownField(BadInput):
    """The browser sent a field that the page does not have."""

    code = "unknown_field"
    message = "This form has a field that we do not know. Reload the page and try again."


class Sheet(Form):  # type: ignore[misc]
    """A form of one page, filled from what was posted and nothing else."""

    @classmethod
    def posted(cls, **given: Any) -> Self:
        """The form as it was sent. Raises UnknownField."""
        form = cls(request.form if request.method == "POST" else None, **given)
        known = set(form._fields) | {_TOKEN}
        if set(request.form) - known:
            raise UnknownField
        return form

    def accepts(self) -> bool:
        """Whether this request posts the form and every field is right."""
        return request.method == "POST" and bool(self.validate())

    def blame(self, error: SiltaError) -> None:
        """Show what a use case refused: at its field where it has one, else above the form."""
        fields = error.details.get("fields")
        left = dict(fields) if isinstance(fields, Mapping) else {}
        for name in [name for name in left if name in self._fields]:
            field = self._fields[name]
            field.errors = [*field.errors, str(left.pop(name))]
        shown = isinstance(fields, Mapping) and len(left) < len(fields)
        if left or not shown:
            self.form_errors.extend([str(text) for text in left.values()] or [error.message])
