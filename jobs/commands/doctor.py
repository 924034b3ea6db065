"""`silta doctor`: look at everything that an installation needs, and say what to do."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from werkzeug.sansio.utils import host_is_trusted

from jobs.commands.output import answer, as_json
from jobs.installation import Installation, open_installation
from jobs.queues import connect, undrained
from migrations.run import current, head
from privacy.backups.alerts import WORDS, standing_alerts
from privacy.core.db.work import SYSTEM
from privacy.core.errors import Misconfigured, SiltaError, Unavailable
from privacy.core.outbox.backlogs import read_backlog
from privacy.core.outbox.heartbeats import find_silent
from privacy.core.watch import watch_clock
from privacy.retention.destroy import count_due
from privacy.retention.rules import day_rules
from tenants.tenants.retentions import shorter_retentions

_PATIENCE = timedelta(seconds=60)
_MADE = Path("var/environment")
_LATE_JOBS = timedelta(minutes=5)
_ANY_BEAT = text("SELECT EXISTS (SELECT FROM heartbeats)")
_LATE = text(
    "SELECT count(*) FROM ledger_pending p JOIN ledger_events e "
    "ON e.tenant_id = p.tenant_id AND e.id = p.event_id "
    "WHERE e.at < clock_timestamp() - CAST(:patience AS interval)"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check and what came of it; `problem` says what to do."""

    name: str
    problem: str | None = None


def _schema(installation: Installation) -> None:
    stands, wanted = current(installation.engines.owner), head()
    if stands is None:
        raise Misconfigured("The database is empty: run `silta migrate`, or `silta restore`.")
    if stands != wanted:
        raise Misconfigured(f"The database stands at {stands}, not {wanted}: run `silta migrate`.")


def _keys(installation: Installation) -> None:
    installation.check()
    installation.custody.escrow.check()


def _clock(installation: Installation) -> None:
    with installation.engines.app.begin() as connection:
        watch_clock(connection)


def _redis(installation: Installation) -> None:
    try:
        with connect(installation.settings) as redis:
            redis.ping()
    except RedisError as error:
        raise Unavailable("Redis does not answer; jobs wait until it does.") from error


def _retention(installation: Installation) -> None:
    shorter = shorter_retentions(installation.desk)
    with installation.engines.app.begin() as connection:
        today = watch_clock(connection).date()
    keeper = installation.engines.keeper
    due = sum(count_due(keeper, rule, shorter, today=today) for rule in day_rules())
    if due:
        raise Unavailable(f"{due} day keys are past their time: run `silta retention run`.")


def _ledger(installation: Installation) -> None:
    with installation.engines.sequencer.connect() as connection:
        waiting = connection.execute(_LATE, {"patience": _PATIENCE}).scalar_one()
    if waiting:
        raise Unavailable(f"{waiting} ledger events wait too long: is `silta scheduler` running?")


def _processes(installation: Installation) -> None:
    with installation.engines.relay.connect() as connection:
        silent = find_silent(connection)
        known = connection.execute(_ANY_BEAT).scalar_one()
    if not known:
        raise Unavailable("The scheduler was never heard of: start `silta scheduler`.")
    if silent:
        raise Unavailable(f"Silent or failing parts of the scheduler: {', '.join(silent)}.")


def _jobs(installation: Installation) -> None:
    with installation.engines.relay.connect() as connection:
        backlog = read_backlog(connection)
    if backlog.late_seconds > _LATE_JOBS.total_seconds():
        raise Unavailable(
            f"Jobs that are due wait for {backlog.late_seconds:.0f} s: is `silta worker` running?"
        )
    if backlog.dead:
        raise Unavailable(f"{backlog.dead} jobs were given up: see Jobs in the console.")


def _queues(installation: Installation) -> None:
    try:
        with connect(installation.settings) as redis:
            left = undrained(redis)
    except RedisError:
        return  # "redis" says so
    if left:
        raise Unavailable(
            f"No worker drains {', '.join(left)}: start `silta worker` without --queue, or one for "
            "each of these."
        )


def _hosts(installation: Installation) -> None:
    settings = installation.settings
    if not host_is_trusted(settings.public_host, settings.trusted_hosts):
        raise Misconfigured(
            "SILTA_HOSTS lacks the name in SILTA_PUBLIC_URL: whoever comes by it gets 400. Add it."
        )


def _archives(installation: Installation) -> None:
    with installation.desk.installation(SYSTEM) as work:
        standing = standing_alerts(work)
    if standing:
        raise Unavailable(" ".join(WORDS[alert] for alert, _ in standing))


CHECKS: dict[str, Callable[[Installation], None]] = {
    "hosts": _hosts,
    "schema": _schema,
    "keys": _keys,
    "clock": _clock,
    "redis": _redis,
    "retention": _retention,
    "ledger": _ledger,
    "processes": _processes,
    "jobs": _jobs,
    "queues": _queues,
    "archives": _archives,
}


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check everything from schema to jobs; exit 1 on a problem."""
    installation = _opened()
    findings = [_look(name, check, installation) for name, check in CHECKS.items()]
    well = all(finding.problem is None for finding in findings)
    document = {"well": well, "checks": {f.name: f.problem or "ok" for f in findings}}
    lines = [f"{'✓' if f.problem is None else '✗'} {f.name}: {f.problem or 'ok'}" for f in findings]
    answer(document, *lines, as_json=as_json)
    sys.exit(0 if well else 1)


def _opened() -> Installation:
    """Whoever stands beside what `make run` made, without its variables, is told where they are."""
    try:
        return open_installation()
    except Misconfigured as error:
        if os.environ.get("SILTA_DATABASE_URL") or not _MADE.is_file():
            raise
        raise Misconfigured(
            f"SILTA_DATABASE_URL is not set. For the installation of `make run`: "
            f"(set -a; . {_MADE}; .venv/bin/silta doctor)"
        ) from error


def _look(name: str, check: Callable[[Installation], None], installation: Installation) -> Finding:
    try:
        check(installation)
    except SiltaError as error:
        return Finding(name, error.message)
    except OperationalError:
        return Finding(name, "the database does not answer.")
    except Exception as error:  # noqa: BLE001 - a check that cannot be made is a finding too
        return Finding(name, f"could not be checked ({type(error).__name__})")
    return Finding(name)
