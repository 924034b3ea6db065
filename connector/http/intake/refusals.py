"""What an account refused, said in the ledger: once a minute, for senders repeat."""

from typing import Final

from connector.accounts.refs import AccountRef
from connector.http.rates.counters import MemoryCounter
from privacy.core.db.work import Actor, ActorKind, unit_of_work
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.http.services import services

MINUTE: Final = 60
_said = MemoryCounter()


def note_refusal(account: AccountRef, code: str) -> None:
    """Record that something under the account's address was refused, and by which code."""
    if _said.hit(f"{account.id}:{code}", MINUTE).count > 1:
        return
    actor = Actor(ActorKind.ACCOUNT, account.id)
    with unit_of_work(services().engines.app, tenant_id=account.tenant_id, actor=actor) as work:
        record(work, Event.ACCOUNT_REFUSED, subject=account.id, facts={"code": code})
