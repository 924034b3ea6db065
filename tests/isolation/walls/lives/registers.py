"""What stands in Alice's registers, and one advisory of the installation's."""

import uuid
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import text

from connector.notices.publish import publish_notices
from privacy.breaches.decide import assess_breach
from privacy.breaches.record import record_breach
from privacy.breaches.shapes import Discovered, Risk, What
from privacy.checks.advisories import import_report
from privacy.checks.reports import Reported
from privacy.confirmations.ask import Said, ask_confirmation
from privacy.core.db.work import UnitOfWork
from privacy.disclosures.record import record_disclosure
from privacy.disclosures.shapes import Disclosing
from privacy.identities.people import Person
from privacy.processors.announce import announce_processor
from privacy.processors.shapes import Announcing
from privacy.profiles.sharing import Ground, Transfer
from privacy.vault.keyring import Keyring
from tenants.api_keys.create import CreatedKey
from tests.functional.console.town import Town
from tests.isolation.walls.lives.programs import header_of


def fill_registers(town: Town) -> dict[str, uuid.UUID]:
    """Alice told a court something, lost something, announced a processor, forgot a contact."""
    ring = town.desk.ring
    with town.desk.tenant(town.alices) as work:
        breach_id = _breach(work, ring)
        processor_id = _processor(work)
        _stale_contact(work)
        return {
            "disclosure_id": _disclosure(work, ring),
            "breach_id": breach_id,
            "processor_id": processor_id,
        }


def _disclosure(work: UnitOfWork, ring: Keyring) -> uuid.UUID:
    told = Disclosing(
        service="V",
        ground=Ground.COURT,
        person=Person(email="ida@example.org", name="Ida Example"),
        recipient="Amtsgericht Example",
        reference="4 C 7/26",
        fields=("email",),
    )
    return record_disclosure(work, ring, told)


def _breach(work: UnitOfWork, ring: Keyring) -> uuid.UUID:
    lost = Discovered(service="V", what=What(nature="A laptop was stolen."), discovered_at=work.now)
    breach_id = record_breach(work, ring, lost)
    assess_breach(work, ring, breach_id=breach_id, risk=Risk.RISK, reasons="Disk sealed.")
    return breach_id


def _processor(work: UnitOfWork) -> uuid.UUID:
    coming = Announcing(
        service="V",
        name="Rechenzentrum Example",
        role="Hosting",
        country="DE",
        transfer=Transfer.EU_EEA,
        fields=("email",),
        statement_url="https://example.com/privacy",
        agreement_url="https://example.com/dpa",
        effective_on=work.today + timedelta(days=30),
    )
    return announce_processor(work, coming)


def _stale_contact(work: UnitOfWork) -> None:
    work.connection.execute(
        text(
            "INSERT INTO stale_findings (tenant_id, id, contact_id, rule, found_at) "
            "SELECT tenant_id, gen_random_uuid(), id, 'idle', now() FROM contacts "
            "WHERE tenant_id = :alice AND account_id IS NULL LIMIT 1"
        ),
        {"alice": work.tenant_id},
    )


def report_advisory(town: Town) -> None:
    """The installation's, which is none of Charlie's."""
    with town.desk.installation() as work:
        one = Reported("CVE-2026-1", "openssl", "3.0.14", "3.0.15", True)
        import_report(work, source="debian", reported=[one])


def agree_and_object(
    town: Town, client: FlaskClient, key: CreatedKey
) -> tuple[uuid.UUID, uuid.UUID]:
    """Somebody agrees to something and objects to something else: the ids of both."""
    who = {"email": "robin@example.com", "number": "+12025550143", "channel": "form"}
    words = {"wording": "Yes, send me mail.", "language": "en", "version": "1"}
    wish = {"purpose": "direct_marketing", "evidence": "entry 12"}
    said = {"objections": ["telemarketing"]}
    made = [
        client.post(f"/api/v1/{path}", json=who | more, headers=header_of(key)).json
        for path, more in (("consents", words | wish), ("objections", said))
    ]
    assert made[0] is not None
    assert made[1] is not None
    with town.desk.tenant(town.alices) as work:
        half = Said("objection", "T", "en", ["telemarketing"], Person(email="robin@example.com"))
        ask_confirmation(work, town.desk.ring, half, tenant="Alice", sending=False)
        publish_notices(work, town.desk.ring)
    return uuid.UUID(made[0]["id"]), uuid.UUID(made[1]["ids"][0])
