"""Probes of the installation as a whole: columns, keys, ledger, profiles, connections."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Engine, text

from privacy.core import clock
from privacy.core.db.declarations import Personal
from privacy.core.errors import SiltaError
from privacy.core.outbox.backlogs import read_backlog
from privacy.core.outbox.heartbeats import find_silent
from privacy.core.transport import require_protected
from privacy.ledger.events import Event
from privacy.profiles import load_profiles
from privacy.profiles.model import REGIONS
from privacy.profiles.sharing import ANNULLED
from privacy.promises.outcomes import Finding, Outcome, judge, untestable
from privacy.promises.probes import InstallationProbe, Premises, Probe
from privacy.retention.rules import day_rules
from privacy.vault.key_checks import check_keys

LATE: Final = timedelta(minutes=5)
NIGHTLY: Final = timedelta(hours=36)

_COLUMNS = text(
    "SELECT c.relname AS table_name, a.attname AS column_name FROM pg_attribute a "
    "JOIN pg_class c ON c.oid = a.attrelid WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition "
    "AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version' "
    "AND a.attnum > 0 AND NOT a.attisdropped"
)
_DAYS = text(
    "SELECT count(*) AS seen, min(day) AS oldest, count(*) FILTER (WHERE day <= :through) AS wrong "
    "FROM key_ring WHERE kind = 'day' AND service = :service AND data = :data"
)
_EPOCH = text(
    "SELECT created_at FROM key_epochs WHERE state = 'current' ORDER BY number DESC LIMIT 1"
)
_SECURE = text(
    "SELECT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false), "
    "coalesce(host(inet_server_addr()), 'a socket')"
)
_UNCHAINED = text(
    "SELECT count(*) FROM ledger_pending p JOIN ledger_events e "
    "ON e.tenant_id = p.tenant_id AND e.id = p.event_id "
    "WHERE e.at < clock_timestamp() - interval '5 minutes'"
)
_VERIFIED = text(
    "SELECT at, facts ->> 'broken' AS broken FROM ledger_events WHERE tenant_id = :tenant "
    "AND event = :event ORDER BY at DESC LIMIT 1"
)


def undeclared_columns(premises: Premises) -> Finding:
    """Columns of the live database that no code declares."""
    declared = {(t.name, c.name) for t in premises.metadata.sorted_tables for c in t.columns}
    declared = {place for place in declared if _declares(premises, *place)}
    with premises.engines.app.connect() as connection:
        live = {(row.table_name, row.column_name) for row in connection.execute(_COLUMNS)}
    return judge(seen=len(live), wrong=len(live - declared))


def _declares(premises: Premises, table: str, column: str) -> bool:
    return "holds" in premises.metadata.tables[table].columns[column].info


def usage_names_no_user(premises: Premises) -> Finding:
    """The register of sessions has these columns in the live database, and no other."""
    with premises.engines.app.connect() as connection:
        live = [r.column_name for r in connection.execute(_COLUMNS) if r[0] == "session_usages"]
    extra = set(live) - {"tenant_id", "day", "id", "version", "sealed"}
    return judge(seen=len(live), wrong=len(extra))


def purposes_are_listed(premises: Premises) -> Finding:
    """Purposes that columns claim and no profile of a service names."""
    listed = {p for one in load_profiles().values() for kind in one.data for p in kind.purposes}
    used = {
        column.info["holds"].purpose
        for table in premises.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.info.get("holds"), Personal)
    }
    return judge(seen=len(used), wrong=len(used - listed))


def day_keys_end(premises: Premises) -> Finding:
    """Day keys of all tenants that outlived the profile's days."""
    with premises.engines.keeper.connect() as connection:
        today = clock.database_today(connection)
        rows = [
            connection.execute(
                _DAYS,
                {
                    "service": rule.kind.service,
                    "data": rule.kind.data,
                    "through": rule.last_due(today),
                },
            ).one()
            for rule in day_rules()
        ]
    oldest = min((row.oldest for row in rows if row.oldest), default=None)
    seen, wrong = sum(row.seen for row in rows), sum(row.wrong for row in rows)
    return judge(seen=seen, wrong=wrong, oldest_day=oldest)


def epoch_is_young(premises: Premises) -> Finding:
    """Old copies of the database lose their keys when the epoch ends, each night."""
    with premises.engines.app.connect() as connection:
        began = connection.execute(_EPOCH).scalar()
    if began is None:
        return Finding(Outcome.BROKEN, {"because": "no epoch"})
    old = clock.now() - began > NIGHTLY
    return judge(seen=1, wrong=int(old), newest_epoch=began.date())


def keys_open(premises: Premises) -> Finding:
    """Root key, key port, escrow and database belong together."""
    try:
        epoch = check_keys(premises.engines.app, premises.custody)
    except SiltaError as error:
        return Finding(Outcome.BROKEN, {"because": error.code})
    return judge(seen=1, wrong=0, epoch=epoch)


