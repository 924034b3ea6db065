"""What taking calls in asks in any case, so that an edge can ask it ahead."""

import uuid
from typing import Any

from connector.events_out.find import wanting
from connector.events_out.kinds import EventKind
from privacy.core.db.questions import Question
from privacy.vault.ring_versions import VERSION
from tenants.tenants.keeping import days_chosen_by


def ingest_questions(tenant_id: uuid.UUID) -> tuple[Question[Any], ...]:
    """How long calls are kept, whether known keys still hold, and who wants to hear of calls."""
    return days_chosen_by(tenant_id), VERSION, wanting(tenant_id, EventKind.CALL_RECEIVED)
