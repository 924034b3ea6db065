"""Calls that a system is asked for go the way of all calls: checked, sealed by day, counted."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import msgspec

from connector.accounts.refs import AccountRef
from connector.accounts.states import AccountState
from connector.calls.ingest import ingest_calls
from connector.calls.shapes import IncomingCall
from connector.providers.port import Received
from connector.synced.sinks import Saved, Sink, Unseen
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring


class CallSink:
    """See Sink. A call ends with its day, not with its source: nothing is removed here."""

    def save(
        self,
        work: UnitOfWork,
        *,
        vault: Keyring,
        account: AccountRef,
        stream: str,
        received: Sequence[Received],
        sweep: uuid.UUID | None,
    ) -> Saved:
        """Ingest; the id outside is the call's source id, and its version counts."""
        pairs = [(call, one.document or None) for one in received if (call := _call_of(one))]
        outcome = ingest_calls(
            work,
            vault=vault,
            # The engine decided that this account is read; an error that was mended is not pause.
            account=replace(account, state=AccountState.CONNECTED),
            calls=[call for call, _ in pairs],
            sources=[document for _, document in pairs],
        )
        refused = outcome.expired + len(outcome.rejections) + len(received) - len(pairs)
        return Saved(outcome.accepted, 0, outcome.duplicates, refused)

    def remove(
        self,
        work: UnitOfWork,
        *,
        vault: Keyring,
        account: AccountRef,
        stream: str,
        external_ids: Sequence[str],
    ) -> int:
        """Nothing."""
        return 0

    def count_unseen(
        self, work: UnitOfWork, *, account: AccountRef, stream: str, sweep: uuid.UUID
    ) -> Unseen:
        """Nothing."""
        return Unseen()

    def remove_unseen(
        self, work: UnitOfWork, *, account: AccountRef, stream: str, sweep: uuid.UUID
    ) -> int:
        """Nothing."""
        return 0


def _call_of(received: Received) -> IncomingCall | None:
    call = received.record
    if not isinstance(call, IncomingCall):
        return None
    version = call.version if received.version is None else received.version
    return msgspec.structs.replace(
        call, source_id=call.source_id or received.external_id, version=version
    )


CALLS: Final[Sink] = CallSink()
