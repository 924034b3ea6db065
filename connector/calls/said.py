"""What the ledger is told of looking at calls: how many, and a commitment to what was asked.

The commitment's key is today's: when the day ends, nobody can tell any more what was searched,
and the chain still verifies (ATTACK 60).
"""

from connector.calls.keeping import call_key
from connector.calls.queries import Query
from connector.calls.views import CallView
from privacy.core.db.work import ActorKind, UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index


def say_search(work: UnitOfWork, vault: Keyring, query: Query, *, found: int) -> None:
    """One event for each page that was looked at."""
    asked = query.identity or query.user_id
    commitment = None
    if asked is not None:
        index = call_key(work, vault, work.today).index(Index.COMMITMENT)
        commitment = index.digest(asked.encode("utf-8", "surrogatepass"))
    by = "number" if query.identity else "user" if query.user_id else "time"
    event = Event.CALLS_LOOKED_UP if _in_console(work) else Event.CALLS_SEARCHED
    record(work, event, facts={"by": by, "found": found}, commitment=commitment)


def say_read(work: UnitOfWork, view: CallView) -> None:
    """One event for each call that was opened by itself; the id ends with the day's key."""
    record(work, Event.CALL_VIEWED if _in_console(work) else Event.CALL_READ, subject=view.id)


def _in_console(work: UnitOfWork) -> bool:
    return work.actor.kind is ActorKind.USER
