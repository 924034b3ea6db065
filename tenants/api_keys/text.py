"""The text of an API key: `silta_` + mode letter + 33 random characters + 6 of checksum.

All of it after the prefix is base62, 40 characters: `L` or `T` for live or test, 33 × log2(62)
= 196 random bits, and CRC-32 (IEEE 802.3) of those 34 characters as six base62 digits, most
significant first. The checksum tells a typing error, or a scanner's chance hit, without a
look at the database (ATTACK 31); it is no secret and proves nothing.
"""

import hashlib
import re
import secrets
import zlib

from tenants.principals import Mode

PREFIX = "silta_"
PATTERN = re.compile(r"silta_[LT][0-9A-Za-z]{39}", re.ASCII)
"""What log redaction and secret scanners look for."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM, _CHECK = 33, 6
_LETTER = {Mode.LIVE: "L", Mode.TEST: "T"}
_SHOWN = 4


def new_key(mode: Mode) -> str:
    """A fresh key. It is shown once and never stored."""
    body = _LETTER[mode] + "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM))
    return PREFIX + body + checksum(body)


def is_well_formed(raw: str) -> bool:
    """Whether `raw` can be one of our keys at all: form and checksum."""
    if PATTERN.fullmatch(raw) is None:
        return False
    body, check = raw[len(PREFIX) : -_CHECK], raw[-_CHECK:]
    return check == checksum(body)


def digest_of(raw: str) -> bytes:
    """SHA-256; enough for 196 random bits, and the only thing stored."""
    return hashlib.sha256(raw.encode()).digest()


def hint_of(raw: str) -> str:
    """What a list shows so that people can tell their keys apart: the last four before the CRC."""
    return raw[-_CHECK - _SHOWN : -_CHECK]


def checksum(body: str) -> str:
    """CRC-32 of `body` as six base62 digits."""
    value = zlib.crc32(body.encode("ascii"))
    digits = []
    for _ in range(_CHECK):
        value, rest = divmod(value, 62)
        digits.append(ALPHABET[rest])
    return "".join(reversed(digits))
