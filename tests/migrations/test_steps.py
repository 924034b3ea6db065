"""Each revision goes up, down and up again, with data in the database all the while."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from migrations.run import current, head, migrate
from privacy.retention.partitions import ensure_partitions
from tests.migrations.revisions import REVISIONS
from tests.migrations.schemas import Content, Schema, alike, content_of, schema_of
from tests.rows import RowMaker, tables_of
from tests.servers import Servers

TENANT = uuid.UUID("0198c0de-0000-7000-8000-00000000a11c")


class Ladder:
    """One database that climbs and descends, and what it was like on each rung."""

    def __init__(self, servers: Servers, name: str) -> None:
        self.owner = _engine(servers.url("silta_owner", name))
        self.superuser = _engine(servers.admin_url(name))

    def go(self, revision: str) -> None:
        """Up or down to `revision`."""
        migrate(self.owner, revision=revision)

    def schema(self) -> Schema:
        with self.superuser.connect() as connection:
            return schema_of(connection)

    def content(self, tables: list[str]) -> Content:
        with self.superuser.connect() as connection:
            return content_of(connection, tables)

    def tables(self) -> list[str]:
        with self.superuser.connect() as connection:
            return tables_of(connection)

    def fill(self) -> list[str]:
        """At least one row in every table that there is."""
        ensure_partitions(self.owner, keep_days=1)
        with self.superuser.begin() as connection:
            filled = RowMaker(connection, TENANT).fill()
        content = self.content(filled)
        assert [table for table, rows in content.items() if not rows] == []
        return filled


@pytest.fixture
def ladder(servers: Servers) -> Iterator[Ladder]:
    name = servers.create_database()
    yield Ladder(servers, name)
    servers.drop_database(name)


def _engine(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def test_every_step_can_be_taken_back_and_again(ladder: Ladder) -> None:
    """What a step made, its way back takes away, all of it and nothing else."""
    for before, revision in zip(("base", *REVISIONS), REVISIONS, strict=False):
        below = ladder.schema()
        ladder.go(revision)
        above = ladder.schema()
        assert above != below, revision
        ladder.go(before)
        assert ladder.schema() == below, f"{revision} leaves something behind"
        ladder.go(revision)
        assert ladder.schema() == above, f"{revision} is not the same the second time"
    assert current(ladder.owner) == head()


def test_rows_survive_every_step(ladder: Ladder) -> None:
    """Up: rows of all earlier tables stay. Down: a step takes its own and no other."""
    kept: dict[str, Content] = {"base": {}}
    for revision in REVISIONS:
        before = ladder.content(ladder.tables())
        ladder.go(revision)
        assert alike(ladder.content(list(before)), before), revision
        kept[revision] = ladder.content(ladder.fill())
    _descend(ladder, kept)


def _descend(ladder: Ladder, kept: dict[str, Content]) -> None:
    whole = kept[REVISIONS[-1]]
    for revision in reversed(("base", *REVISIONS[:-1])):
        ladder.go(revision)
        standing = [table for table in ladder.tables() if table in whole]
        assert set(standing) == set(kept[revision]), revision
        assert alike(ladder.content(standing), {table: whole[table] for table in standing}), (
            revision
        )


def test_a_filled_database_climbs_at_once(ladder: Ladder) -> None:
    """From the first revision to the newest, as an operator who was long away would."""
    ladder.go(REVISIONS[0])
    rows = ladder.content(ladder.fill())
    ladder.go("head")
    assert alike(ladder.content(list(rows)), rows)
