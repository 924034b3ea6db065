"""Derive a profile: stricter than its base in every point, or refused with what is wrong."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from privacy.core.db.declarations import Purpose
from privacy.core.errors import Invalid
from privacy.profiles.changes import KINDS_WITH_DAYS, KINDS_WITH_FIELDS, Changes
from privacy.profiles.data import DataKind
from privacy.profiles.model import REGIONS, Profile

_REGIONS: Final = list(REGIONS)
_MARKETING: Final = ("unless_objected", "consent", "none")


class Laxer(Invalid):
    """It would promise less than the service does."""

    code = "profile_laxer"
    message = "A derived profile may promise more than the service's, never less."


def stricter(base: Profile, changes: Changes) -> Profile:
    """The profile `base` with `changes`; the one that counts for the tenant that chose them.

    Raises:
        Laxer: `details["fields"]` says what is laxer, or is not in `base` at all.
    """
    wrong = dict(_complaints(base, changes))
    if wrong:
        raise Laxer(fields=wrong)
    try:
        return Profile.model_validate(base.model_dump() | _changed(base, changes))
    except ValidationError as error:
        said = error.errors(include_url=False)[0]["msg"]
        raise Laxer(fields={"region": said.removeprefix("Value error, ")}) from None


def _complaints(base: Profile, changes: Changes) -> Iterator[tuple[str, str]]:
    yield from _about_days(base, changes.days)
    yield from _about_purposes(base, changes.purposes)
    yield from _about_fields(base, changes.without_fields)
    yield from _about_the_whole(base, changes)


def _about_days(base: Profile, days: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    for key, chosen in days.items():
        most = base.kind(key).days if base.declares(key) else None
        if most is None or key not in KINDS_WITH_DAYS:
            yield f"days.{key}", "This data does not end by days that you can choose."
        elif chosen > most:
            yield f"days.{key}", f"Choose {most} days at most: the service promises no more."


def _about_purposes(
    base: Profile, purposes: Mapping[str, tuple[Purpose, ...]]
) -> Iterator[tuple[str, str]]:
    for key, left in purposes.items():
        known = base.kind(key).purposes if base.declares(key) else ()
        if not set(left) <= set(known):
            yield f"purposes.{key}", "This purpose is not one of the service's."
        elif not left:
            yield f"purposes.{key}", "Data without a purpose may not be kept: leave one."


def _about_fields(
    base: Profile, without: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    for key, names in without.items():
        known = base.declared_fields(key) if base.declares(key) else frozenset()
        if key not in KINDS_WITH_FIELDS or not set(names) <= known:
            yield f"without_fields.{key}", "The service keeps no such field that can be left out."
        elif set(names) == known:
            yield f"without_fields.{key}", "Leave one field at least."


def _about_the_whole(base: Profile, changes: Changes) -> Iterator[tuple[str, str]]:
    if changes.region and _REGIONS.index(changes.region) < _REGIONS.index(base.region):
        yield "region", "The region may become smaller, not larger."
    if changes.marketing and _is_laxer(changes.marketing, base.marketing.stance):
        yield "marketing", "People were promised less marketing than this."
    if unknown := set(changes.without_recipients) - {one.host for one in base.recipients}:
        yield "without_recipients", f"The service asks no {min(unknown)}."
    told = base.breaches
    if changes.authority_hours and changes.authority_hours > told.authority_hours:
        yield "authority_hours", f"Choose {told.authority_hours} hours at most."
    if changes.users_hours and told.users_hours and changes.users_hours > told.users_hours:
        yield "users_hours", f"Choose {told.users_hours} hours at most."


def _is_laxer(chosen: str, stance: str) -> bool:
    return _MARKETING.index(chosen) < _MARKETING.index(stance)


def _changed(base: Profile, changes: Changes) -> dict[str, Any]:
    gone = set(changes.without_recipients)
    asked = (one for one in base.recipients if one.host not in gone)
    told: dict[str, Any] = {
        "data": tuple(_narrowed(kind, changes) for kind in base.data),
        "recipients": tuple(one.model_dump() for one in asked),
        "region": changes.region or base.region,
        "mfa": changes.mfa or base.mfa,
        "breaches": {
            "authority_hours": changes.authority_hours or base.breaches.authority_hours,
            "users_hours": changes.users_hours or base.breaches.users_hours,
        },
        "processors": tuple(
            _with_fewer(one.model_dump(), base, changes) for one in base.processors
        ),
    }
    if changes.marketing:
        mail = "none" if changes.marketing == "none" else base.marketing.email
        stance = {"stance": changes.marketing, "email": mail}
        told["marketing"] = base.marketing.model_dump() | stance
    return told


def _narrowed(kind: DataKind, changes: Changes) -> dict[str, Any]:
    without = set(changes.without_fields.get(kind.key, ()))
    left = changes.purposes.get(kind.key)
    return kind.model_dump() | {
        "days": changes.days.get(kind.key, kind.days),
        "purposes": tuple(p for p in kind.purposes if left is None or p in left),
        "fields": tuple(one.model_dump() for one in kind.fields if one.name not in without),
    }


def _with_fewer(processor: dict[str, Any], base: Profile, changes: Changes) -> dict[str, Any]:
    """What nobody keeps any more, no processor gets."""
    kept = {
        field.name
        for kind in base.data
        for field in kind.fields
        if field.name not in changes.without_fields.get(kind.key, ())
    }
    return processor | {"fields": tuple(one for one in processor["fields"] if one in kept)}
