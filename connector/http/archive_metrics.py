"""Metrics of archives: read when Prometheus asks, for the job that makes them runs elsewhere."""

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from privacy.backups.alerts import Alert, standing_alerts
from privacy.backups.drills import last_passed
from privacy.backups.register import newest_whole
from privacy.backups.wal.archivers import read_archiver
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, unit_of_work


class ArchiveMetrics(Collector):
    """Age of the newest archive and of the last drill that passed, how far the log's archive is
    behind where there is one, and every alert as 0 or 1.

    Nothing is told when the database does not answer: an age must not look young.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        """See Collector."""
        try:
            with unit_of_work(self._engine, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
                newest, drilled, now = newest_whole(work), last_passed(work), work.now
                standing = {alert for alert, _ in standing_alerts(work)}
                archiver = read_archiver(work.connection)
        except SQLAlchemyError:
            return
        if newest is not None and newest.snapshot_at is not None:
            age = (now - newest.snapshot_at).total_seconds()
            yield _gauge("silta_archive_age_seconds", "Since the newest archive's snapshot.", age)
        if drilled is not None:
            age = (now - drilled).total_seconds()
            yield _gauge("silta_drill_age_seconds", "Since a drill last passed.", age)
        if archiver.on:
            lag = archiver.lag.total_seconds()
            yield _gauge(
                "silta_wal_lag_seconds", "What only the database's disk has, at most.", lag
            )
        alerts = GaugeMetricFamily(
            "silta_backup_alert", "Whether something is wrong.", labels=["code"]
        )
        for alert in Alert:
            alerts.add_metric([alert.value], float(alert in standing))
        yield alerts

    def describe(self) -> list[Metric]:
        """Nothing beforehand: registering must not ask the database."""
        return []


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)
