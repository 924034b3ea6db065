"""How people and machines write a number: marks, alphabets, addresses around it."""

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

MAX_LENGTH: Final = 128

_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_SPACES = re.compile(r"\s+")
_BRACKETED = re.compile(r"<([^<>]+)>$")
_PHONE = re.compile(r"\+?[0-9*#\s\-./()\[\]~,]+")
_MARKS = re.compile(r"[\s\-./()\[\]~,]")
_EXTENSION = re.compile(r"(?i)(?<=[0-9])\s*(?:;ext=|ext\.?|x)\s*[0-9]{1,7}$")
_SUPPRESSION = re.compile(r"^[*#]3[01]#(?=[+0-9])")
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9]{1,15}):([^;?]+)(.*)", re.DOTALL)
_DIALLED_USER = re.compile(r"\+[0-9]{7,15}")
_ASCII_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def tidy(text: str) -> str:
    """Without percent signs, invisible marks, other alphabets' digits, and superfluous spaces."""
    if _PERCENT.search(text):
        text = unquote(text, errors="replace")
    text = unicodedata.normalize("NFKC", _visible(text))
    text = _SPACES.sub(" ", _visible(text)).strip()
    bracketed = _BRACKETED.search(text)
    if bracketed and not text.startswith("<unknown") and not text.startswith("<null"):
        text = bracketed[1]
    return text[:MAX_LENGTH].strip()


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_plain, text))


def _plain(character: str) -> str:
    """A digit of any alphabet as 0 to 9, any dash as -, and nothing for marks of direction."""
    if character.isspace():
        return " "
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind == "Pd":
        return "-"
    return "" if kind in {"Cc", "Cf", "Cs"} else character


def dialled(text: str) -> str | None:
    """The digits (with plus, star, hash) when the text is a dialled number, else None."""
    text = _from_address(text)
    text = _SUPPRESSION.sub("", _EXTENSION.sub("", text))
    return _MARKS.sub("", text) if _PHONE.fullmatch(text) else None


def _from_address(text: str) -> str:
    """The number in `tel:+358…` and `sip:+358…@host` (RFC 3966; RFC 3261, §19.1.6)."""
    found = _ADDRESS.fullmatch(text)
    if not found:
        return text
    scheme, place, parameters = found[1].lower(), found[2], found[3].lower()
    user = place.partition("@")[0]
    if scheme == "tel":
        return place
    is_phone = "user=phone" in parameters and _PHONE.fullmatch(user)
    if scheme in {"sip", "sips"} and (is_phone or _DIALLED_USER.fullmatch(user)):
        return user
    return text


def address(text: str) -> str:
    """An address with scheme and host in lower case and without parameters; other text as it is.

    The user before the @ keeps its case: it may matter (RFC 3261, §19.1.4). An address of an
    anonymous caller (RFC 3323, §4.1.1.3) gives its label.
    """
    found = _ADDRESS.fullmatch(text)
    scheme, rest = (found[1] + ":", found[2]) if found else ("", text)
    user, at, host = rest.rpartition("@")
    user_name = user or (rest if scheme else "")
    if user_name.lower() in {"anonymous", "restricted", "unavailable"}:
        return user_name.lower()
    if not at:
        return (_lower(scheme) + rest).strip()
    return (_lower(scheme) + user + at + _lower(host)).strip()


def _lower(text: str) -> str:
    """ASCII only: lower case of other letters can be longer than they are."""
    return text.translate(_ASCII_LOWER)
