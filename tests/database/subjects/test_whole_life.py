"""Somebody with data in every holder, from the copy to the last row, in one go.

The holders are those of the registry, and each table of each has something of Robin's: a new one
fails here until `tests.database.subjects.corners` puts something there.
"""

import io
import json
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from connector.registrations.sweep import sweep_registrations
from connector.subjects.registry import HOLDERS
from connector.synced.end import erase_held
from privacy.consents.holder import sweep_consents
from privacy.disclosures.record import sweep_disclosures
from privacy.holds.hold import end_hold
from privacy.ledger.signing import Identity
from privacy.mails.destroy_expired import destroy_expired
from privacy.subjects.answers import close_by_agent, sweep_requests
from privacy.subjects.certificates import verify_certificate
from privacy.subjects.clerks import get_request
from privacy.subjects.collect import read_parts, sweep_parts
from privacy.subjects.holders import Subject
from privacy.subjects.packages import pack
from privacy.subjects.run import resume_erasures
from privacy.subjects.seals import subject_of
from privacy.subjects.views import RequestView, StepView, view_request
from privacy.subjects.words import Because, Phase, RequestKind, RequestState
from tests.database.subjects.corners import COURT, fill_every_corner
from tests.database.subjects.people import (
    EMAIL,
    NUMBER,
    OTHER_EMAIL,
    OTHER_NUMBER,
    Rights,
    fill_every_room,
)
from tests.tenancies import House

GIVEN = (
    *(EMAIL, NUMBER, "Hej hej", "192.0.2.7", "1990-01-01", "form 7, entry 12", "M-4711"),
    *("The street was misspelt.", "image/png", "<doc/>", COURT.recipient, "c-1"),
)
OTHERS = (OTHER_EMAIL, "Sam", "ext-17", "+12025550199")
MAY_STAY = {
    "calls": None,
    "outgoing": None,
    "subscriptions": None,
    "payments": Because.ACCOUNTING,
    "invoices": Because.ACCOUNTING,
    "inquiries": Because.HOLD,
    "registrations": Because.CLAIMS,
    "consents": Because.EVIDENCE,
    "objections": None,
    "suppressions": Because.SUPPRESSION,
    "disclosures": Because.ACCOUNTABILITY,
    "mails": Because.SENDING,
    "contacts": None,
    "requests": Because.ACCOUNTABILITY,
}
"""Why something of a holder may stay; a new holder says so here."""


@pytest.fixture
def rights(house: House) -> Rights:
    made = Rights(house, house.alice)
    fill_every_room(house.alice)
    return made


