"""Debian's order of versions (Debian Policy, 5.6.12)."""

import re
from itertools import zip_longest
from typing import Final

_PARTS: Final = re.compile(r"(\d+)|(\D+)")


def older(one: str, other: str) -> bool:
    """Whether `one` comes before `other`."""
    return _key(one) < _key(other)


class _Text(str):
    """Letters before other characters, and a tilde before the end."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        for mine, theirs in zip_longest(self, other, fillvalue=""):
            if mine != theirs:
                return _weight(mine) < _weight(theirs)
        return False

    __hash__ = str.__hash__


def _weight(character: str) -> int:
    if character == "~":
        return -1
    if not character:
        return 0
    return ord(character) if character.isalpha() else ord(character) + 256


def _key(version: str) -> tuple[int, list[tuple[_Text, int]], list[tuple[_Text, int]]]:
    epoch, colon, rest = version.partition(":")
    if not colon or not epoch.isdecimal():
        epoch, rest = "0", version
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")
    return int(epoch), _split(upstream), _split(revision)


def _split(text: str) -> list[tuple[_Text, int]]:
    """Pairs of what is no digit and the number after it."""
    pairs: list[tuple[_Text, int]] = []
    waiting = _Text("")
    for number, other in _PARTS.findall(text):
        if number:
            pairs.append((waiting, int(number)))
            waiting = _Text("")
        else:
            waiting = _Text(other)
    pairs.append((waiting, 0))
    return pairs
