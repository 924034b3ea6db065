"""Accept that an older database is in use, where no archive of ours says so.

Somebody put back a copy of their own, or promoted a replica that lagged. The anchors hold heads
that the database lacks, so the sequencer halts rightly: it cannot tell this from a truncation.
A person can, and says so under their name; the ledger keeps it, and its event is what the signed
restarts name in place of an archive.
"""

import re
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Engine

from privacy.backups.chains import Behind, chains_behind, check_beginnings, restart_chains
from privacy.core.db.engine import Engines
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import Actor, ActorKind, unit_of_work
from privacy.core.errors import Conflict, Invalid
from privacy.ledger.anchors import Anchors
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.ledger.signing import Signer

_REFERENCE: Final = re.compile(r"[A-Za-z0-9._-]{0,40}")


class Reason(StrEnum):
    """Why the database is older than its anchors."""

    COPY = "restored_copy"
    POINT_IN_TIME = "restored_to_a_moment"
    REPLICA = "promoted_replica"


class NothingToAccept(Conflict):
    """No chain is shorter than it was."""

    code = "nothing_to_accept"
    message = "Every ledger is as long as its anchors say: there is nothing to accept."


@dataclass(frozen=True, slots=True)
class Accepted:
    """The event in the installation's ledger, and each chain that goes on from further back."""

    event_id: uuid.UUID
    chains: tuple[Behind, ...]


def accept_restore(
    engines: Engines,
    anchors: Anchors,
    signer: Signer,
    *,
    by: uuid.UUID,
    reason: Reason,
    reference: str = "",
) -> Accepted:
    """Record who accepts it, why, and from which event on; sign that among the anchors.

    Killed in between, a ledger says that it was accepted and the sequencer is halted still: the
    command is simply repeated.

    Args:
        by: id of an operator.
        reference: a word of the operator's own, such as a ticket's number.

    Raises:
        NothingToAccept; Invalid: the reference is no word.
        RestoreFailed: a chain is no beginning of what was anchored, so this is no older copy.
    """
    if not _REFERENCE.fullmatch(reference):
        raise Invalid("The reference is one word of letters, digits, dots, _ and -.")
    check_beginnings(engines.sequencer, engines.app, anchors, signer.identity)
    behind = chains_behind(engines.sequencer, anchors)
    if not behind:
        raise NothingToAccept
    actor, why = Actor(ActorKind.OPERATOR, by), _why(reason, reference)
    for one in behind:
        if one.position:
            _tell(engines.app, actor, one, why)
    with unit_of_work(engines.app, tenant_id=INSTALLATION_ID, actor=actor) as work:
        facts = why | {"chains": len(behind)}
        event_id = record(work, Event.RESTORE_ACCEPTED, facts=facts)
    restart_chains(engines.sequencer, engines.app, anchors, signer, event_id)
    return Accepted(event_id, tuple(behind))


def _tell(app: Engine, actor: Actor, one: Behind, why: dict[str, Fact]) -> None:
    """In each tenant's own ledger: after which event the lost ones were."""
    if one.tenant_id == INSTALLATION_ID:
        return
    with unit_of_work(app, tenant_id=one.tenant_id, actor=actor) as work:
        facts = why | {"after": one.position, "lost": one.lost}
        record(work, Event.RESTORE_ACCEPTED, facts=facts)


def _why(reason: Reason, reference: str) -> dict[str, Fact]:
    why: dict[str, Fact] = {"reason": reason.value}
    return why | ({"reference": reference} if reference else {})
