"""Each request ends by proof, by an answer that was given, or by a lapse that is told; no limit
is lost on the way there."""

import uuid
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import text

from connector.subjects.due import tell_due
from connector.subjects.unproven import end_unproven_requests
from privacy.core.db.work import SYSTEM
from privacy.core.watch import halt_clock
from privacy.identities.people import Person
from privacy.promises.outcomes import Outcome
from privacy.promises.people import PROBES
from privacy.promises.probes import TenantProbe
from privacy.subjects.answers import close_by_agent
from privacy.subjects.clerks import WrongState
from privacy.subjects.clocks import overdue
from privacy.subjects.doubts import ask_for_proof, give_proof
from privacy.subjects.forwarding import Forwarded, accept_forwarded, forward_here
from privacy.subjects.lapse import end_unproven
from privacy.subjects.orders import reopen_by_order
from privacy.subjects.receive import Asked
from privacy.subjects.verify import verify_by_code, verify_by_telephone
from privacy.subjects.views import RequestView, list_open, view_request
from privacy.subjects.words import Ground, Method, RequestChannel, RequestKind, RequestState
from tests.database.subjects.people import EMAIL, NUMBER, Rights, desk_of
from tests.tenancies import House

BY_MAIL, BY_PHONE = Person(email=EMAIL), Person(phone=NUMBER)
pytestmark = [pytest.mark.promise("C7"), pytest.mark.attack(68)]


@pytest.fixture
def rights(house: House) -> Rights:
    return Rights(house, house.alice)


