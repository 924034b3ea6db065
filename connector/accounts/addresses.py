"""From the secret in an address to its account, with as few questions as can be.

A directory row never changes while it exists, so where a secret leads may be remembered. Whether
it still leads there is asked in each unit of work, in the question for the account itself: a
secret that was rotated away or an account that was deleted is gone at the next request.
"""

import threading
import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, select

from connector.accounts.models import AccountSecret
from connector.accounts.refs import AccountRef, Standing, ref_of
from connector.accounts.secrets import digest_of
from privacy.core.db.questions import Question
from privacy.core.db.work import Actor, ActorKind, UnitOfWork, lookup
from privacy.core.errors import NotFound

_MOST_KEPT: Final = 10_000


# Without the ORM and in the driver's words: asked for every post, where building it took longer
# than answering it.
_STANDING: Final = """
SELECT a.tenant_id, a.id, a.kind, a.external_key, a.region, a.time_zone, a.state, a.settings,
    a.last_received_at, s.generation
FROM account_secrets s
JOIN connector_accounts a ON a.tenant_id = s.tenant_id AND a.id = s.account_id
WHERE s.tenant_id = %s AND s.digest = %s AND a.deleted_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a secret led when it was last looked up."""

    digest: bytes
    tenant_id: uuid.UUID
    account_id: uuid.UUID

    @property
    def actor(self) -> Actor:
        """The account, as it acts."""
        return Actor(ActorKind.ACCOUNT, self.account_id)

    @property
    def standing(self) -> Question[Standing]:
        """What `account_at` asks in a unit of work of the tenant."""
        return Question(Standing, _STANDING, (self.tenant_id, self.digest))


class Addresses:
    """Known addresses of one process: digests and ids, no secrets."""

    def __init__(self) -> None:
        self._known: dict[bytes, Address] = {}
        self._lock = threading.Lock()

    def locate(self, engine: Engine, secret: str) -> Address:
        """Where `secret` leads. Raises NotFound; nothing tells whether it ever led anywhere."""
        digest = digest_of(secret)
        found = self._known.get(digest)
        if found is None:
            found = _look_up(engine, digest)
            self._remember(found)
        return found

    def _remember(self, address: Address) -> None:
        with self._lock:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[address.digest] = address


def account_at(work: UnitOfWork, address: Address) -> AccountRef:
    """The account, if its secret still stands. Raises NotFound."""
    found = work.ask(address.standing)
    if found is None:
        raise NotFound
    return ref_of(found, generation=found.generation)


def _look_up(engine: Engine, digest: bytes) -> Address:
    statement = select(AccountSecret.tenant_id, AccountSecret.account_id).where(
        AccountSecret.digest == digest
    )
    with lookup(engine, digest=digest) as session:
        found = session.execute(statement).one_or_none()
    if found is None:
        raise NotFound
    return Address(digest, *found)
