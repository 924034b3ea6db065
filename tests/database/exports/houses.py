"""Two installations: one whose tenant goes, and one that it comes to."""

import io
import uuid
from dataclasses import dataclass
from typing import Any

from pyrage import x25519
from sqlalchemy import select

from connector.exports.ages import Opener
from connector.exports.arrive import Arrived, Arriving, import_archive
from connector.exports.ask import ask_export
from connector.exports.cells import shown
from connector.exports.fetch import fetch_export
from connector.exports.layouts import Manifest
from connector.exports.make import Making, make_export
from connector.exports.tables import TENANT, table_of
from connector.exports.walk import check_archive, walking
from migrations.run import known_revisions
from privacy.core.db.work import SYSTEM
from tests.database.subjects.people import desk_of
from tests.tenancies import House, Tenancy

REVISIONS = known_revisions()


@dataclass
class Sealed:
    """An archive as it was fetched, and what opens it."""

    content: bytes
    opener: Opener

    def manifest(self) -> Manifest:
        """As it is read before anything is written."""
        return check_archive(io.BytesIO(self.content), self.opener, revisions=REVISIONS)

    def files(self) -> dict[str, bytes]:
        """Everything in it."""
        with walking(io.BytesIO(self.content), self.opener) as files:
            return {path: content.read() for path, content in files}


def asked(tenant: Tenancy, recipient: str | None = None) -> uuid.UUID:
    """An export that waits to be made."""
    with tenant.work() as work:
        return ask_export(work, recipient=recipient)


def making_of(house: House, tenant: Tenancy, export_id: uuid.UUID) -> Making:
    """As the job has it."""
    return Making(desk_of(house), tenant.id, SYSTEM, export_id, schema=max(REVISIONS))


def exported(house: House, tenant: Tenancy) -> Sealed:
    """Made and fetched, to a key."""
    key = x25519.Identity.generate()
    export_id = asked(tenant, str(key.to_public()))
    assert make_export(making_of(house, tenant, export_id))
    fetched = fetch_export(tenant.work, tenant.vault, export_id=export_id)
    return Sealed(b"".join(fetched.parts()), Opener(identities=[key]))


def brought(house: House, sealed: Sealed, tenant_id: uuid.UUID | None = None) -> Arrived:
    """Into `house`, as the tenant that it was unless another one is named."""
    arriving = Arriving(sealed.opener, SYSTEM, REVISIONS, tenant_id)
    return import_archive(desk_of(house), io.BytesIO(sealed.content), arriving)


def rows(tenant: Tenancy, name: str, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of a table, as they are stored."""
    table = table_of(name)
    wanted = select(*(table.c[one] for one in columns)).where(table.c[TENANT] == tenant.id)
    with tenant.work() as work:
        return sorted(tuple(map(shown, row)) for row in work.connection.execute(wanted))
