"""The profile that counts for one tenant: the service's, with what the tenant promised beyond it.

One row by its primary key. The second factor and the days of calls are added above, where
the tenant's own row is known (tenants.tenants.profiles).
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from privacy.core.db.work import UnitOfWork
from privacy.profiles.changes import Changes
from privacy.profiles.load import profile
from privacy.profiles.model import Profile
from privacy.profiles.models import ProfileChange
from privacy.profiles.strict import Laxer, stricter


def derived_profile(work: UnitOfWork, service: str) -> Profile:
    """The bound tenant's profile of a service.

    Raises:
        Misconfigured: there is no such service.
    """
    return apply(profile(service), stored_changes(work, service))


def derived_profiles(work: UnitOfWork, services: Collection[str]) -> list[Profile]:
    """`derived_profile` of each."""
    return [derived_profile(work, key) for key in services]


def stored_changes(work: UnitOfWork, service: str) -> Changes:
    """What the bound tenant changed, as it was written."""
    statement = select(ProfileChange.changes).where(
        ProfileChange.tenant_id == work.tenant_id, ProfileChange.service == service
    )
    found = work.session.scalar(statement)
    return Changes.model_validate_json(found) if found else Changes()


def changed_profiles(work: UnitOfWork) -> dict[str, Changes]:
    """Every service's profile that the bound tenant changed, by the service's key."""
    statement = select(ProfileChange.service, ProfileChange.changes).where(
        ProfileChange.tenant_id == work.tenant_id
    )
    rows = work.session.execute(statement)
    return {service: Changes.model_validate_json(told) for service, told in rows}


def apply(base: Profile, changes: Changes) -> Profile:
    """`stricter`, of a base that may have become stricter itself since.

    A choice that the service has overtaken changes nothing: the stricter of the two counts.
    """
    if changes.nothing:
        return base
    try:
        return stricter(base, changes)
    except Laxer:
        return stricter(base, _still(base, changes))


def put_changes(work: UnitOfWork, *, service: str, changes: Changes) -> None:
    """Write down what the bound tenant changed; the caller has checked it with `stricter`."""
    where = (ProfileChange.tenant_id == work.tenant_id, ProfileChange.service == service)
    if changes.nothing:
        work.connection.execute(delete(ProfileChange).where(*where))
        return
    values = {
        "changes": changes.model_dump_json(exclude_defaults=True),
        "changed_at": work.now,
        "changed_by": work.actor.id,
    }
    row = {"tenant_id": work.tenant_id, "service": service}
    written = insert(ProfileChange).values(row | values)
    written = written.on_conflict_do_update(index_elements=["tenant_id", "service"], set_=values)
    work.connection.execute(written)


def _still(base: Profile, changes: Changes) -> Changes:
    """What is left of changes that a newer base knows, one by one."""
    kept = Changes()
    for name, value in _one_by_one(changes):
        added = {**getattr(kept, name), **value} if isinstance(value, dict) else value
        tried = kept.model_copy(update={name: added})
        try:
            stricter(base, tried)
        except Laxer:
            continue
        kept = tried
    return kept


def _one_by_one(changes: Changes) -> Iterator[tuple[str, Any]]:
    for name in Changes.model_fields:
        value = getattr(changes, name)
        if isinstance(value, dict):
            yield from ((name, {key: one}) for key, one in value.items())
        else:
            yield name, value
