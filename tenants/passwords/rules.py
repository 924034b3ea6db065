"""Which passwords are accepted: long ones that nobody guesses first.

Length and a list, no composition rules and no forced renewal (NIST SP 800-63B §3.1.1.2,
ASVS 5.0 6.2.1 to 6.2.11).
"""

import itertools
import re
from functools import cache
from importlib.resources import files

from privacy.core.errors import Invalid
from tenants.passwords.hashing import as_entered

SHORTEST, LONGEST = 12, 128
_FEWEST_DIFFERENT = 5
_LEET = str.maketrans("013457@$!", "oleastasi")
_CONTEXT = ("silta", "moontalk")


def check_password(password: str, *, email: str, name: str = "") -> None:
    """Refuse a password that is short, endless, common, or made of the person's own details.

    Raises:
        Invalid: with one sentence on what to do; the password is not in it.
    """
    complaint = _complaint(as_entered(password), _own_words(email, name))
    if complaint:
        raise Invalid(complaint, code="weak_password", fields={"password": complaint})


def _complaint(password: str, own: frozenset[str]) -> str | None:
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. A few random words make a good password."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if len(set(password)) < _FEWEST_DIFFERENT or _is_run(password):
        return "This password repeats itself. Use different characters."
    if _is_made_of(password, common_words()):
        return "This password is one that attackers try first. Choose another."
    if _is_made_of(password, own):
        return "Do not build your password from your name, your e-mail address or our name."
    return None


def _own_words(email: str, name: str) -> frozenset[str]:
    words = re.split(r"[^\w]+|_", f"{email} {name}".casefold())
    return frozenset(word for word in (*words, *_CONTEXT) if len(word) >= 4)


def _is_run(password: str) -> bool:
    """One unit over and over (`abcabcabcabc`), or one step all along (`123456789012`)."""
    period = (password + password).find(password, 1)
    steps = [ord(b) - ord(a) for a, b in itertools.pairwise(password)]
    even = sum(1 for a, b in itertools.pairwise(steps) if a == b)
    return period <= len(password) // 2 or even >= 0.7 * len(steps)


def _is_made_of(password: str, words: frozenset[str]) -> bool:
    """Whether little is left of `password` once all `words` are taken out of it."""
    plain = password.casefold()
    return any(_leftover(form, words) < 6 for form in {plain, plain.translate(_LEET)})


def _leftover(text: str, words: frozenset[str]) -> int:
    found = [word for word in words if word in text]
    if not found:
        return len(text)
    pattern = "|".join(re.escape(word) for word in sorted(found, key=len, reverse=True))
    rest = re.sub(pattern, "", text)
    # Digits and signs around a word (`…2024!`) add next to nothing.
    return len(set(re.sub(r"[\W\d_]+", "#", rest)))


@cache
def common_words() -> frozenset[str]:
    """The list that ships with us: words and key patterns that leaked passwords are built on."""
    text = files("tenants.passwords").joinpath("common.txt").read_text(encoding="utf-8")
    lines = (line.strip().casefold() for line in text.splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
