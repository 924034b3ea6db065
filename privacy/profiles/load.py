"""Read the built-in profiles, one TOML file a service, once a process."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pydantic import ValidationError

from privacy.core.errors import Misconfigured
from privacy.profiles.model import Profile


def load_profiles() -> Mapping[str, Profile]:
    """Every service's profile, by the service's key.

    Raises:
        Misconfigured: a file is not a profile; one line says which and why.
    """
    return _read()


@cache
def _read() -> Mapping[str, Profile]:
    profiles: dict[str, Profile] = {}
    for source in sorted(files(__package__).iterdir(), key=lambda one: one.name):
        if source.name.endswith(".toml"):
            read = parse_profile(source.read_text(encoding="utf-8"), source=source.name)
            if read.key in profiles:
                raise Misconfigured(f"{source.name}: the key {read.key} is taken")
            profiles[read.key] = read
    return MappingProxyType(profiles)


def profile(key: str) -> Profile:
    """The profile of the service `key` (`T` …).

    Raises:
        Misconfigured: there is no such service.
    """
    try:
        return load_profiles()[key]
    except KeyError:
        raise Misconfigured(f"there is no service {key}") from None


def parse_profile(text: str, *, source: str) -> Profile:
    """Read one profile.

    Raises:
        Misconfigured: it is not TOML, or not complete.
    """
    try:
        return Profile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{source}: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Misconfigured(f"{source}: {where}: {first['msg']}") from None
