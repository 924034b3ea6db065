"""What a contact can be found by."""

from enum import StrEnum


class TokenKind(StrEnum):
    """Kinds of texts; equal texts of two kinds have unrelated tokens."""

    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    VAT_ID = "vat_id"
    REGISTER = "register"
    CODE = "code"
