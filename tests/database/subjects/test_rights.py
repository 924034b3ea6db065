"""A person with data in every room: all of it is given out, erased but for what is held, proven."""

import csv
import io
import json
import os
import re
import signal
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from connector.calls.holder import MASKED
from connector.contacts.write import Entry, create_contact
from connector.registrations.sweep import sweep_registrations
from connector.subjects.registry import HOLDERS
from connector.synced.end import erase_held
from privacy.consents.holder import sweep_consents
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Gone, NotFound
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.mails.destroy_expired import destroy_expired
from privacy.mails.models import Mail
from privacy.mails.sealed_mails import open_letter
from privacy.subjects.answers import close_answered, close_by_agent, sweep_requests
from privacy.subjects.certificates import BadCertificate, verify_certificate
from privacy.subjects.clerks import WrongState, get_request
from privacy.subjects.collect import read_parts, sweep_parts
from privacy.subjects.corrections import Correction
from privacy.subjects.decide import tick_off
from privacy.subjects.dictionary import UNEXPLAINED
from privacy.subjects.fetch import fetch_by_agent
from privacy.subjects.packages import pack
from privacy.subjects.run import StepsFailed, run_request
from privacy.subjects.verify import verify_by_code
from privacy.subjects.views import RequestView, view_request
from privacy.subjects.words import Because, Method, Phase, RequestKind, RequestState, StepState
from privacy.suppressions.check import may_send
from privacy.suppressions.purposes import Sending
from tests.database.records.books import a_contact
from tests.database.subjects.people import (
    EMAIL,
    NUMBER,
    OTHER_EMAIL,
    OTHER_NUMBER,
    ROBIN,
    Rights,
    fill_every_room,
)
from tests.tenancies import House

BY_PHONE = Person(phone=NUMBER, name="Robin")


@pytest.fixture
def rights(house: House) -> Rights:
    made = Rights(house, house.alice)
    fill_every_room(house.alice)
    return made


def _view(rights: Rights, request_id: Any) -> RequestView:
    with rights.tenant.work() as work:
        return view_request(work, rights.tenant.vault, request_id=request_id)


def _package(rights: Rights, person: Person, kind: RequestKind) -> dict[str, bytes]:
    made = rights.done(kind, person)
    with rights.tenant.work() as work:
        return _packed(work, rights.clerk(work), made.id)


def _packed(work: UnitOfWork, clerk: Any, request_id: Any) -> dict[str, bytes]:
    row = get_request(work, request_id)
    file = pack(work, clerk, row, read_parts(work, clerk.vault, request_id))
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.promise("C1")
def test_everything_about_a_person_is_given_out_and_nothing_about_others(rights: Rights) -> None:
    files = _package(rights, ROBIN, RequestKind.ACCESS)
    data = json.loads(files["data.json"])
    counts = {name: len(records) for name, records in data.items()}
    assert counts == {
        "calls": 3,
        "outgoing": 1,
        "subscriptions": 1,
        "payments": 1,
        "invoices": 1,
        "inquiries": 1,
        "registrations": 1,
        "consents": 1,
        "objections": 1,
        "suppressions": 2,
        "disclosures": 0,
        "mails": 3,
        "contacts": 1,
        "requests": 1,
    }
    manifest = json.loads(files["manifest.json"])
    assert {one["name"]: one["records"] for one in manifest["holders"]} == counts
    assert set(counts) == {one.name for one in HOLDERS}
    whole = b"".join(files.values()).decode()
    for theirs in (EMAIL, NUMBER, "Hej hej", "192.0.2.7", "1990-01-01", "form 7, entry 12"):
        assert theirs in whole
    for others in (OTHER_EMAIL, "Sam", "ext-17", "+12025550199"):
        assert others not in whole
    assert manifest["controller"]["name"] == "Pilvi Cloud Company Oy"
    assert "Tietosuojavaltuutetun" in manifest["authority"]
    assert "European Economic Area" in whole
    for one in manifest["holders"]:
        assert UNEXPLAINED not in one["fields"].values(), one["fields"]
        assert bool(one["fields"]) is bool(one["records"])
        assert one["purposes"], one["name"]
        assert one["subjects"], one["name"]


