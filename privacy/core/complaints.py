"""What is wrong with a setting, in words for who sets it. The value is never repeated."""

from collections.abc import Mapping
from typing import Any, Final

_WRONG: Final = {
    "missing": "is not set",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "path_type": "must be a path",
    "string_type": "must be a text",
}
_FORMS: Final = {
    "^[A-Z]{2}$": "must be a country's code of two capital letters, like FI",
    r"^[A-Za-z0-9.,\- ]+$": "must be names of hosts with commas between them",
}
_OWN: Final = "Value error, "
_FORM: Final = "is not written as it must be; docs/operators/settings.md says how"


def complaint_of(wrong: Mapping[str, Any]) -> str:
    """One of pydantic's errors as half a sentence, which the setting's name stands before."""
    said = str(wrong["msg"])
    if said.startswith(_OWN):
        return said.removeprefix(_OWN)
    context = wrong.get("ctx") or {}
    if wrong["type"] == "string_pattern_mismatch":
        return _FORMS.get(str(context.get("pattern")), _FORM)
    return _WRONG.get(wrong["type"], _FORM).format(**context)
