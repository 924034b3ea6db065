"""Opening an account: its credential, its client, its lock, and a way to renew."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from connector.accounts.connections import AccountConnection
from connector.accounts.credentials import open_fields, seal_fields
from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.pending import connection_of, open_pending, seal_pending
from connector.accounts.refs import AccountRef, ref_of
from connector.outbound.failures import ConfigurationFailure, TransientFailure
from connector.outbound.paces import PacedOutbound
from connector.outbound.recipients import Recipients
from connector.providers.port import Connection, Opening, Provider
from connector.syncs.budgets import SharedTurns
from connector.syncs.locks import locked
from connector.syncs.recipients import recipients_of
from connector.syncs.stations import Station
from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles.derived import derived_profile

WAIT_FOR_TURN = 200.0
"""Seconds: longer than one message of anybody takes."""


class RenewedElsewhere(TransientFailure):
    """Another process renewed the credential first. Its one is stored; ours must not be used."""

    code = "credential_renewed_elsewhere"


class Incomplete(ConfigurationFailure):
    """Nothing was entered yet, or not all of it."""

    code = "credential_incomplete"
    message = "The credential is not complete. Enter it, then test it."


@dataclass(slots=True)
class Held:
    """The credential in use, and which generation of it: stored only over that very one."""

    station: Station = field(repr=False)
    account_id: uuid.UUID
    generation: int
    pending: bool

    def renew(self, fields: Mapping[str, str]) -> None:
        """Store a rotated credential, committed before it returns. Raises RenewedElsewhere."""
        vault = self.station.vault
        with self.station.work() as work:
            account, connection = self._rows(work)
            if self.generation != _generation(account, connection, pending=self.pending):
                raise RenewedElsewhere(log="the credential's generation")
            if self.pending:
                seal_pending(work, vault, connection, fields)
            else:
                seal_fields(work, vault, account, fields)
            record(work, Event.ACCOUNT_RENEWED, subject=account.id)
            following = _generation(account, connection, pending=self.pending)
        self.generation = following

    def reread(self) -> Mapping[str, str]:
        """The credential as it is stored now."""
        with self.station.work() as work:
            account, connection = self._rows(work)
            self.generation = _generation(account, connection, pending=self.pending)
            return _fields(work, self.station, account, connection, pending=self.pending)

    def _rows(self, work: UnitOfWork) -> tuple[ConnectorAccount, AccountConnection]:
        try:
            account = find_account(work, self.account_id, lock=True)
        except NotFound:
            raise RenewedElsewhere(log="the account was deleted") from None
        connection = connection_of(work, self.account_id)
        if self.pending and connection.pending_sealed is None:
            raise RenewedElsewhere(log="the new credential was taken or dropped")
        return account, connection


@dataclass(frozen=True, slots=True)
class Opened:
    """An account that can be asked."""

    account: AccountRef
    service: str
    provider: Provider
    connection: Connection
    pending: bool


def open_account(
    station: Station, *, account_id: uuid.UUID, pending: bool = False, patience: float | None = None
) -> Opened:
    """Open an account for requests; none is sent yet.

    Args:
        pending: with the credential that has not worked yet.
        patience: seconds for everything; see Opening.

    Raises:
        NotFound: no such account, or it is not asked.
        OpenError: its credential was changed outside the service.
        Failure: its credential cannot be used as it is.
    """
    with station.work() as work:
        account, connection = find_account(work, account_id), connection_of(work, account_id)
        fields = _fields(work, station, account, connection, pending=pending)
        generation = _generation(account, connection, pending=pending)
        ref, per_minute = ref_of(account), connection.requests_per_minute
        rules = derived_profile(work, account.service)
    provider = station.provider(AccountKind(ref.kind))
    held = Held(station, account_id, generation, pending)
    hosts = recipients_of(rules, _asked(provider, fields, ref), loopback=station.loopback)
    turns = SharedTurns(station, account_id, per_minute)
    wait = WAIT_FOR_TURN if patience is None else patience
    turn = partial(locked, station.engine, AdvisoryLock.ACCOUNT_MESSAGE, account_id, seconds=wait)
    opening = Opening(
        fields,
        {"region": ref.region, "time_zone": ref.time_zone, **ref.settings},
        _outbound(station, hosts, turns, patience),
        turn,
        held.renew,
        reread=held.reread,
        patience=patience,
        pause=station.pause,
    )
    return Opened(ref, rules.key, provider, provider.connect(opening), pending)


def _outbound(
    station: Station, hosts: Recipients, turns: SharedTurns, patience: float | None
) -> PacedOutbound:
    return PacedOutbound(
        hosts,
        turns=turns,
        patience=patience,
        pause=station.pause,
        loopback=station.loopback,
        **station.outbound,
    )


def _asked(provider: Provider, fields: Mapping[str, str], account: AccountRef) -> tuple[str, ...]:
    try:
        return provider.recipients(fields, account.settings)
    except Invalid:
        raise Incomplete(log="a credential that cannot be one") from None


def _fields(
    work: UnitOfWork,
    station: Station,
    account: ConnectorAccount,
    connection: AccountConnection,
    *,
    pending: bool,
) -> dict[str, str]:
    if pending:
        return open_pending(work, station.vault, connection) or {}
    return open_fields(work, station.vault, account)


def _generation(account: ConnectorAccount, connection: AccountConnection, *, pending: bool) -> int:
    return connection.pending_version if pending else account.credential_version
