"""The chain of revisions, oldest first."""

from alembic.script import ScriptDirectory

from migrations.run import configuration

SCRIPTS = ScriptDirectory.from_config(configuration())
REVISIONS: tuple[str, ...] = tuple(
    script.revision for script in reversed(list(SCRIPTS.walk_revisions()))
)
