"""What a free field can be about, and what can be entered into it."""

from enum import StrEnum


class About(StrEnum):
    """Whose page shows it."""

    CONTACT = "contact"
    INQUIRY = "inquiry"
    REGISTRATION = "registration"


class FieldType(StrEnum):
    """What is entered."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
