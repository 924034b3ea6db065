"""`silta migrate`: schema, partitions, key ring; everything that a new version needs."""

from typing import Final

import click

from jobs.commands.output import answer, as_json
from jobs.commands.setting_up import set_up
from jobs.installation import open_installation
from migrations.run import current, head

_LOOK: Final = (
    "Parts of the security configuration that are of the database differ now, as after every "
    "migration: look at them, then `silta checks configuration --accept`."
)


@click.command()
@as_json
def migrate(as_json: bool) -> None:
    """Bring database and key ring up to this version. Harmless when repeated."""
    installation = open_installation()
    before = current(installation.engines.owner)
    founded = set_up(installation)
    lines = [f"The database stands at {head()}."]
    lines += ["A key ring was founded."] if founded else []
    lines += [_LOOK] if before not in (None, head()) else []
    answer({"revision": head(), "founded": founded}, *lines, as_json=as_json)
