"""Somebody who knows no organisation asks all of them, and no page tells who knows whom."""

import re
import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from connector.http.centre import robots
from connector.subjects.bundles import front_clerk, spread_request
from privacy.consents.purposes import ConsentPurpose
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM
from privacy.identities.people import Person
from privacy.ledger.signing import load_signer
from privacy.mails.kinds import MailKind
from privacy.subjects.models import SubjectRequest
from privacy.subjects.run import run_request
from privacy.subjects.statuses import find_by_reference
from privacy.subjects.verify import verify_by_telephone
from privacy.subjects.views import view_request
from tenants.tenants.create import create_tenant
from tests.database.registers.people import agree
from tests.functional.centre.readers import Reader
from tests.functional.console.town import Town

ROBIN, NOBODY = "robin.everywhere@example.org", "unknown@example.org"
_DRAWN = re.compile(r'(value="|class="key">|datetime=")[^"<]*|R-[2-9A-Z]{4}-[2-9A-Z]{4}')


@pytest.fixture
def stranger(town: Town) -> Reader:
    """Somebody at the root of the installation."""
    return Reader(town, INSTALLATION_ID, "/privacy")


@pytest.fixture
def knowing(town: Town) -> uuid.UUID:
    """A tenant that knows Robin, beside one that does not."""
    create_tenant(town.desk, name="Stilla Ab", services=("T",))
    found = create_tenant(town.desk, name="Vuono Oy", services=("T", "V"))
    with town.desk.tenant(found) as work:
        person, purpose = Person(email=ROBIN), ConsentPurpose.DIRECT_MARKETING
        agree(work, town.tenancy(found), person=person, purpose=purpose)
    return found


def _ask(stranger: Reader, email: str, **fields: str) -> list[str]:
    stranger.get("/everywhere?lang=en")
    given: dict[str, Any] = {"kind": "access", "service": "any"} | fields
    stranger.post("/everywhere", email=email, **given)
    return stranger.keys()


def _carry_out(town: Town, reference: str) -> str:
    """As the job does; the answer that was written."""
    desk = town.desk
    with desk.installation() as work:
        request_id = find_by_reference(work, reference)
    assert request_id is not None
    names = spread_request(desk, actor=SYSTEM, request_id=request_id, sending=False)
    with desk.installation() as work:
        clerk = front_clerk(work, desk.ring, service=None, sending=False, names=names)
    folder = town.house.installation.folder / "certifying-everywhere"
    folder.mkdir(exist_ok=True)
    signer = load_signer(folder, wrap=bytes, unwrap=bytes, pinned=None)
    run_request(desk.installation, clerk, signer, request_id=request_id)
    with desk.installation() as work:
        return view_request(work, desk.ring, request_id=request_id).answer


@pytest.mark.promise("A1")
@pytest.mark.promise("C7")
def test_whoever_knows_no_organisation_reaches_each_that_knows_them(
    stranger: Reader, town: Town, knowing: uuid.UUID
) -> None:
    reference, _ = _ask(stranger, ROBIN)
    with town.desk.tenant(knowing) as work:
        assert work.session.scalar(select(SubjectRequest)) is None, "nothing before the code"
    stranger.post("/services/code", reference=reference, code=stranger.code(MailKind.SUBJECT_CODE))
    assert "we know now that it is you" in stranger.text
    answer = _carry_out(town, reference)
    assert "Vuono Oy" in answer
    assert "Stilla Ab" not in answer
    with town.desk.tenant(knowing) as work:
        row = work.session.scalars(select(SubjectRequest)).one()
        assert (row.service, row.proven, row.state) == ("T", ["email"], "verifying")
        assert row.forwarded_at is not None, "of T the tenant is controller, so it decides"


@pytest.mark.attack(26)
def test_no_page_tells_whether_anybody_knows_the_person(
    stranger: Reader, town: Town, knowing: uuid.UUID
) -> None:
    """The same words, before the code and after it, and where it stands."""
    seen = []
    for email in (ROBIN, NOBODY):
        reference, code = _ask(stranger, email)
        pages = [stranger.text]
        mailed = stranger.code(MailKind.SUBJECT_CODE)
        stranger.post("/services/code", reference=reference, code=mailed)
        pages.append(stranger.text)
        answer = _carry_out(town, reference)
        assert ("Vuono Oy" in answer) is (email == ROBIN)
        stranger.get("/services/status?lang=en")
        stranger.post("/services/status", reference=reference, code=code)
        assert "Vuono" not in stranger.text
        pages.append(stranger.text)
        seen.append([_DRAWN.sub("", one.replace(email, "")) for one in pages])
    assert seen[0] == seen[1]


