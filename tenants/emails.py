"""E-mail addresses as they are compared: one spelling for each mailbox."""

from email_validator import EmailNotValidError, validate_email

from privacy.core.errors import Invalid
from privacy.identities.shapes import LONGEST, folded

__all__ = ("LONGEST", "checked", "folded")


def checked(address: str) -> str:
    """The address as it will be written to, when its syntax is right.

    Raises:
        Invalid: it is not an e-mail address.
    """
    try:
        found = validate_email(
            address.strip(),
            check_deliverability=False,
            test_environment=True,
        )
    except EmailNotValidError:
        raise Invalid(
            "This is not an e-mail address.", fields={"email": "Enter an e-mail address."}
        ) from None
    return found.normalized
