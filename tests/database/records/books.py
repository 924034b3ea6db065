"""Records that no system ever had, and a tenant's shelves to keep them on."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from connector.accounts.connections import AccountConnection
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.refs import AccountRef, ref_of
from connector.accounts.states import AccountState
from connector.providers.port import Received
from connector.synced.registry import SINKS
from connector.synced.shapes import Address, Contact, RecordKind
from connector.synced.sinks import Saved
from privacy.core.ids import new_id
from tests.tenancies import Tenancy

PHONE, EMAIL = "+12025550123", "robin@example.com"


def a_contact(**given: Any) -> Contact:
    """A company in Finland, unless `given` says otherwise."""
    values: dict[str, Any] = {
        "name": "Example Ltd",
        "contact_person": "Robin Example",
        "emails": (EMAIL,),
        "phones": (PHONE,),
        "address": Address(street="Street 1", city="Espoo", country="FI"),
        "vat_id": "FI20774740",
        "code": "C-17",
    }
    return Contact(**(values | given))


def received(
    external_id: str, record: Any, *, version: int | None = None, document: bytes = b""
) -> Received:
    """As a provider hands it over."""
    return Received(external_id=external_id, record=record, version=version, document=document)


def an_account(
    tenant: Tenancy, kind: AccountKind = AccountKind.NETVISOR, **given: Any
) -> AccountRef:
    """An account of a system that is asked."""
    with tenant.work() as work:
        row = ConnectorAccount(
            tenant_id=tenant.id,
            id=new_id(),
            service=KINDS[kind].service,
            kind=kind.value,
            name="Books",
            external_key=str(new_id()),
            region=given.get("region", "FI"),
            time_zone="Europe/Helsinki",
            settings=given.get("settings", {}),
            state=AccountState.CONNECTED.value,
            state_at=work.now,
            created_at=work.now,
        )
        work.session.add(row)
        work.session.flush()
        if KINDS[kind].pulled:
            work.session.add(AccountConnection(tenant_id=tenant.id, account_id=row.id))
        return ref_of(row)


@dataclass(frozen=True)
class Books:
    """One stream of one account of a tenant."""

    tenant: Tenancy
    account: AccountRef
    kind: RecordKind = RecordKind.CONTACTS
    stream: str = field(default="customers")

    def save(self, *things: Received, sweep: uuid.UUID | None = None) -> Saved:
        """Keep them, in one unit of work."""
        return self.save_all(things, sweep=sweep)

    def save_all(self, things: Sequence[Received], sweep: uuid.UUID | None = None) -> Saved:
        """Keep a page."""
        with self.tenant.work() as work:
            return SINKS[self.kind].save(
                work,
                vault=self.tenant.vault,
                account=self.account,
                stream=self.stream,
                received=things,
                sweep=sweep,
            )

    def remove(self, *external_ids: str) -> int:
        """The system deleted them."""
        with self.tenant.work() as work:
            return SINKS[self.kind].remove(
                work,
                vault=self.tenant.vault,
                account=self.account,
                stream=self.stream,
                external_ids=external_ids,
            )

    def end_sweep(self, sweep: uuid.UUID) -> int:
        """What the sweep did not see goes."""
        with self.tenant.work() as work:
            return SINKS[self.kind].remove_unseen(
                work, account=self.account, stream=self.stream, sweep=sweep
            )