@pytest.mark.promise("C1")
def test_the_other_number_of_a_call_is_masked_unless_it_is_the_tenants(rights: Rights) -> None:
    data = json.loads(_package(rights, BY_PHONE, RequestKind.ACCESS)["data.json"])
    parties = {(c["direction"], c["caller"], c["called"]) for c in data["calls"]}
    assert parties == {
        ("inbound", NUMBER, OTHER_NUMBER),
        ("outbound", OTHER_NUMBER, NUMBER),
        ("inbound", MASKED, NUMBER),
    }
    assert data["inquiries"] == data["registrations"] == [], "an address was not proven"


@pytest.mark.attack(50)
def test_a_file_for_a_spreadsheet_has_no_formula(rights: Rights) -> None:
    files = _package(rights, ROBIN, RequestKind.PORTABILITY)
    assert b"=Robin" in files["inquiries.csv"]
    assert "mails.csv" not in files, "nobody gave or did those"
    rights.ask(RequestKind.RECTIFICATION, ROBIN, wish='=HYPERLINK("http://example.net")')
    files |= _package(rights, ROBIN, RequestKind.ACCESS)
    cells = [
        cell
        for name, content in files.items()
        if name.endswith(".csv")
        for line in csv.reader(io.StringIO(content.decode(), newline=""))
        for cell in line
    ]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    risky = [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert set(risky) <= {NUMBER, OTHER_NUMBER}


@pytest.mark.promise("C2")
def test_an_erasure_keeps_what_it_must_says_why_and_is_certified(rights: Rights) -> None:
    made = rights.done(RequestKind.ERASURE)
    view = _view(rights, made.id)
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


@pytest.mark.promise("C7")
def test_what_is_not_proven_finds_nothing(rights: Rights) -> None:
    """Somebody with an address of their own names the number of somebody else."""
    thief = Person(email="thief@example.net", phone=NUMBER)
    made = rights.ask(RequestKind.ACCESS, thief)
    with rights.tenant.work() as work:
        code = mailed_code(work, rights)
    with rights.tenant.work() as work:
        assert verify_by_code(work, rights.clerk(work), request_id=made.id, code=code)
    rights.run(made.id)
    view = _view(rights, made.id)
    assert view.proven == ("email",)
    found = {step.holder: step.found for step in view.steps if step.found}
    assert set(found) == {"mails", "requests"}


def mailed_code(work: UnitOfWork, rights: Rights) -> str:
    kinds = ("subject_code", "subject_ready")
    mail = work.session.scalars(
        select(Mail).where(Mail.kind.in_(kinds)).order_by(Mail.id.desc())
    ).first()
    assert mail is not None
    found = re.search(
        r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", open_letter(work, rights.tenant.vault, mail).body
    )
    assert found is not None
    return found[0]


@pytest.mark.promise("C7")
def test_an_address_on_file_proves_the_number_that_is_on_file_with_it(rights: Rights) -> None:
    made = rights.ask(RequestKind.ACCESS)
    with rights.tenant.work() as work:
        code = mailed_code(work, rights)
        assert verify_by_code(work, rights.clerk(work), request_id=made.id, code=code)
    assert _view(rights, made.id).proven == ("email", "phone")


@pytest.mark.attack(34)
@pytest.mark.promise("C7")
def test_a_number_that_the_person_had_put_on_file_proves_nothing(rights: Rights) -> None:
    """First "correct my number" to somebody else's, then ask by address and that number."""
    thief = Person(email="thief@example.net")
    with rights.tenant.work() as work:
        entry = Entry(a_contact(name="T", is_person=True, emails=(thief.email,), phones=()))
        create_contact(work, vault=rights.tenant.vault, entry=entry)
    rights.done(RequestKind.RECTIFICATION, thief, correction=Correction(phone=NUMBER))
    made = rights.ask(RequestKind.ACCESS, Person(email=thief.email, phone=NUMBER))
    with rights.tenant.work() as work:
        code = mailed_code(work, rights)
        assert verify_by_code(work, rights.clerk(work), request_id=made.id, code=code)
    assert _view(rights, made.id).proven == ("email",)


@pytest.mark.attack(34)
def test_another_tenant_finds_no_request_and_erases_nobody(rights: Rights) -> None:
    made = rights.ask(RequestKind.ERASURE)
    others = Rights(rights.house, rights.house.charlie)
    with pytest.raises(NotFound):
        others.prove(made.id)
    with pytest.raises(NotFound):
        _view(others, made.id)
    rows = rights.house.installation.count
    before = {table: rows(table) for table in ("calls", "contacts", "invoices", "inquiries")}
    done = others.done(RequestKind.ERASURE)
    found = {step.holder for step in _view(others, done.id).steps if step.found}
    assert found <= {"mails", "requests"}
    assert before == {table: rows(table) for table in before}


class Killed(BaseException):
    """As SIGKILL: nothing of ours catches it."""


def _killing(rights: Rights, *, before: bool) -> Any:
    """Two transactions are committed: what was read, and a step. Then it is killed, at once or
    when the next one has done everything but its commit."""
    done = 0

    @contextmanager
    def work() -> Iterator[UnitOfWork]:
        nonlocal done
        with rights.tenant.work() as opened:
            yield opened
            if before and done == 2:
                raise Killed
        done += 1
        if not before and done == 2:
            raise Killed

    return work


def _outcome(rights: Rights, request_id: Any) -> list[tuple[object, ...]]:
    steps = _view(rights, request_id).steps
    return [
        (s.phase, s.holder.partition(":")[0], s.state, s.found, s.retained, s.because)
        for s in steps
    ]


@pytest.mark.promise("C2")
@pytest.mark.parametrize("before", [True, False], ids=["before the commit", "after it"])
def test_a_worker_killed_at_every_boundary_ends_as_one_that_was_not(
    house: House, *, before: bool
) -> None:
    undisturbed = Rights(house, house.alice)
    fill_every_room(house.alice)
    expected = _outcome(undisturbed, undisturbed.done(RequestKind.ERASURE).id)
    rights = Rights(house, house.charlie)
    fill_every_room(house.charlie)
    made = rights.ask(RequestKind.ERASURE)
    rights.prove(made.id)
    rights.tell(made.id)
    with rights.tenant.work() as work:
        clerk = rights.clerk(work)
    killed = 0
    while _view(rights, made.id).state is not RequestState.DONE:
        with suppress(Killed):
            work_of = _killing(rights, before=before)
            run_request(work_of, clerk, rights.signer, request_id=made.id)
            break
        killed += 1
        assert killed < 99
    told = sum(one[0] is Phase.NOTIFY for one in expected)
    assert killed >= len(expected) - 1 - told
    assert _outcome(rights, made.id) == expected
    assert _view(rights, made.id).state is RequestState.DONE
    done = house.rows(
        "SELECT count(*) FROM ledger_events WHERE event = 'rights:request:step_done' "
        "GROUP BY tenant_id"
    )
    assert {row[0] for row in done} == {len(expected)}


@pytest.mark.promise("C2")
def test_a_process_that_is_killed_in_the_middle_leaves_nothing_half_done(rights: Rights) -> None:
    """A real SIGKILL, within a step that has erased and not committed."""
    made = rights.ask(RequestKind.ERASURE)
    rights.prove(made.id)
    rights.tell(made.id)
    if (child := os.fork()) == 0:
        rights.house.installation.engines.app.dispose(close=False)
        done = 0

        @contextmanager
        def work() -> Iterator[UnitOfWork]:
            nonlocal done
            with rights.tenant.work() as opened:
                yield opened
                opened.session.flush()
                done += 1
                if done == 7:
                    os.kill(os.getpid(), signal.SIGKILL)

        with rights.tenant.work() as opened:
            clerk = rights.clerk(opened)
        run_request(work, clerk, rights.signer, request_id=made.id)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    view = _view(rights, made.id)
    assert view.state is RequestState.RUNNING
    assert sum(s.phase is Phase.ERASE and s.done_at is not None for s in view.steps) == 5
    rights.run(made.id)
    assert _view(rights, made.id).state is RequestState.DONE
    assert rights.house.installation.count("inquiries") == 1


def test_a_step_that_fails_spares_its_siblings_and_is_done_again(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rights.ask(RequestKind.ERASURE)
    rights.prove(made.id)
    rights.tell(made.id)

    def refuse(*_: object) -> None:
        raise RuntimeError("+12025550143")

    with monkeypatch.context() as patched:
        patched.setattr("connector.inquiries.holder.erase_inquiry", refuse)
        patched.setattr("connector.inquiries.holder._rows", refuse)
        with pytest.raises(StepsFailed):
            rights.run(made.id)
        view = _view(rights, made.id)
        assert view.state is RequestState.PARTLY_DONE
        failed = {(s.phase, s.holder, s.failure_code) for s in view.steps if s.failure_code}
        assert failed == {
            (Phase.ERASE, "inquiries", "RuntimeError"),
            (Phase.RESCAN, "inquiries", "RuntimeError"),
        }
        assert view.certificate is None
    rights.run(made.id)
    assert _view(rights, made.id).state is RequestState.DONE


def test_what_comes_back_before_the_look_afterwards_is_erased_again(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rights.ask(RequestKind.ERASURE)
    rights.prove(made.id)
    rights.tell(made.id)
    with monkeypatch.context() as patched:
        patched.setattr("connector.contacts.holder.erase_contact", lambda *_, **__: None)
        with pytest.raises(StepsFailed):
            rights.run(made.id)
        again = [s for s in _view(rights, made.id).steps if s.holder == "contacts"]
        assert [s.state for s in again] == [StepState.WAITING, StepState.FAILED]
    rights.run(made.id)
    assert _view(rights, made.id).state is RequestState.DONE
    assert rights.house.installation.count("contacts") == 1


def test_a_file_is_sealed_fetched_once_and_gone_after_a_week(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    for row in rights.house.rows("SELECT part_sealed FROM subject_parts"):
        assert NUMBER.encode() not in bytes(row[0])  # type: ignore[call-overload]
    first, second = (rights.done(RequestKind.ACCESS, BY_PHONE) for _ in range(2))
    with rights.tenant.work() as work:
        assert fetch_by_agent(work, rights.clerk(work), request_id=first.id)[:2] == b"PK"
    with rights.tenant.work() as work, pytest.raises(Gone):
        fetch_by_agent(work, rights.clerk(work), request_id=first.id)
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=8))
    with rights.tenant.work() as work:
        assert sweep_parts(work) > 0
    with rights.tenant.work() as work, pytest.raises(Gone):
        fetch_by_agent(work, rights.clerk(work), request_id=second.id)


@pytest.mark.promise("B1")
def test_calls_in_a_file_end_with_their_days(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rights.done(RequestKind.ACCESS, BY_PHONE)
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=22))
    rights.house.installation.superuser()
    with rights.house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE subject_parts SET expires_at = '2200-01-01'"))
        connection.execute(text("UPDATE subject_day_parts SET expires_at = '2200-01-01'"))
    with rights.tenant.work() as work:
        data = json.loads(_packed(work, rights.clerk(work), made.id)["data.json"])
    assert len(data["calls"]) == 2


def test_a_request_is_closed_when_its_answer_has_left(rights: Rights) -> None:
    made = rights.done(RequestKind.ERASURE)
    with rights.tenant.work() as work:
        assert close_answered(work) == 0
    with rights.house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE mails SET state = 'sent', sent_at = now()"))
    with rights.tenant.work() as work:
        assert close_answered(work) == 1
    assert _view(rights, made.id).state is RequestState.CLOSED


@pytest.mark.promise("C3")
def test_what_people_do_is_ticked_off_and_then_answered(rights: Rights) -> None:
    made = rights.ask(RequestKind.RECTIFICATION, wish="My street is Street 2.")
    rights.prove(made.id, Method.DOCUMENTS)
    rights.run(made.id)
    manual = [s for s in _view(rights, made.id).steps if s.phase is Phase.MANUAL]
    assert "contacts" in {s.holder for s in manual}
    for step in manual:
        assert _view(rights, made.id).state is RequestState.PARTLY_DONE
        with rights.tenant.work() as work:
            tick_off(work, request_id=made.id, place=step.place)
    with rights.tenant.work() as work, pytest.raises(WrongState):
        tick_off(work, request_id=made.id, place=manual[0].place)
    rights.run(made.id)
    assert _view(rights, made.id).state is RequestState.DONE
