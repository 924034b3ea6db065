"""What people ask for about their own data: requests, the proof that they show, and a hold."""

import uuid
from dataclasses import replace
from datetime import timedelta

from connector.subjects.registry import clerk_of
from privacy.holds.hold import begin_hold, end_hold
from privacy.holds.models import Holdable
from privacy.identities.people import Person
from privacy.ledger.signing import Signer, load_signer
from privacy.subjects.corrections import Correction
from privacy.subjects.decide import extend_request, refuse_request
from privacy.subjects.doubts import ask_for_proof, give_proof
from privacy.subjects.orders import reopen_by_order
from privacy.subjects.receive import Asked, receive_request
from privacy.subjects.restrict import announce_lifting
from privacy.subjects.run import run_request
from privacy.subjects.verify import verify_by_agent
from privacy.subjects.words import Ground, Method, RequestChannel, RequestKind
from tests.functional.console.town import Town

_RESTRICTION = Asked(
    kind=RequestKind.RESTRICTION,
    channel=RequestChannel.LETTER,
    person=Person(phone="+12025550101"),
    service="T",
    wish="Do not call me.",
)
_ACCESS = replace(
    _RESTRICTION, kind=RequestKind.ACCESS, person=Person(phone="+12025550100"), wish=""
)
_CORRECTION = Asked(
    kind=RequestKind.RECTIFICATION,
    channel=RequestChannel.LETTER,
    person=Person(phone="+12025550102"),
    service="V",
    correction=Correction(name="Robin Example"),
)


def signer_of(town: Town) -> Signer:
    """Whoever signs for this installation; made at the first look."""
    folder = town.house.installation.settings.keys_folder
    return load_signer(folder, wrap=bytes, unwrap=bytes, pinned=None)


def restricted_request(town: Town) -> uuid.UUID:
    """One person asked for a copy; another, whose request this is, to restrict their data."""
    _answered(town, _ACCESS)
    made = _answered(town, _RESTRICTION)
    with town.desk.tenant(town.alices) as work:
        clerk = clerk_of(work, town.desk.ring, sending=False)
        announce_lifting(work, clerk, request_id=made, reasons="It was corrected.")
    return made


def _answered(town: Town, asked: Asked) -> uuid.UUID:
    with town.desk.tenant(town.alices) as work:
        clerk = clerk_of(work, town.desk.ring, sending=False)
        made = receive_request(work, clerk, asked).id
        extend_request(work, clerk, request_id=made, reasons="Many systems.")
        verify_by_agent(work, clerk, request_id=made, method=Method.CALL_BACK)
    run_request(lambda: town.desk.tenant(town.alices), clerk, signer_of(town), request_id=made)
    return made


def shown_proof(town: Town) -> uuid.UUID:
    """Somebody else is doubted, refused, helped by an authority, and shows a document."""
    with town.desk.tenant(town.alices) as work:
        clerk = clerk_of(work, town.desk.ring, sending=False)
        made = receive_request(work, clerk, _CORRECTION).id
        ask_for_proof(work, clerk, request_id=made, reasons="Is it you?")
        ground = Ground.NOT_IDENTIFIED
        refuse_request(work, clerk, request_id=made, ground=ground, reasons="Nobody knows.")
        due = work.today + timedelta(days=14)
        reopen_by_order(work, clerk, request_id=made, due=due, order="Order 1")
        return give_proof(work, clerk, request_id=made, content=b"%PDF-1.7 Robin")


def ended_hold(town: Town, contact_id: uuid.UUID) -> uuid.UUID:
    """A contact of Alice's was held for a while."""
    relation = Holdable.CONTACTS
    with town.desk.tenant(town.alices) as work:
        made = begin_hold(
            work, town.desk.ring, relation=relation, row_id=contact_id, reason="Case 17"
        )
        end_hold(work, hold_id=made)
    return made
