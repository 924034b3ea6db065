"""Take one delivery of an exchange in: read it by the account's mapping, store its calls."""

from typing import Final

from connector.accounts.kinds import AccountKind
from connector.accounts.received import note_received
from connector.accounts.refs import AccountRef
from connector.calls.ingest import ingest_calls
from connector.calls.outcomes import IngestOutcome
from connector.http.intake.readings import Reading, read_delivery
from connector.providers.base import Delivery
from connector.providers.choices import mapping_of, settings_of
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Forbidden
from privacy.vault.keyring import Keyring


class AccountPaused(Forbidden):
    """The account exists and takes nothing at present."""

    code = "account_paused"
    message = "This account is paused. Resume it in the console, then send again."


def read(account: AccountRef, delivery: Delivery) -> Reading:
    """What a delivery holds.

    Raises:
        AccountPaused; MappingError: it cannot be read as a whole; Invalid: the settings.
    """
    if not account.receiving:
        raise AccountPaused
    return read_delivery(mapping_of(account), delivery, settings_of(account))


def store(
    work: UnitOfWork,
    *,
    vault: Keyring,
    account: AccountRef,
    reading: Reading,
    single: bool = True,
) -> IngestOutcome:
    """Store what was read. `single`: the ledger counts it per minute instead of per batch.

    Raises:
        OpenError, SealLimit, Unavailable: from the vault; nothing is stored.
    """
    outcome = ingest_calls(
        work,
        vault=vault,
        account=account,
        calls=reading.calls,
        sources=reading.sources,
        indexes=reading.indexes,
        single=single,
    )
    if reading.calls or reading.skipped:
        note_received(work, account, proven=outcome.proven)
    return IngestOutcome(
        outcome.accepted,
        outcome.duplicates,
        outcome.expired,
        sorted([*reading.rejections, *outcome.rejections], key=lambda each: each.index),
    )


UPLOADED: Final = frozenset({AccountKind.ASTERISK, AccountKind.THREECX})
"""Kinds whose calls come as files of many rows."""
