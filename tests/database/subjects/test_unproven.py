"""Who never proves who they are is answered by itself, in time, and told so beforehand."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from connector.subjects.bundles import front_clerk
from connector.subjects.unproven import end_unproven_requests
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM
from privacy.identities.people import Person
from privacy.mails.kinds import MailKind
from privacy.mails.models import Mail
from privacy.mails.sealed_mails import open_letter
from privacy.subjects.doubts import ask_for_proof, give_proof
from privacy.subjects.orders import reopen_by_order
from privacy.subjects.receive import Asked, receive_request
from privacy.subjects.views import RequestView, view_request
from privacy.subjects.words import Ground, RequestChannel, RequestKind, RequestState
from tests.database.subjects.people import EMAIL, NUMBER, Rights, desk_of
from tests.tenancies import House

BY_MAIL, BY_PHONE = Person(email=EMAIL, name="Robin"), Person(phone=NUMBER)
pytestmark = pytest.mark.promise("C7")


@pytest.fixture
def rights(house: House) -> Rights:
    return Rights(house, house.alice)


def _later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=days))


def _end(rights: Rights, tenant_id: uuid.UUID | None = None, *, sending: bool = True) -> object:
    which = tenant_id or rights.tenant.id
    return end_unproven_requests(
        desk_of(rights.house), actor=SYSTEM, tenant_id=which, sending=sending
    )


def _view(rights: Rights, request_id: uuid.UUID) -> RequestView:
    with rights.tenant.work() as work:
        return view_request(work, rights.tenant.vault, request_id=request_id)


def _letter(rights: Rights, kind: MailKind) -> str:
    with rights.tenant.work() as work:
        mail = work.session.query(Mail).filter(Mail.kind == kind.value).one()
        return open_letter(work, rights.tenant.vault, mail).body


def test_it_ends_with_an_answer_after_the_time_that_the_receipt_told(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rights.ask(RequestKind.ACCESS, BY_MAIL, language="sv")
    view = _view(rights, made.id)
    assert view.proof_until == made.proof_until
    assert made.proof_until <= made.due_on, "the answer is in time"
    assert f"senast {made.proof_until}" in _letter(rights, MailKind.SUBJECT_RECEIVED)
    _later(monkeypatch, 28)
    assert _end(rights) == {"unproven": 1, "unidentified": 0}
    _later(monkeypatch, 29)
    assert _end(rights, sending=False) == {"unproven": 1, "unidentified": 0}, "no code went out"
    assert _end(rights) == {"unproven": 0, "unidentified": 1}
    assert _end(rights) == {"unproven": 0, "unidentified": 1}
    ended = _view(rights, made.id)
    assert (ended.state, ended.ground) == (RequestState.REFUSED, Ground.NOT_IDENTIFIED)
    assert (ended.due_on, ended.proof_until) == (made.due_on, None)
    letter = _letter(rights, MailKind.SUBJECT_REFUSED)
    assert "artikel 11.2" in letter
    assert "Integritetsskydd" in letter or "ombudsman" in letter.lower(), "the authority (C4)"
    said = rights.house.rows(
        "SELECT facts FROM ledger_events WHERE event = 'rights:request:lapsed'"
    )
    assert list(said) == [({"until": made.proof_until.isoformat()},)]


def test_it_does_not_end_while_it_is_our_turn(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = rights.ask(RequestKind.ACCESS, BY_PHONE)
    looked_at = rights.ask(RequestKind.ERASURE, BY_MAIL, service="V")
    with rights.tenant.work() as work:
        clerk = rights.clerk(work)
        give_proof(work, clerk, request_id=looked_at.id, content=b"%PDF-1.7 passport")
    _later(monkeypatch, 45)
    assert _end(rights) == {"unproven": 2, "unidentified": 0}
    with rights.tenant.work() as work:
        reasons = "Nobody answers at this number."
        ask_for_proof(work, rights.clerk(work), request_id=called.id, reasons=reasons)
    assert _view(rights, called.id).proof_until == _today(rights) + timedelta(days=28)
    _later(monkeypatch, 45 + 29)
    assert _end(rights) == {"unproven": 1, "unidentified": 1}
    assert _view(rights, called.id).state is RequestState.REFUSED
    with rights.tenant.work() as work:
        due = work.today + timedelta(days=9)
        reopen_by_order(
            work, rights.clerk(work), request_id=called.id, due=due, order="Ombudsman, 17/2026"
        )
    _later(monkeypatch, 45 + 60)
    assert _end(rights) == {"unproven": 2, "unidentified": 0}, "the authority decided otherwise"


def test_a_letter_that_was_entered_late_leaves_time(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rights.tenant.work() as work:
        long_ago = work.now - timedelta(days=29)
    made = rights.ask(RequestKind.ACCESS, BY_MAIL, received_at=long_ago)
    assert made.proof_until == _today(rights) + timedelta(days=7)
    assert made.due_on < made.proof_until, "what is late stays late"
    _later(monkeypatch, 8)
    assert _end(rights) == {"unproven": 0, "unidentified": 1}


def test_a_request_to_all_of_them_ends_too(rights: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_of(rights.house)
    with desk.installation() as work:
        clerk = front_clerk(work, desk.ring, service=None, sending=False, names={})
        asked = Asked(
            kind=RequestKind.ACCESS,
            channel=RequestChannel.FORM,
            person=BY_MAIL,
            service="T",
            every_service=True,
        )
        receive_request(work, clerk, asked)
    _later(monkeypatch, 29)
    assert _end(rights, INSTALLATION_ID) == {"unproven": 0, "unidentified": 1}
    statement = text("SELECT count(*) FROM mails WHERE kind = 'subject_refused'")
    with rights.house.installation.superuser().connect() as connection:
        assert connection.execute(statement).scalar_one() == 1


def _today(rights: Rights) -> date:
    with rights.tenant.work() as work:
        return work.today
