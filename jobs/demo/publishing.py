"""The demo's privacy notices: published, and one of them stricter than its service's."""

import uuid

from connector.notices.derive import derive_profile
from connector.notices.publish import publish_notices, rules_of
from jobs.demo.memory import DemoMemory
from jobs.installation import Installation
from privacy.acceptances.decide import decide_policy
from privacy.acceptances.pending import pending_decisions
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, UnitOfWork
from privacy.profiles.changes import Changes

_STRICTER = Changes(users_hours=12)
"""Netversor tells its users of a loss within 24 hours; the demo's organisation within 12."""


def publish_demo(installation: Installation, memory: DemoMemory) -> None:
    """Publish what is not published yet; the same again changes nothing."""
    vault = installation.vault
    with installation.desk.tenant(INSTALLATION_ID, SYSTEM) as work:
        publish_notices(work, vault)
    with installation.desk.tenant(uuid.UUID(memory.tenant_id), SYSTEM) as work:
        first = publish_notices(work, vault)
        if first["V"].new and first["V"].number == 1:
            derive_profile(work, vault, service="V", changes=_STRICTER)
            _accept(work)


def _accept(work: UnitOfWork) -> None:
    """So that the owner's first page is the overview, and not a question about each service."""
    for notice in pending_decisions(work, rules_of(work)):
        decide_policy(work, service=notice.service, number=notice.number, decision="accepted")
