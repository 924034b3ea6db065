"""The text of a marketplace's key: letters and digits only, for fields that take nothing else.

`siltam`, 34 random characters (202 bits) and a CRC-32 of them as six base62 digits.
"""

import re
import secrets
from typing import Final

from tenants.api_keys.text import ALPHABET, checksum

PREFIX: Final = "siltam"
_RANDOM, _CHECK = 34, 6
_PATTERN = re.compile(r"siltam[0-9A-Za-z]{40}", re.ASCII)


def new_key() -> str:
    """A fresh key. It is shown once."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM))
    return PREFIX + body + checksum(body)


def is_well_formed(raw: str) -> bool:
    """Whether `raw` can be one of these keys at all: form and checksum."""
    if _PATTERN.fullmatch(raw) is None:
        return False
    body, check = raw[len(PREFIX) : -_CHECK], raw[-_CHECK:]
    return check == checksum(body)
