"""Every sealed value of a lived-in world, put into every other place: none opens (ATTACK 2, 4)."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import Connection, text

from migrations.metadata import metadata
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.vault import sealing
from privacy.vault.errors import OpenError
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Meaning
from privacy.vault.reseals import SealedColumn, registered, reseal_tenant
from privacy.vault.rotations import rotate_tenant
from tenants.permissions import Role
from tenants.totp.enrol import begin_enrolment
from tenants.users.rename import rename_user
from tests.architecture.test_columns import SEALED
from tests.isolation.walls.world import World


@dataclass(frozen=True)
class DayColumn:
    """A column that is sealed under its day's key: which key, and what the value means."""

    service: str
    data: str
    type: str
    version: str


BY_DAY = {
    "calls.sealed": DayColumn("T", "calls", "call", "version"),
    "call_sources.sealed": DayColumn("T", "calls", "call source", "0"),
    "session_usages.sealed": DayColumn("console", "sessions", "session usage", "version"),
    "subject_day_parts.part_sealed": DayColumn("T", "calls", "request day part", "0"),
    "export_day_parts.part_sealed": DayColumn("T", "calls", "export day part", "0"),
    "inquiry_logs.sealed": DayColumn("V", "technical_logs", "inquiry log", "0"),
}
"""A new column that is sealed by day is added here; one under a tenant key registers itself."""


@dataclass(frozen=True)
class Value:
    """One sealed value, and the place where it belongs."""

    name: str
    key: Scope | tuple[DayColumn, date]
    meaning: Meaning
    sealed: bytes

    def __repr__(self) -> str:
        return f"<{self.name} {self.meaning.tenant_id} {self.meaning.row_id!r}>"

    def opens(self, ring: Keyring, work: UnitOfWork, sealed: bytes) -> bool:
        """Whether `sealed` opens in this value's place."""
        try:
            self._open(ring, work, sealed)
        except OpenError:
            return False
        return True

    def _open(self, ring: Keyring, work: UnitOfWork, sealed: bytes) -> bytes:
        if isinstance(self.key, Scope):
            return ring.open(work, self.key, self.meaning, sealed)
        kind, day = self.key
        key = ring.find_day_key(work, service=kind.service, data=kind.data, day=day)
        assert key is not None, self
        return sealing.open(key, self.meaning, sealed)


@pytest.fixture(scope="module")
def values(world: World) -> list[Value]:
    """All of them: two tenants', and the installation's."""
    world.alice_in.get("/overview")
    assert world.ids
    assert world.browser.get("/overview").status_code == 200
    with world.town.desk.installation() as work:
        begin_enrolment(world.town.desk.ring, work, user_id=world.town.agent.id)
    with world.installation.superuser().connect() as connection:
        return [*_under_tenant_keys(connection), *_under_day_keys(connection)]


def _under_tenant_keys(connection: Connection) -> Iterator[Value]:
    for one in registered():
        assert isinstance(one, SealedColumn), one.name
        rows = connection.execute(
            text(
                f"SELECT tenant_id, {one.id_column}, {one.version_column or 0}, {one.column} "
                f"FROM {one.table} WHERE {one.column} IS NOT NULL"
            )
        )
        for tenant, row_id, version, sealed in rows:
            meaning = Meaning(one.type, tenant, one.table, row_id, one.column, version)
            yield Value(one.name, one.scope, meaning, bytes(sealed))


def _under_day_keys(connection: Connection) -> Iterator[Value]:
    for name, kind in BY_DAY.items():
        table, column = name.split(".")
        rows = connection.execute(
            text(f"SELECT tenant_id, day, id, {kind.version}, {column} FROM {table}")
        )
        for tenant, day, row_id, version, sealed in rows:
            meaning = Meaning(kind.type, tenant, table, row_id, column, version)
            yield Value(name, (kind, day), meaning, bytes(sealed))


def test_every_sealed_column_has_a_value_here(values: list[Value]) -> None:
    sealed = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if SEALED.search(column.name)
    }
    assert sealed - {value.name for value in values} == set(), "let the world make one"


@pytest.mark.attack(2)
def test_a_value_opens_in_its_own_place_and_in_no_other(world: World, values: list[Value]) -> None:
    assert len(values) > 25
    assert len({value.meaning.tenant_id for value in values}) == 3
    ring, app = world.town.desk.ring, world.installation.engines.app
    wrong = []
    for place in values:
        with unit_of_work(app, tenant_id=place.meaning.tenant_id, actor=SYSTEM) as work:
            assert place.opens(ring, work, place.sealed), place
            wrong += [
                (place, value)
                for value in values
                if value is not place and place.opens(ring, work, value.sealed)
            ]
    assert wrong == []


@pytest.mark.attack(2)
@pytest.mark.attack(4)
def test_every_part_of_the_meaning_is_bound(world: World, values: list[Value]) -> None:
    """Type, tenant, table, row, column and version: one of them changed, and it stays shut."""
    ring, app = world.town.desk.ring, world.installation.engines.app
    for value in values:
        meaning = value.meaning
        others = (
            replace(meaning, type=f"{meaning.type}s"),
            replace(meaning, tenant_id=uuid.UUID(int=meaning.tenant_id.int ^ 1)),
            replace(meaning, table=f"{meaning.table}_2"),
            replace(meaning, row_id=uuid.UUID(int=_number(meaning.row_id) ^ 1)),
            replace(meaning, column="other_sealed"),
            replace(meaning, version=meaning.version + 1),
        )
        with unit_of_work(app, tenant_id=meaning.tenant_id, actor=SYSTEM) as work:
            for other in others:
                moved = replace(value, meaning=other)
                assert not moved.opens(ring, work, value.sealed), other


