"""Do again in a restored database what was done since, then open it (ATTACKS 9, 64, 65).

Every step looks at what is there, so a run that was killed is simply run again. Only when all of
them are done is the database at home, and web, worker and scheduler start.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from privacy.backups.chains import restart_chains
from privacy.backups.depots import Depot
from privacy.backups.homes import open_home
from privacy.backups.register import reconcile
from privacy.backups.restore import OnStep
from privacy.core import clock
from privacy.core.db.engine import Engines
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.ledger.anchors import Anchors
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.ledger.signing import Signer
from privacy.retention.rules import Shorter
from privacy.retention.run import run_retention
from privacy.vault.custody import Custody
from privacy.vault.restores import restore_from_escrow


@dataclass(frozen=True)
class Finishing:
    """What the rest of a restoration needs.

    Args:
        replay: erases again what was erased since a moment; returns how many rows.
        shorter: the tenants' stricter choices, read when keys open again.
        archive_id, since: the archive, and when it was begun.
        depot: None where there is no store to compare with.
    """

    engines: Engines
    custody: Custody
    anchors: Anchors
    signer: Signer
    replay: Callable[[datetime], int]
    shorter: Callable[[], Sequence[Shorter]]
    archive_id: uuid.UUID
    since: datetime
    depot: Depot | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """What was done again."""

    keys: int
    days: int
    erased: int
    chains: int


def finish_restoration(given: Finishing, *, on_step: OnStep = lambda _step: None) -> Finished:
    """Key ring, erasures, days, ledger; then the mark.

    Raises:
        EscrowFailed, KeyCheckFailed: escrow cannot give what it must.
        ClockLeapt: the clocks disagree, and nothing is destroyed by a wrong one.
        RestoreFailed: the ledger does not fit the anchors.
    """
    engines = given.engines
    back = restore_from_escrow(engines.keeper, given.custody)
    on_step(f"{back.keys} keys are on the ring")
    # Before anything else is written: the ledger has to be what the archive had.
    chains = restart_chains(
        engines.sequencer, engines.app, given.anchors, given.signer, given.archive_id
    )
    on_step("the ledger goes on")
    if not given.anchors.marked():
        on_step("the anchors say nothing of the journal's age: it was not checked")
    # The journal is written by the database's own clock, which no development clock shifts.
    erased = given.replay(given.since - clock.offset())
    on_step(f"{erased} rows erased again")
    ended = run_retention(engines, given.custody, shorter=given.shorter())
    on_step(f"{ended.keys} days ended again")
    done = Finished(back.keys, ended.keys, erased, chains)
    _note(given, done)
    _open(engines.keeper)
    return done


def _note(given: Finishing, done: Finished) -> None:
    facts = {"keys": done.keys, "days": done.days, "erased": done.erased, "chains": done.chains}
    shelf = given.depot.shelf() if given.depot else None
    app = given.engines.app
    with unit_of_work(app, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
        if shelf is not None and given.depot is not None:
            reconcile(work, shelf, keep=given.depot.keep, running=False)
        record(work, Event.DATABASE_RESTORED, subject=given.archive_id, facts=facts)


def _open(keeper: Engine) -> None:
    with keeper.begin() as connection:
        open_home(connection)
