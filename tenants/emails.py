"""E-mail addresses as they are compared: one spelling for each mailbox."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from privacy.core.errors import Invalid

LONGEST = 254


def folded(address: str) -> str:
    """The form that is digested for look-up: NFKC, trimmed, case folded. Never raises.

    The local part is case-sensitive by RFC 5321 §2.4, and by no provider that people use:
    treating `A@` and `a@` as two accounts would only help impostors.
    """
    return unicodedata.normalize("NFKC", address.strip()[: 2 * LONGEST]).casefold()


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
