"""A letter: a template filled in. No transport, no database."""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from privacy.mails.kinds import MailKind


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody is going to read. Its text does not print."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    reply_to: str | None = field(default=None, repr=False)
    """Where answers go, when a person wrote it."""


PARAGRAPHS: Final = frozenset({"text"})
"""Values that a person wrote in lines of their own; in a body they keep them."""


def write_letter(
    kind: MailKind,
    *,
    to: str,
    language: str,
    values: Mapping[str, str],
    reply_to: str | None = None,
) -> Letter:
    """Fill in the template of `kind`, in English where there is none in `language`.

    Control characters in a value become spaces, so that none begins a line of its own; but for
    the line feeds of PARAGRAPHS, and those in the body only.

    Raises:
        KeyError: a value that the template names is missing.
    """
    subject, body = _template(kind, language)
    clean = {name: _printable(value) for name, value in values.items()}
    written = {name: _in_lines(values[name]) for name in PARAGRAPHS & set(values)}
    return Letter(
        to,
        string.Template(subject).substitute(clean),
        string.Template(body).substitute(clean | written),
        reply_to,
    )


@cache
def _template(kind: MailKind, language: str) -> tuple[str, str]:
    folder = files(__package__).joinpath("templates")
    translated = folder.joinpath(f"{kind}.{language}.txt")
    known = language.isalpha() and translated.is_file()
    source = translated if known else folder.joinpath(f"{kind}.txt")
    head, _, body = source.read_text(encoding="utf-8").partition("\n\n")
    return head.removeprefix("Subject:").strip(), body


def _in_lines(value: str) -> str:
    return "\n".join(_printable(line) for line in value.split("\n"))


def _printable(value: str) -> str:
    return "".join([character if character.isprintable() else " " for character in value])
