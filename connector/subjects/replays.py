"""How a restored database catches up: what was reduced is reduced again, and nobody is signed in.

What ended is journaled, but for sessions: there are too many of them, and signing in again is
little to ask. So all of them end.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from connector.accounts.change import delete_account
from connector.accounts.models import ConnectorAccount
from connector.exports.sweep import withdraw_exports
from connector.free_fields.values import erase_values_of_field
from connector.registrations.change import close_registration
from connector.registrations.models import Registrant
from connector.registrations.sessions import end_every_sign_in
from privacy.consents.models import Consent
from privacy.consents.shapes import ConsentChannel
from privacy.consents.withdraw import withdraw_consent
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.erasures.journals import open_journal
from privacy.erasures.replay import (
    OpenTenant,
    Remake,
    Replayed,
    replay_erasures,
    replay_unknown,
    tenants_behind,
)
from privacy.ledger.journal_marks import Marks
from privacy.vault.custody import Custody
from privacy.vault.errors import NoKey
from privacy.vault.keyring import Keyring
from tenants.devices.known import forget_every_device
from tenants.sessions.end import end_every_session
from tenants.tenants.list import tenant_ids

Said = Mapping[str, Any]


def remakes(vault: Keyring) -> Mapping[str, Remake]:
    """By table. Each leaves alone what is not there, or was reduced before."""

    def close(work: UnitOfWork, row_id: uuid.UUID, said: Said) -> None:
        row = work.session.get(Registrant, (work.tenant_id, row_id))
        if row is not None and row.state != "closed" == said.get("state"):
            with _keys_may_be_gone(work):
                close_registration(work, vault, row)

    def withdraw(work: UnitOfWork, row_id: uuid.UUID, _said: Said) -> None:
        row = work.session.get(Consent, (work.tenant_id, row_id))
        if row is not None and row.ends_on is None:
            with _keys_may_be_gone(work):
                withdraw_consent(work, vault, consent_id=row_id, channel=ConsentChannel.FORM)

    def disconnect(work: UnitOfWork, row_id: uuid.UUID, said: Said) -> None:
        row = work.session.get(ConnectorAccount, (work.tenant_id, row_id))
        if row is not None and row.deleted_at is None and "deleted_at" in said:
            delete_account(work, account_id=row_id)

    def empty(work: UnitOfWork, row_id: uuid.UUID, _said: Said) -> None:
        erase_values_of_field(work, field_id=row_id)

    return {
        "registrants": close,
        "consents": withdraw,
        "connector_accounts": disconnect,
        "free_fields": empty,
    }


@contextmanager
def _keys_may_be_gone(work: UnitOfWork) -> Iterator[None]:
    """A tenant that was destroyed since has no key: what is left of it goes as a whole."""
    with suppress(NoKey), work.session.begin_nested():
        yield


def replay(
    open_work: OpenTenant, vault: Keyring, custody: Custody, *, since: datetime, marks: Marks
) -> Replayed:
    """Replay all erasures since an archive was begun, and keep no tenant's export that was made
    before them. Raises EscrowFailed."""
    journal = open_journal(custody)
    with open_work(INSTALLATION_ID) as work:
        known = [INSTALLATION_ID, *tenant_ids(work)]
    for tenant_id in known:
        with open_work(tenant_id) as work:
            _shut(work)
    return replay_erasures(
        open_work, journal, since=since, remakes=remakes(vault), known=known, marks=marks
    )


def erase_again(open_work: OpenTenant, vault: Keyring, custody: Custody) -> int:
    """Erase what escrow knows to be erased and this database does not: rows. Call at boot.

    `silta restore` does more and needs none of this. But a disk or a snapshot can be put back
    under a service that nobody told, and it must not serve whom it had erased (ATTACK 64).

    Raises:
        EscrowFailed: escrow does not answer, or its journal is damaged; nothing may be served.
    """
    journal, rows = open_journal(custody), 0
    behind = tenants_behind(open_work, journal)
    if behind:
        with open_work(INSTALLATION_ID) as work:
            _shut(work)
    for tenant_id in behind:
        with open_work(tenant_id) as work:
            _shut(work)
            rows += replay_unknown(work, journal, remakes=remakes(vault)).rows
    return rows


def _shut(work: UnitOfWork) -> None:
    """Of the bound tenant: exports that waited, and whoever is signed in."""
    withdraw_exports(work)
    end_every_sign_in(work)
    if work.tenant_id == INSTALLATION_ID:
        end_every_session(work)
        forget_every_device(work)
