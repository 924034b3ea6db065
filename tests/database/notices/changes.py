"""Ways to change a profile, and to have the service follow it for a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import pytest

from privacy.profiles import Profile, load

Facts = dict[str, Any]


def kind_of(facts: Facts, key: str) -> Facts:
    found: Facts = next(one for one in facts["data"] if one["key"] == key)
    return found


def on_kind(key: str, **changes: Any) -> Callable[[Facts], None]:
    return lambda facts: kind_of(facts, key).update(changes)


def without_field(key: str, name: str) -> Callable[[Facts], None]:
    def change(facts: Facts) -> None:
        kind = kind_of(facts, key)
        kind["fields"] = [one for one in kind["fields"] if one["name"] != name]
        for one in facts["processors"]:
            one["fields"] = [field for field in one["fields"] if field != name]
        listed = facts["disclosures"]["registry_fields"]
        facts["disclosures"]["registry_fields"] = [field for field in listed if field != name]

    return change


def setting(**changes: Any) -> Callable[[Facts], None]:
    return lambda facts: facts.update(changes)


def in_part(part: str, **changes: Any) -> Callable[[Facts], None]:
    return lambda facts: facts[part].update(changes)


@contextmanager
def served(facts: Facts) -> Iterator[None]:
    """The service has this profile for a while."""
    changed = Profile.model_validate(facts)
    profiles = MappingProxyType({**load._read(), changed.key: changed})
    patch = pytest.MonkeyPatch()
    patch.setattr(load, "_read", lambda: profiles)
    try:
        yield
    finally:
        patch.undo()
