"""Requests by e-mail, documents of registrants, and requests to all tenants of a service."""

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from connector.registrations.check import Method as Check
from connector.registrations.check import Outcome as CheckOutcome
from connector.registrations.check import check_registration
from connector.registrations.documents import open_document, take_document
from connector.registrations.models import Registrant
from connector.subjects.bundles import front_clerk, spread_request
from connector.subjects.mails import MOST_A_DAY, RequestReceiver, kind_of, request_address
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.core.errors import Invalid, NotFound
from privacy.documents.keep import list_documents
from privacy.identities.people import Person
from privacy.mailboxes.receivers import Outcome
from privacy.mailboxes.shapes import Automatic, Incoming
from privacy.mails.models import Mail
from privacy.mails.sealed_mails import open_letter
from privacy.profiles.parts import DocumentUse
from privacy.subjects.clerks import get_request
from privacy.subjects.decide import put_kind
from privacy.subjects.forwarding import accept_forwarded
from privacy.subjects.models import SubjectRequest
from privacy.subjects.receive import Asked, receive_request
from privacy.subjects.run import run_request
from privacy.subjects.verify import verify_by_code
from privacy.subjects.views import list_open, view_request
from privacy.subjects.words import RequestChannel, RequestKind, RequestState
from tests.database.subjects.people import EMAIL, Rights, desk_of, fill_every_room
from tests.tenancies import House


@pytest.fixture
def rights(house: House) -> Rights:
    return Rights(house, house.alice)


def _mail(text: str, sent_at: datetime | None = None, **given: object) -> Incoming:
    values: dict[str, object] = {"sender": EMAIL, "subject": "My data", "answers": ()} | given
    return Incoming(
        fingerprint=uuid.uuid4().bytes,
        text=text,
        sent_at=sent_at,
        addresses=("inbox@example.com",),
        **values,  # type: ignore[arg-type]
    )


@pytest.mark.promise("C7")
def test_a_mail_makes_a_request_whose_clock_started_when_it_came(rights: Rights) -> None:
    receiver, vault, tenant = RequestReceiver(sending=False), rights.tenant.vault, rights.tenant

    def arrives(mail: Incoming, about: uuid.UUID = tenant.id) -> Outcome:
        with tenant.work() as work:
            return receiver.receive(work, vault, about=about, mail=mail)

    with tenant.work() as work:
        came = work.now - timedelta(days=2)
        assert request_address(work, vault, mailbox="inbox@example.com") == request_address(
            work, vault, mailbox="inbox@example.com"
        )
    assert arrives(_mail("Bitte löschen Sie meine Daten.", came)) is Outcome.TAKEN
    with tenant.work() as work:
        (made,) = list_open(work, vault)
        kinds = set(work.session.scalars(select(Mail.kind)))
    assert (made.kind, made.channel) == (RequestKind.ERASURE, RequestChannel.EMAIL)
    assert made.received_at == came
    assert made.state is RequestState.VERIFYING, "nothing runs because of a mail"
    assert kinds == {"subject_received", "subject_code"}
    card = _mail("Delete 4111 1111 1111 1111", sender="card@example.org")
    assert arrives(card) is Outcome.TAKEN
    with tenant.work() as work:
        wishes = {one.wish for one in list_open(work, vault)}
    assert not any("4111" in (wish or "") for wish in wishes), "promise A7"
    with tenant.work() as work:
        put_kind(work, request_id=made.id, kind=RequestKind.ACCESS)
        with pytest.raises(Invalid):
            put_kind(work, request_id=made.id, kind=RequestKind.OBJECTION)
    assert arrives(_mail("x", automatic=Automatic.REPLY)) is Outcome.AUTOMATIC
    assert arrives(_mail("x"), about=uuid.uuid4()) is Outcome.TOO_LATE
    old = _mail("Access, please.", came - timedelta(days=400))
    assert arrives(old) is Outcome.TAKEN
    for _ in range(MOST_A_DAY - 2):
        assert arrives(_mail("Again.")) is Outcome.TAKEN
    assert arrives(_mail("And again.")) is Outcome.REFUSED
    with tenant.work() as work:
        oldest = min(one.received_at for one in list_open(work, vault))
        assert work.now - oldest < timedelta(days=8), "a mail's own date is not believed for long"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Send me all you have.", RequestKind.ACCESS),
        ("Pyydän poistamaan tietoni.", RequestKind.ERASURE),
        ("Jag invänder mot behandlingen.", RequestKind.PROCESSING),
        ("Please correct my name.", RequestKind.RECTIFICATION),
    ],
)
def test_what_a_mail_asks_for_is_guessed_from_its_words(text: str, kind: RequestKind) -> None:
    assert kind_of(text) is kind


@pytest.mark.promise("A14")
def test_a_registrants_document_is_sealed_looked_at_decided_and_destroyed(rights: Rights) -> None:
    fill_every_room(rights.tenant)
    vault = rights.tenant.vault
    with rights.tenant.work() as work:
        row = work.session.scalars(select(Registrant)).one().id
        use = DocumentUse.DOUBTFUL_REGISTRANT
        made = take_document(
            work, vault, registrant_id=row, use=use, content=b"\x89PNG\r\n\x1a\n passport"
        )
        looked = open_document(work, vault, registrant_id=row, document_id=made)
        assert looked.media == "image/png"
    for method, outcome, left in (
        (Check.CALL, CheckOutcome.DOUBTFUL, 1),
        (Check.DOCUMENT, CheckOutcome.DOUBTFUL, 0),
    ):
        with rights.tenant.work() as work:
            check_registration(
                work,
                vault=vault,
                registrant_id=row,
                method=method,
                outcome=outcome,
                note="",
                sending=False,
            )
            assert len(list_documents(work, subject_id=row)) == left
    with rights.tenant.work() as work, pytest.raises(NotFound):
        open_document(work, vault, registrant_id=row, document_id=made)
    proof = "SELECT count(*) FROM ledger_events WHERE event = 'rights:document:destroyed'"
    assert list(rights.house.rows(proof)) == [(1,)]


