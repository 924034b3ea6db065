"""What Flask compiles for each application, compiled once for all that tests make.

An application has four hundred addresses and templates by the dozen. Werkzeug and Jinja make code
of each, which for a test's own application takes longer than most tests do.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

_Builder = Callable[..., tuple[str, str]]

_builders: dict[str, _Builder] = {}


class Kept(BytecodeCache):
    """Templates as this process compiled them before; a changed source is compiled anew."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept, if there is something (Jinja compares the sources)."""
        if bucket.key in self._codes:
            bucket.bytecode_from_string(self._codes[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._codes[bucket.key] = bucket.bytecode_to_string()


def compile_once() -> None:
    """From now on, equal rules share the code that builds their addresses, and pages theirs."""
    Flask.jinja_options = {"bytecode_cache": Kept()}
    anew: Callable[[Rule, bool], _Builder] = Rule._compile_builder

    def compiled(rule: Rule, append_unknown: bool = True) -> _Builder:
        facts: tuple[Any, ...] = rule.rule, rule._trace, rule.defaults, append_unknown
        if repr(facts) not in _builders:
            _builders[repr(facts)] = anew(rule, append_unknown)
        return _builders[repr(facts)]

    Rule._compile_builder = compiled  # type: ignore[assignment,method-assign]
