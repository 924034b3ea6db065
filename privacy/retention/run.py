"""The nightly retention: what is due ends, in an order that can be killed anywhere.

Keys first, for they are the retention; then the epoch, so that old copies end too; partitions
and rows last, which are only space by then. Each step looks at what is there, so a run that was
killed is finished by the next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Engine

from privacy.core.db.engine import Engines
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.errors import Invalid
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.core.watch import watch_clock
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.retention.destroy import count_due, destroy_due
from privacy.retention.partitions import drop_partitions, due_partitions, ensure_partitions
from privacy.retention.rules import DayRule, Shorter, day_rules, longest_keep
from privacy.vault.custody import Custody
from privacy.vault.days_ahead import make_days_ahead
from privacy.vault.epochs import advance_epoch

OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What a run ended, or would end."""

    today: date
    keys: int
    partitions: int
    epoch: int | None
    dry: bool


def _quietly(_step: str) -> None:
    pass


def run_retention(
    engines: Engines,
    custody: Custody,
    *,
    shorter: Sequence[Shorter] = (),
    on_step: OnStep = _quietly,
) -> RetentionReport:
    """End everything whose time is over, by the database's clock.

    Args:
        shorter: the tenants' stricter choices.

    Raises:
        ClockLeapt: clocks disagree; nothing was destroyed.
        EscrowFailed, KeyPortFailed: run again; what was destroyed stays so.
    """
    rules = day_rules()
    today = _today(engines.app)
    ensure_partitions(engines.owner, keep_days=longest_keep(rules))
    make_days_ahead(engines.keeper, custody, kinds=[rule.kind for rule in rules])
    on_step("ahead")
    keys = sum(destroy_due(engines.keeper, rule, shorter, today=today) for rule in rules)
    on_step("keys")
    epoch = advance_epoch(engines.keeper, custody)
    on_step("epoch")
    dropped = drop_partitions(engines.owner, before=_first_kept(today, rules))
    on_step("partitions")
    report = RetentionReport(today, keys, len(dropped), epoch, dry=False)
    _say(engines, report, shorter)
    return report


def preview_retention(
    engines: Engines, *, shorter: Sequence[Shorter] = (), as_of: date | None = None
) -> RetentionReport:
    """What a run would end on `as_of` (default today); changes nothing.

    Raises:
        Invalid: `as_of` lies before today: what was due then is gone already.
    """
    rules = day_rules()
    today = _today(engines.app)
    if as_of is not None and as_of < today:
        raise Invalid("Give today's date or a later one: what was due before is gone already.")
    seen_from = as_of or today
    keys = sum(count_due(engines.keeper, rule, shorter, today=seen_from) for rule in rules)
    partitions = due_partitions(engines.owner, before=_first_kept(seen_from, rules))
    return RetentionReport(seen_from, keys, len(partitions), None, dry=True)


def _today(engine: Engine) -> date:
    with engine.begin() as connection:
        return watch_clock(connection).date()


def _first_kept(today: date, rules: Sequence[DayRule]) -> date:
    return today - timedelta(days=longest_keep(rules) - 1)


def _say(engines: Engines, report: RetentionReport, shorter: Sequence[Shorter]) -> None:
    for choice in shorter:
        with unit_of_work(engines.app, tenant_id=choice.tenant_id, actor=SYSTEM) as work:
            key = f"{JobName.RETENTION_DELETE}@{report.today}"
            enqueue(work, name=JobName.RETENTION_DELETE, dedupe_key=key)
    with unit_of_work(engines.app, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
        facts = {"keys": report.keys, "partitions": report.partitions, "epoch": report.epoch or 0}
        record(work, Event.RETENTION_RUN, subject=str(report.today), facts=facts)
