"""What an account refused, said in the ledger: once a minute, for senders repeat."""

from typing import Final

from connector.accounts.addresses import Address
from connector.accounts.refused import note_refused
from connector.http.rates.counters import MemoryCounter
from privacy.core.db.work import unit_of_work
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.http.services import services

MINUTE: Final = 60
_said = MemoryCounter()


def note_refusal(address: Address, code: str) -> None:
    """Record that something under the account's address was refused, and by which code."""
    if _said.hit(f"{address.account_id}:{code}", MINUTE).count > 1:
        return
    engine = services().engines.app
    with unit_of_work(engine, tenant_id=address.tenant_id, actor=address.actor) as work:
        record(work, Event.ACCOUNT_REFUSED, subject=address.account_id, facts={"code": code})
        note_refused(work, account_id=address.account_id, code=code)
