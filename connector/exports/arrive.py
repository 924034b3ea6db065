"""An archive arrives: looked at, checked to its last byte, and only then brought in."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from connector.calls.keeping import kept_days
from connector.exports.ages import Opener
from connector.exports.bring import bring_archive
from connector.exports.decisions import TAKEN
from connector.exports.layouts import ATTACHMENTS, CALLS, RECORDS, Manifest
from connector.exports.outcomes import Fate, Outcome
from connector.exports.walk import check_archive, walking
from privacy.core.db.work import Actor
from privacy.erasures.journals import open_journal
from tenants.desks import Desk
from tenants.tenants.create import create_tenant
from tenants.tenants.list import is_here, require_tenant


@dataclass(frozen=True, slots=True)
class Arriving:
    """What is brought, by whom, and where to.

    Args:
        revisions: of the database, that this version knows.
        tenant_id: a tenant that is here; None: the archive's own, made where it is not.
        owner: the address of whoever is invited as owner of a tenant that is made.
    """

    opener: Opener
    actor: Actor
    revisions: Collection[str]
    tenant_id: uuid.UUID | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came of it. `created`: whether the tenant was made (or would be)."""

    tenant_id: uuid.UUID
    created: bool
    manifest: Manifest
    outcome: Outcome


def import_archive(
    desk: Desk,
    file: BinaryIO,
    arriving: Arriving,
    *,
    on_file: Callable[[str], None] = lambda _path: None,
) -> Arrived:
    """Bring the archive in `file` in. The same archive again changes nothing.

    Raises:
        KeyMissing, ArchiveRefused: nothing was written. NotFound: no such tenant.
    """
    manifest, target, created = _look(desk, file, arriving)
    journal = open_journal(desk.custody)
    if created:
        _create(desk, arriving, manifest, target)
    with walking(file, arriving.opener) as files:
        outcome = bring_archive(
            files,
            manifest,
            open_work=lambda: desk.tenant(target, arriving.actor),
            vault=desk.ring,
            journal=journal,
            on_file=on_file,
        )
    return Arrived(target, created, manifest, outcome)


def foresee_import(desk: Desk, file: BinaryIO, arriving: Arriving) -> Arrived:
    """What would come at most, by the archive's own counts and the days that are kept here.

    Raises:
        As `import_archive`; nothing is written in any case.
    """
    manifest, target, created = _look(desk, file, arriving)
    with desk.tenant(target, arriving.actor) as work:
        kept = kept_days(work)
    chosen = manifest.tenant.retention_days_calls if created else None
    outcome = Outcome()
    for one in manifest.members:
        name = one.path.removeprefix(RECORDS).removesuffix(".jsonl")
        if one.path.startswith(CALLS):
            day = date.fromisoformat(one.path[len(CALLS) : len(CALLS) + 10])
            over = not kept.covers(day) or (chosen and (kept.today - day).days >= chosen)
            outcome.add("calls", Fate.EXPIRED if over else Fate.CREATED, one.rows)
            if over:
                outcome.expired_days.append(day)
        elif not one.path.startswith(ATTACHMENTS):
            came = name == "suppressions" or (name in TAKEN and not TAKEN[name].evidence)
            outcome.add(name, Fate.CREATED if came else Fate.EVIDENCE, one.rows)
    return Arrived(target, created, manifest, outcome)


def _look(desk: Desk, file: BinaryIO, arriving: Arriving) -> tuple[Manifest, uuid.UUID, bool]:
    manifest = check_archive(file, arriving.opener, revisions=arriving.revisions)
    file.seek(0)
    with desk.installation(arriving.actor) as work:
        if arriving.tenant_id is not None:
            require_tenant(work, arriving.tenant_id)
        target = arriving.tenant_id or uuid.UUID(manifest.tenant.id)
        return manifest, target, not is_here(work, target)


def _create(desk: Desk, arriving: Arriving, manifest: Manifest, target: uuid.UUID) -> None:
    origin = manifest.tenant
    create_tenant(
        desk,
        name=origin.name,
        services=origin.services,
        actor=arriving.actor,
        owner_email=arriving.owner,
        mfa_required=origin.mfa_required,
        retention_days_calls=origin.retention_days_calls,
        tenant_id=target,
    )