def policies_are_dated(premises: Premises) -> Finding:
    """Each policy has a date that has come, and a next review that has not passed."""
    with premises.engines.app.connect() as connection:
        today = clock.database_today(connection)
    policies = [one.policy for one in load_profiles().values()]
    wrong = [one for one in policies if one.dated > today or one.next_review < today]
    reviews = min(one.next_review for one in policies)
    return judge(seen=len(policies), wrong=len(wrong), next_review=reviews)


def processors_have_footing(_: Premises) -> Finding:
    """Each sub-processor of a profile: a footing that counts, a statement, an agreement."""
    listed = [one for service in load_profiles().values() for one in service.processors]
    wrong = [
        p
        for p in listed
        if not set(p.transfers) - ANNULLED or not (p.statement_url and p.agreement_url)
    ]
    return judge(seen=len(listed), wrong=len(wrong))


def data_stays(premises: Premises) -> Finding:
    """Servers of processors stand within each profile's region, and so does the database, where
    the settings name its country, for every service in use."""
    known = load_profiles()
    places = [
        (one, p.country) for one in known.values() for p in one.processors if p.runs == "server"
    ]
    if home := premises.settings.database_country:
        places += [(known[key], home) for key in sorted(_services_in_use(premises))]
    bound = [(one, country) for one, country in places if REGIONS[one.region] is not None]
    wrong = sum(not one.admits(country) for one, country in bound)
    return judge(seen=len(bound), wrong=wrong)


def _services_in_use(premises: Premises) -> set[str]:
    found: set[str] = set()
    for tenant_id in premises.tenants:
        with premises.work_of(tenant_id) as work:
            found.update(premises.services_of(work))
    return found


def traffic_is_protected(premises: Premises) -> Finding:
    """What the settings would connect to, and what the connection in use really is."""
    seen = wrong = 0
    settings = premises.settings
    urls = [(url.get_secret_value(), "postgresql") for url in settings.database_urls()]
    urls += [(settings.redis_url.get_secret_value(), "redis"), (settings.public_url, "http")]
    if settings.smtp_url is not None:
        urls.append((settings.smtp_url.get_secret_value(), "smtp"))
    for url, scheme in urls:
        seen += 1
        try:
            require_protected(url, scheme=scheme)
        except ValueError:
            wrong += 1
    tls, local = _connection(premises.engines.app)
    bare = 0 if tls or local else 1
    return judge(seen=seen + 1, wrong=wrong + bare, database_over_tls=tls)


def _connection(engine: Engine) -> tuple[bool, bool]:
    with engine.connect() as connection:
        tls, address = connection.execute(_SECURE).one()
    return tls, address in ("a socket", "127.0.0.1", "::1")


def parts_are_heard(premises: Premises) -> Finding:
    """Parts of the scheduler that fell silent, and jobs that are late."""
    with premises.engines.relay.connect() as connection:
        silent = find_silent(connection)
        known = connection.execute(text("SELECT count(*) FROM heartbeats")).scalar_one()
        backlog = read_backlog(connection)
    if not known:
        return untestable("no scheduler was ever started")
    late = backlog.late_seconds > LATE.total_seconds()
    return judge(seen=known, wrong=len(silent) + late, late_seconds=int(backlog.late_seconds))


def ledger_is_chained(premises: Premises) -> Finding:
    """Events that wait for their place in the chain for too long."""
    with premises.engines.sequencer.connect() as connection:
        waiting = connection.execute(_UNCHAINED).scalar_one()
        seen = connection.execute(text("SELECT count(*) FROM ledger_links")).scalar_one()
    return judge(seen=seen, wrong=waiting)


def ledger_is_verified(premises: Premises) -> Finding:
    """The nightly verification of all chains: when it last ran, and what it found."""
    installation = premises.tenants[0]
    given = {"tenant": installation, "event": Event.LEDGER_VERIFIED.value}
    with premises.work_of(installation) as work:
        row = work.connection.execute(_VERIFIED, given).one_or_none()
        if row is None:
            return untestable("no nightly verification yet")
        late = work.now - row.at > NIGHTLY
    wrong = int(row.broken or 0) + late
    return judge(seen=1, wrong=wrong, newest_verification=row.at.date())


PROBES: tuple[Probe, ...] = (
    InstallationProbe("A3", "usage_names_no_user", usage_names_no_user),
    InstallationProbe("A12", "undeclared_columns", undeclared_columns),
    InstallationProbe("A13", "purposes_are_listed", purposes_are_listed),
    InstallationProbe("B1", "day_keys_end", day_keys_end),
    InstallationProbe("B1", "epoch_is_young", epoch_is_young),
    InstallationProbe("D3", "policies_are_dated", policies_are_dated),
    InstallationProbe("E1", "processors_have_footing", processors_have_footing),
    InstallationProbe("E4", "data_stays", data_stays),
    InstallationProbe("F1", "traffic_is_protected", traffic_is_protected),
    InstallationProbe("F2", "keys_open", keys_open),
    InstallationProbe("F10", "parts_are_heard", parts_are_heard),
    InstallationProbe("F12", "ledger_is_chained", ledger_is_chained),
    InstallationProbe("F12", "ledger_is_verified", ledger_is_verified),
)
