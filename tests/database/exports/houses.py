"""Two installations: one whose tenant goes, and one that it comes to."""

import io
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from pyrage import x25519
from sqlalchemy import select

from connector.exports.ages import Opener
from connector.exports.ask import ask_export
from connector.exports.bring import bring_archive
from connector.exports.fetch import fetch_export
from connector.exports.layouts import Manifest
from connector.exports.make import Making, make_export
from connector.exports.outcomes import Outcome
from connector.exports.tables import TENANT, sealed_columns, table_of
from connector.exports.walk import check_archive, walking
from migrations.run import known_revisions
from privacy.core.db.work import SYSTEM, UnitOfWork
from privacy.erasures.journals import open_journal
from tests.database.subjects.people import Rights, desk_of
from tests.tenancies import House, Tenancy

SCHEMA = max(known_revisions())
OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass
class Sealed:
    """An archive as it was fetched, and what opens it."""

    content: bytes
    opener: Opener

    def manifest(self) -> Manifest:
        """As it is read before anything is written."""
        return check_archive(io.BytesIO(self.content), self.opener, revisions=known_revisions())

    def files(self) -> dict[str, bytes]:
        """Everything in it."""
        with walking(io.BytesIO(self.content), self.opener) as files:
            return {path: content.read() for path, content in files}


def a_tenant(house: House) -> Tenancy:
    """Alice's, with a name and services."""
    Rights(house, house.alice)
    return house.alice


def made(house: House, tenant: Tenancy, recipient: str | None = None) -> uuid.UUID:
    """An export that is ready."""
    with tenant.work() as work:
        export_id = ask_export(work, recipient=recipient)
    making = Making(desk_of(house), tenant.id, SYSTEM, export_id, schema=SCHEMA)
    assert make_export(making)
    return export_id


def exported(house: House, tenant: Tenancy) -> Sealed:
    """Made and fetched, to a key."""
    key = x25519.Identity.generate()
    export_id = made(house, tenant, str(key.to_public()))
    fetched = fetch_export(tenant.work, tenant.vault, export_id=export_id)
    return Sealed(b"".join(fetched.parts()), Opener(identities=[key]))


def brought(house: House, tenant: Tenancy, sealed: Sealed) -> Outcome:
    """Into `tenant`, after it was checked."""
    manifest = sealed.manifest()
    with walking(io.BytesIO(sealed.content), sealed.opener) as files:
        return bring_archive(
            files,
            manifest,
            open_work=tenant.work,
            vault=tenant.vault,
            journal=open_journal(house.custody),
        )


def everything(tenant: Tenancy, name: str) -> list[dict[str, Any]]:
    """Every row of a table as people mean it: opened, without the tenant."""
    table, sealed = table_of(name), sealed_columns(name)
    from connector.exports.gather import _opened

    with tenant.work() as work:
        found = work.connection.execute(select(table).where(table.c[TENANT] == tenant.id)).all()
        return [
            {
                column.name: _opened(work, tenant.vault, table, sealed[column.name], row)
                if column.name in sealed and row._mapping[column] is not None
                else row._mapping[column]
                for column in table.c
                if column.name != TENANT
            }
            for row in found
        ]
