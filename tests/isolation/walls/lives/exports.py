"""An archive of everything that Alice has, which waits to be fetched."""

import uuid

from connector.exports.ask import ask_export
from connector.exports.make import Making, make_export
from privacy.core.db.work import SYSTEM
from tests.functional.console.town import Town


def ready_archive(town: Town) -> uuid.UUID:
    """Made as the job makes it; its parts lie sealed."""
    with town.desk.tenant(town.alices, SYSTEM) as work:
        export_id = ask_export(work, run=False)
    assert make_export(Making(town.desk, town.alices, SYSTEM, export_id, schema="0026_exports"))
    return export_id
