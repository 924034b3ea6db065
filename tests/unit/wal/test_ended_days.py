"""What an organisation is told of its last copy counts the log's archive in."""

from datetime import timedelta

import pytest

from privacy.backups.ended_days import SWEPT, EndedDay, _with_log
from tests.unit.wal.shared import NOW

KEPT = timedelta(days=35)


@pytest.mark.promise("B1")
@pytest.mark.parametrize("archived", [None, NOW + timedelta(days=34)])
def test_a_day_is_gone_when_the_log_let_go_of_it(archived: object) -> None:
    day = EndedDay(NOW.date(), "T", "calls", NOW, NOW, archived, gone=True)  # type: ignore[arg-type]
    last = NOW + SWEPT + KEPT
    early, late = _with_log(day, KEPT, last - SWEPT), _with_log(day, KEPT, last)
    assert (early.gone_at, early.gone) == (last, False)
    assert (late.gone_at, late.gone) == (last, True)


def test_an_archive_that_stays_longer_counts() -> None:
    later = NOW + timedelta(days=90)
    day = EndedDay(NOW.date(), "T", "calls", NOW, NOW, later, gone=False)
    shown = _with_log(day, KEPT, later - SWEPT)
    assert (shown.gone_at, shown.gone) == (later, False)
