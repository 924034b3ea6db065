"""docs/promises.md says what the code, the profiles, the probes and the tests say."""

import re

from connector.promises.registry import PROBES
from privacy.profiles import load_profiles
from privacy.promises.catalogue import promises
from tests.documentation.promises import FACTS, PAGE, gaps, table
from tests.documentation.tables import block, marks

REFRESH = "run: .venv/bin/python -m tests.documentation.tables"
_TESTS = re.compile(r"\| [^|]* \|$", re.MULTILINE)
_NAMED = re.compile(r"`(tests/[^`]+)`")
_ROW = re.compile(r"^\| \*\*([A-F]\d+)\*\* .*$", re.MULTILINE)


def test_every_promise_is_listed_once() -> None:
    listed = [*promises()]
    assert listed == sorted(listed, key=lambda key: (key[0], int(key[1:])))
    numbers = {letter: sum(key[0] == letter for key in listed) for letter in "ABCDEF"}
    assert numbers == {"A": 15, "B": 6, "C": 10, "D": 7, "E": 4, "F": 12}


def test_every_promise_has_a_probe_and_a_test_or_is_named_as_a_gap() -> None:
    marked, probed = marks("promise"), {probe.promise for probe in PROBES}
    assert set(marked) <= set(promises()), "a mark of no promise"
    bare = {
        key: [what for what, found in (("test", marked), ("probe", probed)) if key not in found]
        for key, promise in promises().items()
        if promise.gap is None
    }
    assert {key: missing for key, missing in bare.items() if missing} == {}


def test_the_page_is_current() -> None:
    """But for new tests: they may be missing, and none may be named that has not the mark."""
    text, marked = block(PAGE, "promises"), marks("promise")
    assert _TESTS.sub("", text) == _TESTS.sub("", table(marked)), REFRESH
    assert block(PAGE, "gaps") == gaps(), REFRESH
    for row in _ROW.finditer(text):
        named = set(_NAMED.findall(row[0]))
        assert named <= set(marked.get(row[1], [])), f"{row[1]}: {REFRESH}"
        assert bool(named) == (row[1] in marked), f"{row[1]}: {REFRESH}"


def test_facts_follow_the_profiles() -> None:
    """Each fact says something of a service that makes the promise, so none is left behind."""
    profiles = load_profiles()
    for key, fact in FACTS.items():
        assert any(fact(profiles[service]) for service in promises()[key].by), key
