"""The parameters of each service, as a marketplace is told and as they are checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

import phonenumbers

from connector.accounts.kinds import KINDS
from privacy.core.errors import Invalid
from privacy.profiles import load_profiles
from tenants.tenants.create import SERVICES

Kind = Literal["text", "integer", "boolean", "choice"]
Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `changeable`: after provisioning, too."""

    name: str
    kind: Kind
    description: str
    required: bool = False
    changeable: bool = False
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None

    def refusal(self, value: Any) -> str | None:
        """Why `value` is none of this parameter's."""
        match self.kind:
            case "boolean":
                return None if isinstance(value, bool) else "true or false is wanted."
            case "integer":
                return self._number(value)
            case "choice":
                return None if value in self.choices else f"One of {', '.join(self.choices)}."
        most = self.maximum or 0
        fits = isinstance(value, str) and value.isprintable() and 0 < len(value.strip()) <= most
        return None if fits else f"A text of up to {most} characters is wanted."

    def _number(self, value: Any) -> str | None:
        low, high = self.minimum or 0, self.maximum or 0
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return None if fits else f"A number from {low} to {high} is wanted."


_ACCOUNT_NAME: Final = Parameter(
    "account_name", "text", "What the connected system is called in the console.", maximum=120
)
_SECOND_FACTOR: Final = Parameter(
    "require_second_factor",
    "boolean",
    "Everybody in the organisation must have a second factor.",
    changeable=True,
)


def _kinds_of(service: str) -> tuple[str, ...]:
    return tuple(kind.value for kind, facts in KINDS.items() if facts.service == service)


def _calls(service: str) -> tuple[Parameter, ...]:
    longest = load_profiles()[service].retention_days("calls")
    return (
        Parameter(
            "region",
            "choice",
            "Country that national telephone numbers are from (ISO 3166).",
            choices=tuple(sorted(phonenumbers.SUPPORTED_REGIONS)),
        ),
        Parameter(
            "retention_days",
            "integer",
            "Days that calls are kept; the service's privacy policy says the most.",
            changeable=True,
            minimum=1,
            maximum=longest,
        ),
    )


def parameters_of(service: str) -> Sequence[Parameter]:
    """Every parameter of a service."""
    kinds = _kinds_of(service)
    made = [_ACCOUNT_NAME] if kinds else []
    if len(kinds) > 1:
        text = "Which system is going to be connected."
        made.append(Parameter("account_kind", "choice", text, choices=kinds))
    if service == "T":
        made += _calls(service)
    return (*made, _SECOND_FACTOR)


def offered() -> Sequence[str]:
    """Services that can be ordered: those with a privacy profile."""
    profiles = load_profiles()
    return [service for service in SERVICES if service in profiles]


def check_service(service: str) -> None:
    """Raise Invalid for a service that is not offered."""
    if service not in offered():
        raise Invalid(fields={"service": f"One of {', '.join(offered())}."})


def check_parameters(
    service: str, given: Mapping[str, Any], *, changing: bool = False
) -> Mapping[str, Value]:
    """`given` as it is kept.

    Raises:
        Invalid: an unknown parameter, a value that is none, one that is missing, or one that
            cannot be changed any more.
    """
    known = {parameter.name: parameter for parameter in parameters_of(service)}
    wrong: dict[str, str] = {}
    for name, value in given.items():
        parameter = known.get(name)
        if parameter is None or (changing and not parameter.changeable):
            wrong["parameters"] = "A parameter that this service does not have, or not any more."
        elif refusal := parameter.refusal(value):
            wrong[f"parameters/{name}"] = refusal
    missing = [p.name for p in known.values() if p.required and p.name not in given]
    if not changing:
        wrong |= {f"parameters/{name}": "This parameter is required." for name in missing}
    if wrong:
        raise Invalid(fields=wrong)
    return MappingProxyType(dict(given))
