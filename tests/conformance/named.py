"""Cases that are named from outside, so that nobody has to change the suite to join it."""

import os
from importlib import import_module

from tests.conformance.cases import Case

VARIABLE = "CONFORMANCE_CASES"


def named_cases(names: str | None = None) -> tuple[Case, ...]:
    """`package.module:NAME`, with spaces between several; by default of CONFORMANCE_CASES."""
    said = os.environ.get(VARIABLE, "") if names is None else names
    return tuple(_case(name) for name in said.split())


def _case(name: str) -> Case:
    module, _, attribute = name.partition(":")
    found: Case = getattr(import_module(module), attribute or "CASE")
    return found
