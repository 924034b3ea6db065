"""What is wrong with what a tenant entered, field by field; values are not repeated."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from connector.outbound.recipients import Recipient, names_this_machine
from connector.providers.moontalk.paths import path_of
from connector.providers.moontalk.ways import NONE, Clock, Paging, SignIn
from privacy.core.errors import Invalid

Texts = Mapping[str, str]

_PATH = re.compile(r"/[!-~]{0,400}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,60}", re.ASCII)
_PARAMETER = re.compile(r"[A-Za-z0-9_.\[\]$-]{1,60}", re.ASCII)
_SIZE = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_LONGEST: Final = 1_000
_LARGEST: Final = 1_000
_OUR_HEADERS: Final = frozenset(
    {"host", "content-length", "content-type", "transfer-encoding", "connection", "cookie"}
)


def check_texts(texts: Texts) -> None:
    """Raises Invalid with `fields`: what is wrong with each, and what to do."""
    found = {name: wrong for name in texts if (wrong := _problem(name, texts))}
    if found:
        raise Invalid(fields=found)


def _problem(name: str, texts: Texts) -> str:
    if len(texts[name]) > _LONGEST or not texts[name].isprintable():
        return "This holds something that cannot be sent. Copy it again."
    return _CHECKS[name](texts[name], texts) if name in _CHECKS else ""


def _host(text: str, _: Texts) -> str:
    try:
        recipient = Recipient.of(text)
    except ValueError:
        return "Enter https:// and the host's full name, like https://moontalk.example.com."
    if text.count("/") != 2 or "?" in text:
        return "Enter the host alone; what follows belongs into the path."
    if recipient.scheme != "https" and not names_this_machine(recipient.host):
        return "Only https:// is sent to."
    return ""


def _path(text: str, _: Texts) -> str:
    wrong = not _PATH.fullmatch(text) or "#" in text or "\\" in text
    return "A path begins with / and has neither spaces nor #." if wrong else ""


def _header(text: str, _: Texts) -> str:
    wrong = not _TOKEN.fullmatch(text) or text.lower() in _OUR_HEADERS
    return "Enter a header's name, like X-API-Key." if wrong else ""


def _user(text: str, texts: Texts) -> str:
    wrong = texts["sign_in"] == SignIn.BASIC and (not text or ":" in text)
    return "Basic needs a user name, without a colon." if wrong else ""


def _key(text: str, texts: Texts) -> str:
    if not text:
        return "Enter the key that your Moontalk shows you."
    if not text.isascii() and texts["sign_in"] != SignIn.BASIC:
        return "It holds a character that cannot be sent. Copy it again."
    return ""


def _size(text: str, _: Texts) -> str:
    good = _SIZE.fullmatch(text) and int(text) <= _LARGEST
    return "" if good else f"Enter a number from 1 to {_LARGEST}."


def _parameter(text: str, _: Texts) -> str:
    return "" if _PARAMETER.fullmatch(text or NONE) else "Enter a parameter's name."


def _since(text: str, texts: Texts) -> str:
    if text == NONE and texts["paging"] == Paging.SINCE:
        return "Paging by the time of change needs the parameter's name."
    return _parameter(text, texts)


def _place(text: str, _: Texts) -> str:
    return "" if path_of(text) else "Enter a path, like meta.next."


def _one_of(*choices: str) -> Callable[[str, Texts], str]:
    return lambda text, _: "" if text in choices else "Choose one of the list."


_CHECKS: Final[Mapping[str, Callable[[str, Texts], str]]] = MappingProxyType(
    {
        "base_url": _host,
        "path": _path,
        "sign_in": _one_of(*SignIn),
        "header": _header,
        "user": _user,
        "key": _key,
        "paging": _one_of(*Paging),
        "page_parameter": _parameter,
        "next": _place,
        "first_page": _one_of("0", "1"),
        "size_parameter": _parameter,
        "size": _size,
        "since_parameter": _since,
        "since_format": _one_of(*Clock),
        "changed": _place,
    }
)
