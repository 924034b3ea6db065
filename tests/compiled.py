"""What Flask compiles for each application, compiled once for all that tests make.

An application has four hundred addresses and templates by the dozen. Werkzeug and Jinja make code
of each, which for a test's own application takes longer than most tests do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import BaseConverter, Rule


@dataclass(frozen=True)
class Compiled:
    """What a rule knows when it is compiled: it depends on its words and the map's converters."""

    parts: list[Any]
    trace: list[tuple[bool, str]]
    converters: dict[str, BaseConverter]
    arguments: frozenset[str]
    builds: tuple[Callable[..., Any], Callable[..., Any]]

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """What `rule` knows now."""
        builds = rule._build.__func__, rule._build_unknown.__func__  # type: ignore[attr-defined]
        known = frozenset(rule.arguments)
        return cls(rule._parts, rule._trace, rule._converters, known, builds)

    def teach(self, rule: Rule) -> None:
        """Let `rule` know the same."""
        rule._parts, rule._trace, rule._converters = self.parts, self.trace, self.converters
        rule.arguments |= self.arguments
        rule._build, rule._build_unknown = (build.__get__(rule) for build in self.builds)


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
    Rule.compile = _compiled  # type: ignore[assignment,method-assign]


_compile_anew = Rule.compile
_rules: dict[tuple[object, ...], Compiled] = {}


def _compiled(rule: Rule) -> None:
    own = rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults)
    facts = *own, rule.map.host_matching, tuple(rule.map.converters.values())
    if facts in _rules:
        _rules[facts].teach(rule)
        return
    _compile_anew(rule)
    _rules[facts] = Compiled.of(rule)
