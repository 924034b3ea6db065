"""Figures of the whole installation for `/metrics`: promises, notices, advisories, drifts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from connector.http.archive_metrics import ArchiveMetrics
from privacy.core.db.engine import Engines
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.promises.figures import HELP, FigureName, FigureView, read_figures


class InstallationFigures(Collector):
    """Reads them when asked. While the database is away they are left out, and nothing else is."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def describe(self) -> Iterable[Metric]:
        """Nothing, so that registering asks no database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """A gauge for each name, and when it was counted; archives, whose job runs elsewhere."""
        yield from ArchiveMetrics(self._engines.app).collect()
        try:
            with unit_of_work(self._engines.app, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
                found = read_figures(work)
        except SQLAlchemyError:
            return
        by_name: dict[FigureName, list[FigureView]] = defaultdict(list)
        for one in found:
            by_name[one.name].append(one)
        for name, views in by_name.items():
            yield _gauge(name, views)
        yield _counted(by_name)


def _gauge(name: FigureName, views: list[FigureView]) -> Metric:
    gauge = GaugeMetricFamily(f"silta_{name}", HELP[name], labels=["about"])
    for one in views:
        gauge.add_metric([one.about], one.value)
    return gauge


def _counted(by_name: dict[FigureName, list[FigureView]]) -> Metric:
    gauge = GaugeMetricFamily(
        "silta_counted_timestamp_seconds", "When a figure was last counted.", labels=["figure"]
    )
    for name, views in by_name.items():
        gauge.add_metric([name.value], max(one.at for one in views))
    return gauge
