"""The list of promises: what each says in short, who makes it, and what keeps it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated

from pydantic import StringConstraints, TypeAdapter

from privacy.profiles.parts import Facts, Text


class Promise(Facts):
    """One promise of the policies. `by` are the keys of the services that make it."""

    by: Annotated[str, StringConstraints(pattern=r"^[NMTCV]{1,5}$")]
    short: Text
    mechanism: Text
    gap: Text | None = None
    """What is not kept yet; None where nothing is known to be missing."""


@cache
def promises() -> Mapping[str, Promise]:
    """Every promise by its id (`A1` …), in order."""
    text = files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8")
    read = TypeAdapter(dict[str, Promise]).validate_python(tomllib.loads(text))
    return MappingProxyType(read)