def _number(row_id: uuid.UUID | bytes) -> int:
    return row_id.int if isinstance(row_id, uuid.UUID) else int.from_bytes(row_id, "big")


@pytest.mark.attack(2)
def test_a_bit_more_or_less_does_not_open(world: World, values: list[Value]) -> None:
    ring, app = world.town.desk.ring, world.installation.engines.app
    for value in {value.name: value for value in values}.values():
        with unit_of_work(app, tenant_id=value.meaning.tenant_id, actor=SYSTEM) as work:
            for at in (0, 1, 8, 9, 20, 21, len(value.sealed) // 2, len(value.sealed) - 1):
                changed = bytearray(value.sealed)
                changed[at] ^= 1
                assert not value.opens(ring, work, bytes(changed)), (value, at)
            for cut in (value.sealed[:-1], value.sealed[1:], value.sealed + b"\0", b""):
                assert not value.opens(ring, work, cut), value


@pytest.mark.attack(4)
def test_an_older_value_of_the_same_row_does_not_open(world: World) -> None:
    """What was true yesterday, put back by somebody who can write to the database."""
    desk, person = world.town.desk, world.town.person("rolf", Role.AGENT, world.town.alices)
    old = _name_of(world, person.id)
    with desk.installation() as work:
        rename_user(desk.ring, work, user_id=person.id, name="Rolf the Second")
    new = _name_of(world, person.id)
    _put_name(world, person.id, old)
    page = world.alice_in.get(f"/people/{person.id}")
    assert page.status_code >= 400
    assert "Rolf" not in page.get_data(as_text=True)
    _put_name(world, person.id, new)
    assert "Rolf the Second" in world.alice_in.get(f"/people/{person.id}").get_data(as_text=True)


def _name_of(world: World, user_id: uuid.UUID) -> bytes:
    with world.installation.superuser().connect() as connection:
        found = connection.execute(
            text("SELECT name_sealed FROM users WHERE id = :id"), {"id": user_id}
        )
        return bytes(found.scalar_one())


def _put_name(world: World, user_id: uuid.UUID, sealed: bytes) -> None:
    with world.installation.superuser().begin() as connection:
        connection.execute(
            text("UPDATE users SET name_sealed = :sealed WHERE id = :id"),
            {"sealed": sealed, "id": user_id},
        )


@pytest.mark.attack(2)
@pytest.mark.parametrize(
    "theft",
    [
        # Alice's sealed call in a row of Charlie's own.
        "INSERT INTO calls SELECT '{charlie}', day, id, account_id, version, slot, NULL, NULL, "
        "NULL, sealed FROM calls WHERE tenant_id = '{alice}' LIMIT 1",
        # Her whole row, keys and all.
        "UPDATE calls SET tenant_id = '{charlie}' WHERE (day, id) = "
        "(SELECT day, id FROM calls WHERE tenant_id = '{alice}' LIMIT 1)",
    ],
)
def test_a_call_that_was_moved_to_charlie_is_not_shown(world: World, theft: str) -> None:
    """The database's administrator helps him: the wall is open, the seal is not."""
    names = {"alice": world.town.alices, "charlie": world.town.charlies}
    day = f"DELETE FROM calls WHERE tenant_id = '{world.town.charlies}' RETURNING id"
    with world.installation.superuser().begin() as connection:
        connection.execute(text(theft.format(**names)))
        stolen = connection.execute(
            text(f"SELECT id FROM calls WHERE tenant_id = '{world.town.charlies}'")
        ).scalar_one()
    _ingest_one_of_charlies(world)
    try:
        answers = [
            world.browser.client.get(f"/calls/{stolen}"),
            world.client.get(f"/api/v1/calls/{stolen}", headers=world.charlies_key),
        ]
        for answer in answers:
            assert answer.status_code >= 400
            assert "2025550" not in answer.get_data(as_text=True)
    finally:
        with world.installation.superuser().begin() as connection:
            connection.execute(text(day))


def _ingest_one_of_charlies(world: World) -> None:
    """So that his own key of that day exists: its absence alone would hide the row."""
    vault = world.town.desk.ring
    with world.town.desk.tenant(world.town.charlies) as work:
        vault.day_key(work, service="T", data="calls", day=work.today)


@pytest.mark.attack(7)
@pytest.mark.attack(8)
def test_after_a_rotation_everything_is_sealed_anew_and_opens(world: World) -> None:
    """Every registered column of the whole world, the installation's included."""
    ring, engines = world.town.desk.ring, world.installation.engines
    for tenant in (INSTALLATION_ID, world.town.alices):
        rotate_tenant(engines.keeper, world.town.desk.custody, tenant_id=tenant)
        assert reseal_tenant(engines.app, ring, tenant_id=tenant) > 0
        assert reseal_tenant(engines.app, ring, tenant_id=tenant) == 0
    with world.installation.superuser().connect() as connection:
        after = list(_under_tenant_keys(connection))
    for value in after:
        with unit_of_work(engines.app, tenant_id=value.meaning.tenant_id, actor=SYSTEM) as work:
            assert value.opens(ring, work, value.sealed), value
            if value.meaning.tenant_id != world.town.charlies:
                assert isinstance(value.key, Scope)
                newest = ring.scope_key(work, value.key).key_id
                assert sealing.key_id_of(value.sealed) == newest, value
