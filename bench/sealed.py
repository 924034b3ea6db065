"""Ours: a batch through the ordinary use case, from JSON to committed, everything switched on."""

from connector.accounts.refs import AccountRef
from connector.calls.batches import JSON, decode_batch
from connector.calls.foreseen import ingest_questions
from connector.calls.ingest import ingest_calls
from jobs.installation import Installation
from privacy.core.db.work import SYSTEM, unit_of_work


class Sealed:
    """One account of one tenant. Safe among threads."""

    def __init__(self, house: Installation, account: AccountRef) -> None:
        self._house, self._account = house, account

    def ingest(self, body: bytes) -> None:
        """One batch from JSON to committed; what is asked in any case is asked at once, as the
        edge does."""
        batch = decode_batch(body, JSON)
        account, house = self._account, self._house
        tenant_id = account.tenant_id
        asked = ingest_questions(tenant_id)
        with unit_of_work(
            house.engines.app, tenant_id=tenant_id, actor=SYSTEM, foreseen=asked
        ) as work:
            outcome = ingest_calls(
                work,
                vault=house.vault,
                account=account,
                calls=[call for _, call in batch.records],
                indexes=[index for index, _ in batch.records],
            )
        assert outcome.accepted == len(batch.records), outcome
