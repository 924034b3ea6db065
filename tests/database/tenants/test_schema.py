"""The migration and the models say the same."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from migrations.metadata import metadata
from tests.installations import Installation


def test_models_and_migration_agree(installation: Installation) -> None:
    ours = {
        table.name
        for table in metadata.tables.values()
        if any(m.class_.__module__.startswith("tenants.") for m in _mappers(table.name))
    }
    with installation.superuser().connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": lambda _, n, t, *__: t != "table" or n in ours}
        )
        assert compare_metadata(context, metadata) == []


def _mappers(table: str) -> list:  # type: ignore[type-arg]
    from privacy.core.db.base import Base

    return [m for m in Base.registry.mappers if m.local_table is metadata.tables[table]]
