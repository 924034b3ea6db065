"""Bring a database to a revision. Called by `silta migrate`, `silta dev` and the tests."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

_HERE = Path(__file__).parent


def configuration() -> Config:
    """Alembic's configuration, without a file: the settings are the service's own."""
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    return config


def migrate(engine: Engine, *, revision: str = "head") -> None:
    """Upgrade (or, for an older revision, downgrade) the database behind `engine` (the owner)."""
    config = configuration()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        current = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
        step = command.downgrade if _is_older(config, revision, current) else command.upgrade
        step(config, revision)


@cache
def head() -> str | None:
    """The newest revision that this code knows. Its scripts are read once for each process."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def known_revisions() -> frozenset[str]:
    """Every revision that this code can go on from."""
    scripts = ScriptDirectory.from_config(configuration()).walk_revisions()
    return frozenset(script.revision for script in scripts)


def current(engine: Engine) -> str | None:
    """The revision that the database stands at."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _is_older(config: Config, revision: str, current: str | None) -> bool:
    if current is None or revision == "head":
        return False
    if revision == "base":
        return True
    known = [s.revision for s in ScriptDirectory.from_config(config).walk_revisions(head="heads")]
    return known.index(revision) > known.index(current)
