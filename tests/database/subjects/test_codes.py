"""A code cannot be guessed, raced or replayed; who decides answers for it with reasons."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from connector.subjects.registry import HOLDERS
from privacy.core.errors import Invalid
from privacy.identities.people import Person
from privacy.mails.models import Mail
from privacy.mails.sealed_mails import open_letter
from privacy.objections.find import list_objections
from privacy.profiles.parts import Objection
from privacy.subjects.answers import close_answered
from privacy.subjects.clerks import WrongState, get_request
from privacy.subjects.codes import MOST_CODES, TRIES, TooManyCodes, take_code
from privacy.subjects.decide import (
    TooLate,
    extend_request,
    extension_told,
    refuse_request,
    settle_extensions,
)
from privacy.subjects.limits import due_on
from privacy.subjects.verify import send_code, verify_by_agent, verify_by_code
from privacy.subjects.words import Ground, Method, RequestKind, RequestState
from tests.database.subjects.people import EMAIL, Rights
from tests.database.subjects.requests import mailed_code
from tests.tenancies import House

BY_MAIL = Person(email=EMAIL, name="Robin")


@pytest.fixture
def rights(house: House) -> Rights:
    return Rights(house, house.alice)


def _try(rights: Rights, request_id: uuid.UUID, code: str) -> bool:
    with rights.tenant.work() as work:
        return verify_by_code(work, rights.clerk(work), request_id=request_id, code=code)


def _code(rights: Rights) -> str:
    with rights.tenant.work() as work:
        return mailed_code(work, rights)


@pytest.mark.attack(25)
@pytest.mark.promise("C7")
def test_five_wrong_tries_end_a_code(rights: Rights) -> None:
    made = rights.ask(RequestKind.ERASURE, BY_MAIL)
    code = _code(rights)
    for _ in range(TRIES):
        assert not _try(rights, made.id, "22222-22222")
    assert not _try(rights, made.id, code), "tried too often, it is none any more"
    with rights.tenant.work() as work:
        send_code(work, rights.clerk(work), request_id=made.id)
    assert not _try(rights, made.id, code), "the one before ended"
    assert _try(rights, made.id, f" {_code(rights).lower()} ")


@pytest.mark.attack(24)
@pytest.mark.promise("C7")
def test_a_code_is_not_replayed_nor_used_for_another_request_nor_late(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = rights.ask(RequestKind.ACCESS, BY_MAIL)
    code = _code(rights)
    second = rights.ask(RequestKind.ERASURE, BY_MAIL)
    assert not _try(rights, second.id, code)
    assert _try(rights, first.id, code)
    with pytest.raises(WrongState):
        _try(rights, first.id, code)
    late = _code(rights)
    with rights.tenant.work() as work:
        row, vault = get_request(work, second.id, lock=True), rights.tenant.vault
        assert not take_code(work, vault, row, "result", late), "it is for something else"
        assert [take_code(work, vault, row, "identity", late) for _ in range(2)] == [True, False]
        send_code(work, rights.clerk(work), request_id=second.id)
    late = _code(rights)
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(hours=49))
    assert not _try(rights, second.id, late)


@pytest.mark.promise("C7")
def test_two_at_once_use_a_code_once(rights: Rights) -> None:
    made = rights.ask(RequestKind.ACCESS, BY_MAIL)
    code = _code(rights)

    def use(_: int) -> bool:
        try:
            return _try(rights, made.id, code)
        except WrongState:
            return False

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(use, range(8))) == 1
    assert rights.house.installation.count("subject_steps") == len(HOLDERS) + 1


def test_codes_are_not_sent_without_end(rights: Rights) -> None:
    made = rights.ask(RequestKind.ACCESS, BY_MAIL)
    with rights.tenant.work() as work:
        clerk = rights.clerk(work)
        for _ in range(MOST_CODES - 1):
            send_code(work, clerk, request_id=made.id)
        with pytest.raises(TooManyCodes):
            send_code(work, clerk, request_id=made.id)


@pytest.mark.promise("C7")
def test_an_agent_says_how_and_a_number_is_not_proven_by_vouching_for_a_code(
    rights: Rights,
) -> None:
    made = rights.ask(RequestKind.ACCESS, BY_MAIL)
    for method in (Method.CODE, Method.CALL_BACK):
        with rights.tenant.work() as work, pytest.raises(Invalid):
            verify_by_agent(work, rights.clerk(work), request_id=made.id, method=method)
    rights.prove(made.id, Method.DOCUMENTS)
    with rights.tenant.work() as work:
        row = get_request(work, made.id)
        assert (row.method, row.verified_at is not None) == ("documents", True)
        assert row.code_digest is None


def _letter(rights: Rights, kind: str) -> str:
    with rights.tenant.work() as work:
        rows = [row for row in work.session.query(Mail) if row.kind == kind]
        return open_letter(work, rights.tenant.vault, rows[-1]).body


@pytest.mark.promise("C4")
@pytest.mark.parametrize(
    ("country", "language", "authority"),
    [("FI", "fi", "Tietosuojavaltuutetun"), ("SE", "sv", "IMY"), ("DE", "de", "BfDI")],
)
def test_a_refusal_has_reasons_authority_and_remedy_and_closes_when_it_left(
    rights: Rights, country: str, language: str, authority: str
) -> None:
    made = rights.ask(RequestKind.ERASURE, BY_MAIL, country=country, language=language)
    with rights.tenant.work() as work, pytest.raises(Invalid):
        refuse_request(
            work, rights.clerk(work), request_id=made.id, ground=Ground.EXCESSIVE, reasons=" "
        )
    with rights.tenant.work() as work:
        refuse_request(
            work,
            rights.clerk(work),
            request_id=made.id,
            ground=Ground.EXCESSIVE,
            reasons="The same was asked and answered yesterday.",
        )
    body = _letter(rights, "subject_refused")
    assert "answered yesterday" in body
    assert authority in body
    assert "77" in body
    with rights.tenant.work() as work:
        assert close_answered(work) == 0
        work.session.query(Mail).update({"state": "sent"})
        assert close_answered(work) == 1
        assert get_request(work, made.id).state == RequestState.CLOSED


def test_a_limit_is_extended_once_when_its_notice_went_out_in_the_first_month(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, made, letter = (rights.ask(RequestKind.ACCESS, BY_MAIL) for _ in range(3))
    for one in (made, letter):
        with rights.tenant.work() as work:
            extend_request(work, rights.clerk(work), request_id=one.id, reasons="Many systems.")
            assert get_request(work, one.id).due_on == made.due_on, "nobody was told yet"
            assert settle_extensions(work) == 0
    assert "Many systems." in _letter(rights, "subject_extended")
    with rights.tenant.work() as work, pytest.raises(TooLate):
        extend_request(work, rights.clerk(work), request_id=made.id, reasons="Again.")
    with rights.tenant.work() as work:
        mail_id = get_request(work, made.id).extension_mail_id
        work.session.query(Mail).where(Mail.id == mail_id).update(
            {"state": "sent", "sent_at": work.now}
        )
        assert settle_extensions(work) == 1
        row = get_request(work, made.id)
        assert row.due_on == due_on(row.received_at.date(), "FI", extended=True)
        extension_told(work, request_id=letter.id)
        assert get_request(work, letter.id).due_on == row.due_on
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=40))
    with rights.tenant.work() as work, pytest.raises(TooLate):
        extend_request(work, rights.clerk(work), request_id=late.id, reasons="Late.")


def test_a_notice_that_left_too_late_extends_nothing(rights: Rights) -> None:
    made = rights.ask(RequestKind.ACCESS, BY_MAIL)
    with rights.tenant.work() as work:
        extend_request(work, rights.clerk(work), request_id=made.id, reasons="Many systems.")
        late = work.now + timedelta(days=60)
        work.session.query(Mail).update({"state": "sent", "sent_at": late})
        assert settle_extensions(work) == 0


@pytest.mark.promise("C6")
def test_an_objection_is_honoured_when_it_arrives(rights: Rights) -> None:
    made = rights.ask(RequestKind.OBJECTION, BY_MAIL, objections=(Objection.OPINION_POLLS,))
    with rights.tenant.work() as work:
        assert get_request(work, made.id).state == RequestState.DONE
        (entry,) = list_objections(work, rights.tenant.vault)
    assert entry.objection is Objection.OPINION_POLLS