def _proven(rights: Rights, service: str) -> uuid.UUID:
    """Somebody asks the operator of a service to erase them, and proves their address once."""
    desk = desk_of(rights.house)
    person = Person(email=EMAIL, name="Robin")
    kind, channel = RequestKind.ERASURE, RequestChannel.FORM
    with desk.installation() as work:
        clerk = front_clerk(work, desk.ring, service=service, sending=False, names={})
        asked = Asked(kind=kind, channel=channel, person=person, service=service)
        made = receive_request(work, clerk, asked)
        row = work.session.scalars(
            select(Mail).where(Mail.kind == "subject_code").order_by(Mail.id.desc())
        ).first()
        assert row is not None
        letter = open_letter(work, desk.ring, row).body
        found = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", letter)
        assert found is not None
    for tenant in (rights.house.alice, rights.house.charlie):
        with tenant.work() as work:
            assert not [one for one in list_open(work, tenant.vault) if one.service == service]
    with desk.installation() as work:
        clerk = front_clerk(work, desk.ring, service=service, sending=False, names={})
        assert verify_by_code(work, clerk, request_id=made.id, code=found[0])
    return made.id


def _spread(rights: Rights, service: str) -> tuple[uuid.UUID, str]:
    """As the job does, and as after a kill."""
    desk, made = desk_of(rights.house), _proven(rights, service)
    for _ in range(2):
        names = spread_request(desk, actor=SYSTEM, request_id=made, sending=False)
    return made, _answered(rights, made, service, names)


def _answered(rights: Rights, made: uuid.UUID, service: str, names: Mapping[str, str]) -> str:
    desk = desk_of(rights.house)
    with desk.installation() as work:
        clerk = front_clerk(work, desk.ring, service=service, sending=False, names=names)
    run_request(desk.installation, clerk, rights.signer, request_id=made)
    with desk.installation() as work:
        view = view_request(work, desk.ring, request_id=made)
    assert view.state is RequestState.DONE
    return view.answer


def _listed(rights: Rights) -> Rights:
    """Two tenants that the installation knows of; the other one."""
    others = Rights(rights.house, rights.house.charlie)
    with rights.house.installation.superuser().begin() as connection:
        for one in (rights.tenant.id, others.tenant.id):
            connection.execute(
                text("INSERT INTO tenant_directory VALUES (:i, :t, now())"),
                {"i": INSTALLATION_ID, "t": one},
            )
    return others


@pytest.mark.promise("A1")
def test_a_request_to_a_service_reaches_each_tenant_that_holds_something(rights: Rights) -> None:
    """Of T the operator is processor, of V controller: there it runs, here it goes on."""
    others = _listed(rights)
    fill_every_room(rights.tenant)
    for service, forwarded in (("T", True), ("V", False)):
        bundle, answer = _spread(rights, service)
        assert "Alice Oy" in answer
        assert answer.count("\n") == 1, "the other tenant holds nothing"
        with rights.tenant.work() as work:
            row = work.session.scalars(
                select(SubjectRequest).where(SubjectRequest.bundle_id == bundle)
            ).one()
            assert (row.forwarded_at is not None) is forwarded
            assert row.proven == ["email"]
            assert row.state == ("verifying" if forwarded else "running")
            if forwarded:
                accept_forwarded(work, rights.clerk(work), request_id=row.id)
            made = row.id
        rights.run(made)
        if rights.tell(made):
            rights.run(made)
        with rights.tenant.work() as work:
            assert get_request(work, made).state == RequestState.DONE
        with others.tenant.work() as work:
            assert list_open(work, others.tenant.vault) == []


class Killed(BaseException):
    """As SIGKILL: nothing of ours catches it."""


@pytest.mark.promise("A1")
def test_a_worker_killed_after_any_commit_asks_each_tenant_once(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Later and later, until nothing is left to be killed."""
    both = rights, _listed(rights)
    for one in both:
        fill_every_room(one.tenant)
    made, left = _proven(rights, "T"), 0

    @contextmanager
    def dying(*given: Any, **named: Any) -> Iterator[UnitOfWork]:
        nonlocal left
        with unit_of_work(*given, **named) as work:
            yield work
        if (left := left - 1) == 0:
            raise Killed

    desk, killed = desk_of(rights.house), 0
    with monkeypatch.context() as patched:
        patched.setattr("tenants.desks.unit_of_work", dying)
        while True:
            left = killed + 1
            with suppress(Killed):
                names = spread_request(desk, actor=SYSTEM, request_id=made, sending=False)
                break
            killed += 1
            assert killed < 99
    assert killed >= 6
    answer = _answered(rights, made, "T", names)
    assert answer.count("Alice Oy") == 2
    for one in both:
        with one.tenant.work() as work:
            mine = select(SubjectRequest).where(SubjectRequest.bundle_id == made)
            assert len(list(work.session.scalars(mine))) == 1
