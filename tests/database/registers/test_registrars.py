"""A domain owner's document goes to a registrar with an entry first, who is told later."""

import uuid

import pytest
from sqlalchemy import select, text

from connector.registrations.documents import hand_to_registrar, take_document
from connector.registrations.models import Registrant
from connector.subjects.recipients import DISCLOSURE, names_of
from privacy.core.errors import Invalid, NotFound
from privacy.disclosures.find import list_disclosures
from privacy.disclosures.rules import NotGrounded
from privacy.profiles.parts import DocumentUse
from privacy.profiles.sharing import Ground
from privacy.subjects.views import view_request
from privacy.subjects.words import Phase, RequestKind, RequestState
from tests.database.subjects.corners import fill_every_corner
from tests.database.subjects.people import Rights, fill_every_room
from tests.tenancies import House

SCAN = b"\x89PNG\r\n\x1a\n passport"
REGISTRAR = {"recipient": "Registrar Example AG", "reference": "example.test"}


@pytest.fixture
def rights(house: House) -> Rights:
    made = Rights(house, house.alice)
    fill_every_room(house.alice)
    return made


def _give(rights: Rights, use: DocumentUse) -> tuple[uuid.UUID, uuid.UUID]:
    with rights.tenant.work() as work:
        owner = work.session.scalars(select(Registrant.id)).one()
        vault = rights.tenant.vault
        made = take_document(work, vault, registrant_id=owner, use=use, content=SCAN)
    return owner, made


@pytest.mark.promise("E3")
@pytest.mark.promise("A14")
def test_a_document_goes_to_the_registrar_with_an_entry_of_it(rights: Rights) -> None:
    owner, made = _give(rights, DocumentUse.DOMAIN_TRANSFER)
    _, doubtful = _give(rights, DocumentUse.DOUBTFUL_REGISTRANT)
    vault = rights.tenant.vault
    refused = (
        (doubtful, REGISTRAR, Invalid),
        (uuid.uuid4(), REGISTRAR, NotFound),
        (made, REGISTRAR | {"recipient": ""}, Invalid),
    )
    for document, told, refusal in refused:
        with rights.tenant.work() as work, pytest.raises(refusal):
            hand_to_registrar(work, vault, registrant_id=owner, document_id=document, **told)
    with rights.tenant.work() as work:
        work.connection.execute(text("UPDATE registrants SET service = 'C'"))
        with pytest.raises(NotGrounded):
            hand_to_registrar(work, vault, registrant_id=owner, document_id=made, **REGISTRAR)
        work.session.rollback()
    with rights.tenant.work() as work:
        assert list_disclosures(work, vault) == []
        hand_to_registrar(work, vault, registrant_id=owner, document_id=made, **REGISTRAR)
        (entry,) = list_disclosures(work, vault)
    assert (entry.ground, entry.fields) == (Ground.REGISTRY, ("identity_document",))
    assert entry.recipient == "Registrar Example AG"
    assert entry.made


@pytest.mark.promise("E3")
@pytest.mark.promise("C3")
def test_whom_something_was_disclosed_to_is_told_and_an_inquiring_court_is_not(
    rights: Rights,
) -> None:
    fill_every_corner(rights.tenant)
    owner, made = _give(rights, DocumentUse.DOMAIN_TRANSFER)
    vault = rights.tenant.vault
    told = REGISTRAR | {"contact": "privacy@registrar.example"}
    for _ in range(2):
        with rights.tenant.work() as work:
            hand_to_registrar(work, vault, registrant_id=owner, document_id=made, **told)
    asked = rights.ask(RequestKind.ERASURE)
    rights.prove(asked.id)
    with rights.tenant.work() as work:
        view = view_request(work, vault, request_id=asked.id)
        steps = [step.holder for step in view.steps if step.phase is Phase.NOTIFY]
        ours = [one for one in steps if one.startswith(DISCLOSURE)]
        names = names_of(work, vault, ours)
    assert [names[one] for one in ours] == ["Registrar Example AG, privacy@registrar.example"]
    rights.run(asked.id)
    assert rights.tell(asked.id) == len(steps)
    rights.run(asked.id)
    with rights.tenant.work() as work:
        assert view_request(work, vault, request_id=asked.id).state is RequestState.DONE
        assert names_of(work, vault, ours) == names, "the entry outlives the erasure"
