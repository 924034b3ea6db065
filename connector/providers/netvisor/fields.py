"""What a tenant enters for Netvisor, and what is wrong with it, field by field."""

import re
from collections.abc import Mapping
from typing import Final

from connector.outbound.recipients import Recipient, names_this_machine
from connector.providers.netvisor.credentials import (
    PRODUCTION,
    TESTING,
    Algorithm,
    Language,
    NetvisorCredentials,
)
from connector.providers.port import CredentialField
from privacy.core.errors import Invalid

_BUSINESS_ID = re.compile(r"\d{6,7}-[\dXx]")

FIELDS: Final = (
    CredentialField(
        "organisation_id",
        "Business id",
        secret=False,
        help="The company whose books these are, with the dash: 1234567-8.",
    ),
    CredentialField(
        "customer_id",
        "Customer id",
        secret=False,
        help="From Company menu › Api identifiers › Create new.",
    ),
    CredentialField("customer_key", "Customer key", help="Shown there together with the id."),
    CredentialField(
        "partner_id", "Partner id", secret=False, help="From Netvisor's partner support."
    ),
    CredentialField("partner_key", "Partner key", help="Given together with the partner id."),
    CredentialField(
        "base_url",
        "Environment",
        secret=False,
        help="Production and test have different credentials.",
        default=PRODUCTION,
        choices=(PRODUCTION, TESTING),
        simulator=True,
    ),
    CredentialField(
        "sender",
        "Sender",
        secret=False,
        help="What Netvisor's log calls the software.",
        default="Silta",
    ),
    CredentialField(
        "language",
        "Language of Netvisor's messages",
        secret=False,
        default=Language.EN.value,
        choices=tuple(each.value for each in Language),
    ),
    CredentialField(
        "algorithm",
        "Signature",
        secret=False,
        help="HMACSHA256, unless Netvisor told you otherwise.",
        default=Algorithm.HMACSHA256.value,
        choices=tuple(each.value for each in Algorithm),
    ),
)
_NEEDED: Final = ("organisation_id", "customer_id", "customer_key", "partner_id", "partner_key")
_OPTIONAL: Final = {field.name: field.default for field in FIELDS if field.default}


def check_fields(entered: Mapping[str, str]) -> None:
    """Raises Invalid with `fields`: what is wrong with each, and what to do."""
    texts = _filled(entered)
    wrong = {name: _problem(name, texts[name]) for name in texts}
    wrong["base_url"] = _wrong_host(texts["base_url"])
    for name, kind in (("language", Language), ("algorithm", Algorithm)):
        if texts[name] not in set(kind):
            wrong[name] = "Choose one of the list."
    found = {name: said for name, said in wrong.items() if said}
    if found:
        raise Invalid(fields=found)


def read_fields(entered: Mapping[str, str]) -> NetvisorCredentials:
    """Typed. Raises Invalid as `check_fields` does."""
    check_fields(entered)
    texts = _filled(entered)
    return NetvisorCredentials(
        customer_id=texts["customer_id"],
        customer_key=texts["customer_key"],
        partner_id=texts["partner_id"],
        partner_key=texts["partner_key"],
        organisation_id=texts["organisation_id"].upper(),
        sender=texts["sender"],
        language=Language(texts["language"]),
        algorithm=Algorithm(texts["algorithm"]),
        base_url=texts["base_url"],
    )


def _filled(entered: Mapping[str, str]) -> dict[str, str]:
    said = {name: entered.get(name, "").strip() for name in (*_NEEDED, *_OPTIONAL)}
    return {name: text or _OPTIONAL.get(name, "") for name, text in said.items()}


def _problem(name: str, text: str) -> str:
    if not text:
        return "Enter it as Netvisor shows it."
    if len(text) > 200:
        return "It is longer than any of Netvisor's: copy it again."
    if not text.isprintable() or not all(ord(letter) < 256 for letter in text):
        return "It holds a character that cannot be sent: type it in Latin letters."
    if name == "organisation_id" and not is_business_id(text):
        return "This is no Finnish business id. It looks like 1234567-8, with its dash."
    return ""


def _wrong_host(text: str) -> str:
    try:
        recipient = Recipient.of(text)
    except ValueError:
        return "Choose production or test."
    plain = text == text.rstrip("/") and text.count("/") == 2
    if not plain or (text not in (PRODUCTION, TESTING) and not names_this_machine(recipient.host)):
        return "Choose production or test."
    return ""


def is_business_id(text: str) -> bool:
    """Whether it has the form of a Finnish business id; X stands for the check digit of examples
    and test companies (the check digit itself is Netvisor's to judge)."""
    return _BUSINESS_ID.fullmatch(text) is not None
