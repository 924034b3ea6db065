"""Migrations and models say the same, down to the names of indexes."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from migrations.metadata import metadata
from tests.servers import Servers

_PARTITIONS = text("SELECT relname FROM pg_class WHERE relispartition")


def test_the_migrated_schema_is_the_models(servers: Servers, migrated: str) -> None:
    engine = create_engine(servers.url("silta_owner", migrated), poolclass=NullPool)
    with engine.connect() as connection:
        partitions = set(connection.execute(_PARTITIONS).scalars())
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, kind, _: kind != "table" or name not in partitions,
            },
        )
        found = compare_metadata(context, metadata)
    # Comments are the catalogue's own: they say why a table has no tenant.
    assert [one for one in found if not str(one[0]).endswith("_table_comment")] == []


def test_every_constraint_has_the_models_name(servers: Servers, migrated: str) -> None:
    """Autogenerate leaves out primary keys' and checks' names, which errors are told by."""
    engine = create_engine(servers.admin_url(migrated), poolclass=NullPool)
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT r.relname, c.conname FROM pg_constraint c JOIN pg_class r "
                "ON r.oid = c.conrelid WHERE c.contype IN ('p', 'u', 'f', 'c') "
                "AND r.relnamespace = 'public'::regnamespace AND NOT r.relispartition "
                "AND r.relname <> 'alembic_version'"
            )
        )
        real = {(row[0], row[1]) for row in found}
    modelled = {
        (table.name, str(constraint.name))
        for table in metadata.sorted_tables
        for constraint in table.constraints
    }
    assert real ^ modelled == set()
