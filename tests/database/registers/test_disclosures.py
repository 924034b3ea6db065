"""Nothing is told without ground, reference, fields and recipient; what was told can be found."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from privacy.consents.purposes import ConsentPurpose
from privacy.core.errors import Invalid
from privacy.disclosures.find import list_disclosures, recipients_of, view_disclosure
from privacy.disclosures.holder import DisclosureHolder
from privacy.disclosures.record import (
    NotPreviewed,
    preview_publication,
    publish,
    record_disclosure,
    sweep_disclosures,
)
from privacy.disclosures.rules import NoConsent, NotGrounded
from privacy.disclosures.shapes import Disclosing
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.profiles.sharing import AuthorityReason, Ground
from privacy.subjects.holders import Subject
from privacy.subjects.words import Because
from tests.database.registers.people import ADDRESS, ROBIN, agree
from tests.tenancies import House

COURT = Disclosing(
    service="V",
    ground=Ground.COURT,
    person=ROBIN,
    recipient="Amtsgericht Example",
    reference="4 C 7/26",
    fields=("email", "address"),
)
WHOIS = Disclosing(
    service="V",
    ground=Ground.REGISTRY,
    person=ROBIN,
    recipient="Registry of example.test",
    reference="example.test",
    fields=("first_name", "email"),
    contact="whois@example.net",
    values={"first_name": "Robin", "email": ADDRESS},
)

pytestmark = pytest.mark.promise("E3")


REFUSED: list[tuple[Disclosing, type[Exception]]] = [
    (replace(COURT, reference=""), Invalid),
    (replace(COURT, recipient=""), Invalid),
    (replace(COURT, fields=()), Invalid),
    (replace(COURT, fields=("religion",)), Invalid),
    (replace(COURT, ground=Ground.AUTHORITY), NotGrounded),
    (replace(COURT, service="T"), NotGrounded),
    (replace(COURT, ground=Ground.AUTHORITY, service="C", fields=("email",)), Invalid),
    (replace(COURT, reason=AuthorityReason.FRAUD), Invalid),
    (replace(COURT, values={"email": ADDRESS}), Invalid),
    (replace(COURT, service="M", ground=Ground.CONSENT, fields=("email",)), Invalid),
    (WHOIS, NotPreviewed),
]


def test_what_has_no_ground_is_not_told(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        for said, refusal in REFUSED:
            with pytest.raises(refusal):
                record_disclosure(work, alice.vault, said)
    assert list(house.rows("SELECT 1 FROM disclosures")) == []


def test_a_partner_is_told_with_consent_only_while_it_stands(house: House) -> None:
    alice = house.alice
    said = replace(COURT, service="M", ground=Ground.CONSENT, fields=("contact_name",))
    with alice.work() as work, pytest.raises(NoConsent):
        record_disclosure(work, alice.vault, said)
    with alice.work() as work:
        agree(work, alice, service="M", purpose=ConsentPurpose.DISCLOSURE)
    with alice.work() as work:
        record_disclosure(work, alice.vault, said)
        assert len(recipients_of(work, alice.vault, ROBIN)) == 1


def test_what_a_registry_publishes_is_looked_at_first(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        made, digest = preview_publication(work, alice.vault, WHOIS)
        assert recipients_of(work, alice.vault, ROBIN) == [], "nobody was told yet"
    with alice.work() as work, pytest.raises(NotPreviewed):
        publish(work, disclosure_id=made, digest=bytes(32))
    with alice.work() as work:
        publish(work, disclosure_id=made, digest=digest)
        publish(work, disclosure_id=made, digest=digest)
        view, _ = view_disclosure(work, alice.vault, disclosure_id=made)
    assert view.made
    assert view.values == WHOIS.values
    with alice.work() as work, pytest.raises(Invalid):
        preview_publication(work, alice.vault, replace(WHOIS, values={"email": ADDRESS}))
    wide = replace(WHOIS, fields=("birth_date",), values={"birth_date": "1990-01-01"})
    with alice.work() as work, pytest.raises(Invalid):
        preview_publication(work, alice.vault, wide)


@pytest.mark.promise("C1")
def test_recipients_are_named_to_the_person_and_nobody_elses(house: House) -> None:
    alice, charlie = house.alice, house.charlie
    stranger = Person(email="ida@example.org")
    with alice.work() as work:
        record_disclosure(work, alice.vault, COURT)
        made, digest = preview_publication(work, alice.vault, WHOIS)
        publish(work, disclosure_id=made, digest=digest)
        record_disclosure(work, alice.vault, replace(COURT, person=stranger))
        by_mail = recipients_of(work, alice.vault, Person(email=ADDRESS))
        assert [one.name for one in by_mail] == [COURT.recipient, WHOIS.recipient]
        assert by_mail[1].contact == "whois@example.net"
        assert len(list_disclosures(work, alice.vault)) == 3
        assert len(list_disclosures(work, alice.vault, who=Identity.email(ADDRESS))) == 2
        held = list(DisclosureHolder().collect(work, alice.vault, Subject(ROBIN)))
        assert [one.fields["recipient"] for one in held] == [WHOIS.recipient, COURT.recipient]
        erased = DisclosureHolder().erase(work, alice.vault, Subject(ROBIN))
        assert (erased.removed, erased.retained, erased.because) == (0, 2, Because.ACCOUNTABILITY)
        assert erased.until is not None
    with charlie.work() as work:
        assert recipients_of(work, charlie.vault, ROBIN) == []


def test_entries_end_with_their_proof_and_previews_with_their_week(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        kept = record_disclosure(work, alice.vault, COURT)
        previewed, _ = preview_publication(work, alice.vault, WHOIS)
    with house.installation.superuser().begin() as connection:
        connection.execute(
            text("UPDATE disclosures SET ends_on = current_date WHERE id = :id"),
            {"id": previewed},
        )
    with alice.work() as work:
        assert sweep_disclosures(work) == 1
        view, _ = view_disclosure(work, alice.vault, disclosure_id=kept)
        assert view.ends_on > work.today + timedelta(days=3 * 365)
    stored = [bytes(str(row), "utf-8") for row in house.rows("SELECT * FROM disclosures")]
    assert not any(b"Amtsgericht" in row or b"robin" in row for row in stored)
