"""Drills: a real restoration beside the living database, noted whatever comes of it."""

import json

import pytest
from sqlalchemy import text

from privacy.backups.drills import list_drills
from privacy.core.db.work import SYSTEM
from tests.database.backups.stations import Silta, Station
from tests.database.subjects.people import Rights, fill_every_room


@pytest.mark.attack(63)
@pytest.mark.promise("F4")
def test_a_drill_restores_opens_and_leaves_nothing(station: Station, silta: Silta) -> None:
    rights = Rights(station.house, station.house.alice)
    fill_every_room(rights.tenant)
    station.chain()
    station.archive()
    settings = station.drilling()
    living = _ring(station)
    done = json.loads(silta(settings, "drill", "--json"))
    assert done["rows"] > 50
    assert done["values_opened"] > 10
    assert done["links"] > 3
    assert _scratches(station) == 0
    assert _ring(station) == living, "a drill changes nothing of the living installation"
    assert "No drill is due" in silta(settings, "drill", "--if-due")
    _fails_loudly(station, silta)


def _fails_loudly(station: Station, silta: Silta) -> None:
    part = next(station.store.rglob("part-000001"))
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    assert "not as it was written" in silta(station.drilling(), "drill", code=2)
    assert _scratches(station) == 0
    with station.opened.desk.installation(SYSTEM) as work:
        rows = [(row.state, row.failure_code) for row in list_drills(work, limit=9)]
    assert rows == [("failed", "archive_damaged"), ("passed", None)]


def _scratches(station: Station) -> int:
    with station.made.superuser().connect() as connection:
        count = text("SELECT count(*) FROM pg_database WHERE starts_with(datname, 'silta_drill_')")
        return int(connection.execute(count).scalar_one())


def _ring(station: Station) -> list[tuple[object, ...]]:
    keys = "SELECT key_id, wrapped FROM key_ring ORDER BY tenant_id, key_id"
    epochs = station.house.custody.port.epochs()
    return [*station.house.rows(keys), *((epoch,) for epoch in epochs)]