class Calendar:
    """Moves the clock."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch

    def at(self, days: int) -> None:
        """That many days from today."""
        self.patch.setattr("privacy.core.clock._offset", timedelta(days=days))


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    return Calendar(monkeypatch)


def _end(rights: Rights, *, sending: bool = True) -> dict[str, int]:
    desk, tenant = desk_of(rights.house), rights.tenant.id
    return end_unproven_requests(desk, actor=SYSTEM, tenant_id=tenant, sending=sending)


def _view(rights: Rights, request_id: uuid.UUID) -> RequestView:
    with rights.tenant.work() as work:
        return view_request(work, rights.tenant.vault, request_id=request_id)


def _late(rights: Rights) -> list[uuid.UUID]:
    with rights.tenant.work() as work:
        return [row.id for row in overdue(work)]


def _doubt(rights: Rights, request_id: uuid.UUID) -> None:
    with rights.tenant.work() as work:
        ask_for_proof(work, rights.clerk(work), request_id=request_id, reasons="Another name.")


def test_a_number_that_nobody_called_is_late_and_ends_with_a_notice_that_says_so(
    rights: Rights, calendar: Calendar
) -> None:
    made = rights.ask(RequestKind.ACCESS, BY_PHONE, language="de")
    calendar.at(34)
    assert _late(rights) == [made.id], "it was ours to call"
    calendar.at(58)
    assert _end(rights)["unproven"] == 1
    assert _view(rights, made.id).proof_until == made.due_on + timedelta(days=28)
    calendar.at(64)
    assert _end(rights) == {"unproven": 0, "unidentified": 1}
    ended = _view(rights, made.id)
    assert (ended.state, ended.ground) == (RequestState.REFUSED, Ground.NOT_IDENTIFIED)
    assert "das war unsere sache" in ended.answer.lower()
    assert "Bundesbeauftragte" in ended.answer or "Ombuds" in ended.answer, "the authority (C4)"
    assert ended.due_on == made.due_on
    assert _late(rights) == [made.id], "until somebody gave the notice"
    said = rights.house.rows(
        "SELECT facts -> 'called' FROM ledger_events WHERE event = 'rights:request:lapsed'"
    )
    assert list(said) == [(False,)]
    with rights.tenant.work() as work:
        close_by_agent(work, request_id=made.id)
    assert _late(rights) == []


def test_a_clock_that_leapt_ends_nothing(rights: Rights, calendar: Calendar) -> None:
    rights.ask(RequestKind.ACCESS, BY_MAIL)
    calendar.at(29)
    try:
        with rights.tenant.work() as work:
            halt_clock(work.connection)
        assert _end(rights) == {"unproven": 1, "unidentified": 0}
    finally:
        with rights.house.installation.superuser().begin() as connection:
            connection.execute(text("DELETE FROM clock_watch"))
    assert _end(rights) == {"unproven": 0, "unidentified": 1}


@pytest.mark.promise("C4")
def test_an_answer_that_nobody_gave_is_late_and_on_the_list(
    rights: Rights, calendar: Calendar
) -> None:
    made = rights.ask(RequestKind.ERASURE, BY_PHONE)
    rights.prove(made.id, Method.CALL_BACK)
    rights.run(made.id)
    assert _view(rights, made.id).state is RequestState.DONE
    calendar.at(34)
    with rights.tenant.work() as work:
        assert [one.id for one in list_open(work, rights.tenant.vault)] == [made.id]
        assert tell_due(work) == 1
    assert _late(rights) == [made.id]
    assert _view(rights, made.id).overdue
    (probe,) = (one for one in PROBES if one.name == "erasure_in_time")
    with rights.tenant.work() as work:
        assert isinstance(probe, TenantProbe)
        assert probe.look(work, cast(Any, None)).outcome is Outcome.BROKEN
    with rights.tenant.work() as work:
        close_by_agent(work, request_id=made.id)
        assert list_open(work, rights.tenant.vault) == []
    assert _late(rights) == []


def test_the_clock_runs_while_a_document_waits_for_us(rights: Rights, calendar: Calendar) -> None:
    made = rights.ask(RequestKind.ACCESS, BY_MAIL, service="V")
    calendar.at(5)
    _doubt(rights, made.id)
    calendar.at(20)
    assert _view(rights, made.id).paused
    with rights.tenant.work() as work:
        give_proof(work, rights.clerk(work), request_id=made.id, content=b"%PDF-1.7 passport")
    given = _view(rights, made.id)
    assert not given.paused
    assert 15 <= (given.due_on - made.due_on).days <= 19, "by the days without it"
    calendar.at(60)
    assert _end(rights)["unproven"] == 1, "it is our turn"
    assert _late(rights) == [made.id], "and we are late"
    rights.prove(made.id, Method.DOCUMENTS)
    assert _view(rights, made.id).due_on == given.due_on, "our own delay moves nothing"


@pytest.mark.promise("C5")
def test_an_authoritys_day_stands_whatever_is_doubted(rights: Rights, calendar: Calendar) -> None:
    made = rights.ask(RequestKind.ACCESS, BY_MAIL)
    calendar.at(29)
    _end(rights)
    with rights.tenant.work() as work:
        due, clerk = work.today + timedelta(days=9), rights.clerk(work)
        reopen_by_order(work, clerk, request_id=made.id, due=due, order="Ombudsman 17/2026")
    _doubt(rights, made.id)
    calendar.at(45)
    assert _late(rights) == [made.id]
    rights.prove(made.id)
    assert _view(rights, made.id).due_on == due


@pytest.mark.promise("A1")
def test_who_was_identified_by_the_operator_is_not_told_otherwise(
    rights: Rights, calendar: Calendar
) -> None:
    asked = Asked(
        kind=RequestKind.ACCESS,
        channel=RequestChannel.FORM,
        person=BY_PHONE,
        service="T",
        bundle_id=uuid.uuid4(),
    )
    forwarded = Forwarded(asked, ("phone",), "R-2222-3333", Method.CALL_BACK)
    with rights.tenant.work() as work:
        forward_here(work, rights.clerk(work), forwarded)
        (made,) = list_open(work, rights.tenant.vault)
    calendar.at(70)
    assert _end(rights) == {"unproven": 1, "unidentified": 0}
    assert _late(rights) == [made.id]
    with rights.tenant.work() as work:
        accept_forwarded(work, rights.clerk(work), request_id=made.id)
    assert _view(rights, made.id).method is Method.CALL_BACK


def test_a_doubt_ends_where_no_mail_leaves_too(rights: Rights, calendar: Calendar) -> None:
    made = rights.ask(RequestKind.ACCESS, BY_MAIL)
    _doubt(rights, made.id)
    calendar.at(29)
    assert _end(rights, sending=False) == {"unproven": 0, "unidentified": 1}


@pytest.mark.attack(44)
def test_a_lapse_and_a_code_at_once_are_one_of_both(rights: Rights, calendar: Calendar) -> None:
    made = rights.ask(RequestKind.ACCESS, BY_PHONE, channel=RequestChannel.FORM)
    assert made.code is not None
    calendar.at(5)
    _doubt(rights, made.id)
    calendar.at(34)
    with rights.tenant.work() as first, rights.tenant.work() as second:
        clerk = rights.clerk(first)
        assert end_unproven(first, lambda _: clerk, mailing=True) == 1
        assert end_unproven(second, lambda _: clerk, mailing=True) == 0, "it is being ended"
    for verify in (verify_by_code, verify_by_telephone):
        with rights.tenant.work() as work, pytest.raises(WrongState):
            verify(work, rights.clerk(work), request_id=made.id, code=made.code)
    assert _end(rights) == {"unproven": 0, "unidentified": 1}