@pytest.mark.promise("B3")
@pytest.mark.promise("C1")
@pytest.mark.promise("C2")
@pytest.mark.attack(34)
def test_a_person_is_given_everything_and_erased_to_the_last_row(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(MAY_STAY) == {one.name for one in HOLDERS}
    holds = fill_every_corner(rights.tenant)
    rights.done(RequestKind.RESTRICTION, wish="My street is wrong.")
    copy = _copied(rights)
    _nothing_is_missing(rights, copy)

    made = rights.done(RequestKind.ERASURE)
    kept = _kept(rights, made.id)
    _certified(rights, made.id, kept)
    answer = {"mails": 1}  # Written after the last look.
    retained = {name: step.retained + answer.get(name, 0) for name, step in kept.items()}
    assert _found(rights, made.id) == retained

    assert _end(rights, holds) == {made.id}
    rights.run(made.id)
    assert _view(rights, made.id).state is RequestState.DONE
    assert _found(rights, made.id) == retained | {"inquiries": 0}

    subject = _subject(rights, made.id)
    _years_go_by(rights, monkeypatch)
    with rights.tenant.work() as work:
        left = {one.name: one.find(work, rights.tenant.vault, subject) for one in HOLDERS}
    assert left.pop("suppressions") > 0, "a token that names nobody, so that it is honoured"
    assert set(left.values()) == {0}, left
    assert list(rights.house.rows("SELECT state FROM invoices")) == [("living",)], "Sam's"


def _copied(rights: Rights) -> dict[str, list[dict[str, Any]]]:
    """What the file has; its calls are masked where they are another person's."""
    made = rights.done(RequestKind.ACCESS)
    tables = sorted({table for one in HOLDERS for table in one.tables})
    empty = [table for table in tables if not rights.house.installation.count(table)]
    assert empty == [], "give Robin something there: tests.database.subjects.corners"
    with rights.tenant.work() as work:
        row = get_request(work, made.id)
        file = pack(work, rights.clerk(work), row, read_parts(work, rights.tenant.vault, row.id))
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode()
        found: dict[str, list[dict[str, Any]]] = json.loads(archive.read("data.json"))
        manifest = json.loads(archive.read("manifest.json"))
    assert [said for said in OTHERS if said in whole] == []
    assert [said for said in GIVEN if said not in whole] == []
    counted = {one["name"]: one["records"] for one in manifest["holders"]}
    assert counted == {name: len(records) for name, records in found.items()}
    return found


def _nothing_is_missing(rights: Rights, copy: Mapping[str, list[dict[str, Any]]]) -> None:
    """As many records as each holder finds; only what the erasure itself writes is more later."""
    with rights.tenant.work() as work:
        subject = _whole_subject(rights)
        for one in HOLDERS:
            assert copy[one.name], f"{one.name}: nothing of Robin's was given out"
            found = one.find(work, rights.tenant.vault, subject)
            assert len(copy[one.name]) == found or one.name == "mails", one.name
    others = [call for call in copy["calls"] if call["direction"] == "inbound"]
    assert {call["called"] for call in others} == {OTHER_NUMBER, NUMBER}
    assert any(call["source_documents"] for call in copy["calls"])
    assert copy["registrations"][0]["sessions"]


def _kept(rights: Rights, request_id: uuid.UUID) -> dict[str, StepView]:
    """Erased, but for what has a reason; each look afterwards found just that."""
    view = _view(rights, request_id)
    assert view.state is RequestState.DONE
    erased = {step.holder: step for step in view.steps if step.phase is Phase.ERASE}
    looked = {step.holder: step for step in view.steps if step.phase is Phase.RESCAN}
    for name, step in erased.items():
        assert (step.because if step.retained else None) is MAY_STAY[name], name
        assert step.found or step.retained, f"{name}: nothing was there"
        assert looked[name].found == step.retained, name
        endless = name in ("suppressions", "inquiries")
        assert not step.retained or step.until or endless, name
    return erased


def _certified(rights: Rights, request_id: uuid.UUID, kept: Mapping[str, StepView]) -> None:
    """By the public key alone, as somebody without our database would."""
    certificate = _view(rights, request_id).certificate
    assert certificate is not None
    public = rights.signer.identity
    known = Identity(**{name: getattr(public, name) for name in public.__dataclass_fields__})
    certified = verify_certificate(certificate, known)
    said = {one["holder"]: (one["removed"], one["retained"]) for one in certified["holders"]}
    assert said == {name: (step.found, step.retained) for name, step in kept.items()}
    assert [word for word in (EMAIL, NUMBER, "Robin", "Canary") if word in certificate] == []


def _end(rights: Rights, holds: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """The requests that go on by themselves."""
    waiting: set[uuid.UUID] = set()
    with rights.tenant.work() as work:
        for hold in holds:
            table = end_hold(work, hold_id=hold)
            names = [one.name for one in HOLDERS if table.value in one.tables]
            waiting |= set(resume_erasures(work, holders=names))
    return waiting


def _found(rights: Rights, request_id: uuid.UUID) -> dict[str, int]:
    subject = _subject(rights, request_id)
    with rights.tenant.work() as work:
        return {one.name: one.find(work, rights.tenant.vault, subject) for one in HOLDERS}


def _years_go_by(rights: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    sweeps = (sweep_registrations, erase_held, sweep_consents, destroy_expired, sweep_disclosures)
    with rights.tenant.work() as work:
        for row in rights.house.rows("SELECT id FROM subject_requests WHERE state = 'done'"):
            close_by_agent(work, request_id=uuid.UUID(str(row[0])))
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=366 * 8))
    with rights.tenant.work() as work:
        for sweep in (*sweeps, sweep_parts, sweep_requests):
            sweep(work)


def _view(rights: Rights, request_id: uuid.UUID) -> RequestView:
    with rights.tenant.work() as work:
        return view_request(work, rights.tenant.vault, request_id=request_id)


def _subject(rights: Rights, request_id: uuid.UUID) -> Subject:
    with rights.tenant.work() as work:
        return subject_of(work, rights.tenant.vault, get_request(work, request_id))


def _whole_subject(rights: Rights) -> Subject:
    newest = next(rights.house.rows("SELECT max(id::text) FROM subject_requests"))
    return _subject(rights, uuid.UUID(str(newest[0])))
