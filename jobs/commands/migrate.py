"""`silta migrate`: schema, partitions, key ring; everything that a new version needs."""

import click

from jobs.commands.output import answer, as_json
from jobs.commands.setting_up import set_up
from jobs.installation import open_installation
from migrations.run import head


@click.command()
@as_json
def migrate(as_json: bool) -> None:
    """Bring database and key ring up to this version. Harmless when repeated."""
    installation = open_installation()
    founded = set_up(installation)
    lines = [f"The database stands at {head()}."]
    lines += ["A key ring was founded."] if founded else []
    answer({"revision": head(), "founded": founded}, *lines, as_json=as_json)
