"""Counts are published where the organisation chose to, and small ones never (promise B5)."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from connector.statistics.published import FEWEST, Cell, cell
from tenants.tenants.change import publish_statistics
from tests.functional.centre.readers import Reader

OCTOBER = date(2026, 10, 1)


@pytest.mark.promise("B5")
def test_a_small_cell_tells_nothing_and_others_are_rounded() -> None:
    assert cell(OCTOBER, "inbound", FEWEST - 1, 900) == Cell(OCTOBER, "inbound", None, None)
    assert cell(OCTOBER, "inbound", FEWEST, 0) == Cell(OCTOBER, "inbound", 20, 0)
    assert cell(OCTOBER, "outbound", 129, 47) == Cell(OCTOBER, "outbound", 120, 40)


def _tally(reader: Reader, day: date, direction: str, calls: int) -> None:
    with reader.town.desk.tenant(reader.tenant) as work:
        work.connection.execute(
            text(
                "INSERT INTO call_tallies (tenant_id, day, account_id, direction, shard, calls, "
                "seconds) VALUES (:t, :d, :a, :w, 0, :n, :n * 60)"
            ),
            {"t": reader.tenant, "d": day, "a": uuid.uuid4(), "w": direction, "n": calls},
        )


@pytest.mark.promise("B5")
@pytest.mark.attack(34)
def test_counts_are_shown_only_where_they_were_chosen_to_be(reader: Reader) -> None:
    with reader.town.desk.tenant(reader.tenant) as work:
        this_month = work.today.replace(day=1)
    last = this_month - timedelta(days=1)
    for direction, calls in (("inbound", 57), ("outbound", 7)):
        for part in (calls - 3, 3):
            _tally(reader, last, direction, part)
    _tally(reader, this_month, "inbound", 5000)
    _tally(reader, last - timedelta(days=800), "internal", 5000)
    for path in ("/statistics", "/statistics.json"):
        reader.get(path, status=404)
    assert "/statistics" not in reader.get("?lang=en")
    with reader.town.desk.tenant(reader.tenant) as work:
        publish_statistics(work, published=True)
    assert "/statistics" in reader.get("?lang=en")
    month = last.strftime("%Y-%m")
    told = reader.client.get(f"{reader.place}/statistics.json")
    assert told.json == {
        "suppressed_below": 20,
        "cells": [
            {"month": month, "direction": "inbound", "calls": 50, "minutes": 50},
            {"month": month, "direction": "outbound", "calls": None, "minutes": None},
        ],
    }
    assert "Set-Cookie" not in told.headers
    page = reader.get("/statistics?lang=sv")
    assert "för få för att anges" in page
    assert "5000" not in page
    with reader.town.desk.tenant(reader.tenant) as work:
        publish_statistics(work, published=False)
    reader.get("/statistics", status=404)
    assert reader.client.get("/privacy/services/statistics").status_code == 404
