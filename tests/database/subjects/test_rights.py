"""An erasure reaches every room, keeps what it must and says why; its answer closes the request."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from connector.registrations.sweep import sweep_registrations
from connector.synced.end import erase_held
from privacy.consents.holder import sweep_consents
from privacy.identities.shapes import Identity
from privacy.mails.destroy_expired import destroy_expired
from privacy.subjects.answers import close_answered, close_by_agent, sweep_requests
from privacy.subjects.certificates import BadCertificate, verify_certificate
from privacy.subjects.clerks import WrongState
from privacy.subjects.decide import tick_off
from privacy.subjects.words import Because, Method, Phase, RequestKind, RequestState, StepState
from privacy.suppressions.check import may_send
from privacy.suppressions.purposes import Sending
from tests.database.subjects.people import EMAIL, NUMBER, Rights
from tests.database.subjects.requests import request_view


@pytest.mark.promise("C2")
def test_an_erasure_keeps_what_it_must_says_why_and_is_certified(rights: Rights) -> None:
    made = rights.done(RequestKind.ERASURE)
    view = request_view(rights, made.id)
    assert view.state is RequestState.DONE
    erased = {step.holder: step for step in view.steps if step.phase is Phase.ERASE}
    removed = {name: step.found for name, step in erased.items() if step.found}
    assert removed == {
        "calls": 3,
        "outgoing": 1,
        "subscriptions": 1,
        "inquiries": 1,
        "objections": 1,
        "contacts": 1,
    }
    kept = {name: step.because for name, step in erased.items() if step.retained}
    assert kept == {
        "payments": Because.ACCOUNTING,
        "invoices": Because.ACCOUNTING,
        "registrations": Because.CLAIMS,
        "consents": Because.EVIDENCE,
        "suppressions": Because.SUPPRESSION,
        "mails": Because.SENDING,
        "requests": Because.ACCOUNTABILITY,
    }
    for name, step in erased.items():
        assert (step.state is StepState.RETAINED) is (name in kept)
        assert step.until is None or str(step.until) in view.answer
        assert not step.retained or step.until or name == "suppressions"
    assert "bookkeeping" in view.answer
    assert str(erased["invoices"].until) in view.answer
    assert view.certificate is not None
    certified = verify_certificate(view.certificate, rights.signer.identity)
    assert {one["holder"]: one["found_afterwards"] for one in certified["holders"]} == {
        name: step.retained for name, step in erased.items()
    }
    for said in (EMAIL, NUMBER, "Robin"):
        assert said not in view.certificate
    changed = view.certificate.replace('"removed": 3', '"removed": 4')
    with pytest.raises(BadCertificate):
        verify_certificate(changed, rights.signer.identity)


@pytest.mark.promise("C2")
def test_others_lose_nothing_and_an_objection_is_honoured_as_before(rights: Rights) -> None:
    rights.done(RequestKind.ERASURE)
    rows = rights.house.installation.count
    assert (rows("contacts"), rows("subscriptions"), rows("calls")) == (1, 1, 1)
    assert (rows("inquiries"), rows("inquiry_logs"), rows("registrants")) == (1, 1, 1)
    assert rows("registrant_sessions") == 0
    with rights.tenant.work() as work:
        to = Identity.phone(NUMBER)
        said = may_send(
            work, rights.tenant.vault, purpose=Sending.TELEMARKETING, to=to, services=("T",)
        )
    assert not said.allowed


@pytest.mark.promise("C2")
def test_what_is_held_goes_when_its_time_is_over(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rights.done(RequestKind.ERASURE)
    with rights.tenant.work() as work:
        close_by_agent(work, request_id=made.id)
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=366 * 8))
    with rights.tenant.work() as work:
        sweeps = (sweep_registrations, erase_held, sweep_consents, destroy_expired)
        for sweep in (*sweeps, sweep_requests):
            assert sweep(work)
    for table in ("registrants", "invoices", "consents", "subject_requests", "subject_steps"):
        left = list(rights.house.rows(f"SELECT state FROM {table}" if table == "invoices" else
                                      f"SELECT 1 FROM {table}"))  # fmt: skip
        assert left == ([("living",)] if table == "invoices" else [])


def test_a_request_is_closed_when_its_answer_has_left(rights: Rights) -> None:
    made = rights.done(RequestKind.ERASURE)
    with rights.tenant.work() as work:
        assert close_answered(work) == 0
    with rights.house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE mails SET state = 'sent', sent_at = now()"))
    with rights.tenant.work() as work:
        assert close_answered(work) == 1
    assert request_view(rights, made.id).state is RequestState.CLOSED


@pytest.mark.promise("C3")
def test_what_people_do_is_ticked_off_and_then_answered(rights: Rights) -> None:
    made = rights.ask(RequestKind.RECTIFICATION, wish="My street is Street 2.")
    rights.prove(made.id, Method.DOCUMENTS)
    rights.run(made.id)
    manual = [s for s in request_view(rights, made.id).steps if s.phase is Phase.MANUAL]
    assert "contacts" in {s.holder for s in manual}
    for step in manual:
        assert request_view(rights, made.id).state is RequestState.PARTLY_DONE
        with rights.tenant.work() as work:
            tick_off(work, request_id=made.id, place=step.place)
    with rights.tenant.work() as work, pytest.raises(WrongState):
        tick_off(work, request_id=made.id, place=manual[0].place)
    rights.run(made.id)
    assert request_view(rights, made.id).state is RequestState.DONE