@pytest.mark.attack(25)
def test_the_way_in_takes_an_address_floods_nobody_and_speaks_four_languages(
    stranger: Reader,
) -> None:
    for language, said in (
        ("en", "do not know whom"),
        ("fi", "et tiedä keneltä"),
        ("sv", "inte vet vem"),
        ("de", "nicht wissen, wen"),
    ):
        assert said in stranger.get(f"/?lang={language}")
        assert said in stranger.get(f"/everywhere?lang={language}")
    stranger.get("/everywhere?lang=en")
    stranger.post("/everywhere", status=422, kind="access", service="any", telephone="+12025550143")
    assert "This is no e-mail address." in stranger.text
    stranger.post("/everywhere", status=422, kind="access", service="nosuch", email=ROBIN)
    assert "Choose at least one" in stranger.text
    for _ in range(4):
        _ask(stranger, "flooded@example.org", service="moontalk")
    stranger.get("/everywhere?lang=en")
    flood: dict[str, Any] = {"kind": "access", "service": "any", "email": "flooded@example.org"}
    stranger.post("/everywhere", status=429, **flood)
    assert "many tries" in stranger.text


KNOWN, UNKNOWN = "+12025550151", "+12025550152"


def _call(town: Town, reference: str, code: str) -> bool:
    """As an operator does who rang the number up."""
    desk = town.desk
    with desk.installation() as work:
        request_id = find_by_reference(work, reference)
        assert request_id is not None
        clerk = front_clerk(work, desk.ring, service=None, sending=False, names={})
        return verify_by_telephone(work, clerk, request_id=request_id, code=code)


def _leave(stranger: Reader, number: str) -> list[str]:
    stranger.get("/everywhere?lang=en")
    given: dict[str, Any] = {"kind": "access", "service": "any", "without_email": "yes"}
    stranger.post("/everywhere", telephone=number, **given)
    return stranger.keys()


@pytest.mark.promise("C7")
@pytest.mark.attack(26)
def test_who_has_no_address_leaves_a_number_and_no_page_tells_who_knows_it(
    stranger: Reader, town: Town, knowing: uuid.UUID
) -> None:
    with town.desk.tenant(knowing) as work:
        person, purpose = Person(phone=KNOWN), ConsentPurpose.TELEMARKETING
        agree(work, town.tenancy(knowing), person=person, purpose=purpose)
    seen = []
    for number in (KNOWN, UNKNOWN):
        reference, status, code = _leave(stranger, number)
        pages = [stranger.text]
        assert "call this number within 14 days" in stranger.text
        stranger.post("/services/code", status=403, reference=reference, code=code)
        pages.append(stranger.text)
        with town.desk.tenant(knowing) as work:
            assert work.session.scalar(select(SubjectRequest.id)) is None, "nothing before the call"
        stranger.get("/services/status?lang=en")
        stranger.post("/services/status", reference=reference, code=status)
        assert "we call your number" in stranger.text
        assert not _call(town, reference, "22222-22222")
        assert _call(town, reference, code)
        assert ("Vuono Oy" in _carry_out(town, reference)) is (number == KNOWN)
        stranger.get("/services/status?lang=en")
        stranger.post("/services/status", reference=reference, code=status)
        pages.append(stranger.text)
        seen.append([_DRAWN.sub("", one.replace(number, "")) for one in pages])
        if number == KNOWN:
            with town.desk.tenant(knowing) as work:
                row = work.session.scalars(select(SubjectRequest)).one()
                assert (row.proven, row.method) == (["phone"], "call_back")
                work.session.delete(row)
    assert seen[0] == seen[1]


@pytest.mark.attack(25)
def test_nobody_has_numbers_rung_up_without_end(
    stranger: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {"kind": "access", "service": "any", "without_email": "yes"}
    stranger.get("/everywhere?lang=en")
    stranger.post("/everywhere", status=422, **given)
    assert "This is no telephone number" in stranger.text
    for _ in range(2):
        _leave(stranger, "+12025550153")
    stranger.get("/everywhere?lang=en")
    stranger.post("/everywhere", status=429, telephone="+1 202 555 0153", **given)
    monkeypatch.setattr(robots, "CALLED_ALL", replace(robots.CALLED_ALL, quota=1))
    stranger.get("/everywhere?lang=en")
    stranger.post("/everywhere", status=429, telephone="+12025550154", **given)
    stranger.get("/everywhere?lang=en")
    stranger.post("/everywhere", email="still@example.org", kind="access", service="any")
