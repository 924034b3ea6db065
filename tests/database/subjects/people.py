"""A person with something in every room of a tenant's house, and another one beside them."""

import os
import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy import text

from connector.accounts.kinds import AccountKind
from connector.calls.ingest import ingest_calls
from connector.inquiries.answer import answer_inquiry
from connector.inquiries.channels import Channel
from connector.inquiries.contents import Technical
from connector.inquiries.declared import read_fields
from connector.inquiries.open import open_inquiry
from connector.outgoing.contents import seal_content
from connector.outgoing.models import OutgoingDocument
from connector.outgoing.shapes import OutgoingCustomer
from connector.registrations.details import Details
from connector.registrations.models import Registrant, RegistrantAgreement, RegistrantSession
from connector.registrations.seals import email_digest, put_details, put_password, seal_evidence
from connector.subjects.registry import clerk_of
from connector.synced.shapes import Invoice, Payer, Payment, RecordKind, Subscription
from privacy.core import clock
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.identities.people import Person
from privacy.ledger.signing import Signer, load_signer
from privacy.mails.compose import SealingMailer
from privacy.profiles.parts import Objection
from privacy.subjects.clerks import Clerk
from privacy.subjects.decide import tick_off
from privacy.subjects.receive import Asked, Received, receive_request
from privacy.subjects.run import run_request
from privacy.subjects.verify import verify_by_agent
from privacy.subjects.views import view_request
from privacy.subjects.words import Method, Phase, RequestChannel, RequestKind
from tenants.desks import Desk
from tenants.passwords.hashing import Cost, PasswordHashing
from tenants.sealed_fields import TENANT_NAME
from tests.database.records.books import Books, a_contact, an_account, received
from tests.database.registers.people import agree, object_to
from tests.factories import a_call, days_ago
from tests.tenancies import House, Tenancy

NUMBER, EMAIL, NAME = "+12025550143", "robin.canary@example.org", "Robin Canary"
OTHER_NUMBER, OTHER_EMAIL = "+442079460345", "sam@example.org"
ROBIN = Person(email=EMAIL, phone=NUMBER, name=NAME)


@dataclass
class Rights:
    """A tenant in which requests are handled."""

    house: House
    tenant: Tenancy

    def __post_init__(self) -> None:
        """A tenant has a name to sign letters with."""
        with self.tenant.work() as work:
            sealed = TENANT_NAME.seal(
                self.tenant.vault, work, self.tenant.id, "Alice Oy", version=1
            )
            work.connection.execute(
                text(
                    "INSERT INTO tenants (tenant_id, name_sealed, name_version, services, state, "
                    "mfa_required, created_at) VALUES (:t, :n, 1, '{T,V}', 'active', false, now())"
                    " ON CONFLICT DO NOTHING"
                ),
                {"t": self.tenant.id, "n": sealed},
            )

    @cached_property
    def signer(self) -> Signer:
        """Signs certificates."""
        folder: Path = self.house.installation.folder / "certifying"
        folder.mkdir(exist_ok=True)
        return load_signer(folder, wrap=bytes, unwrap=bytes, pinned=None)

    def clerk(self, work: UnitOfWork) -> Clerk:
        """As the application makes one."""
        return clerk_of(work, self.tenant.vault, sending=False)

    def ask(self, kind: RequestKind, person: Person = ROBIN, **given: object) -> Received:
        """Somebody asks by letter."""
        values = {"service": "T", "channel": RequestChannel.LETTER} | given
        with self.tenant.work() as work:
            asked = Asked(kind=kind, person=person, **values)  # type: ignore[arg-type]
            return receive_request(work, self.clerk(work), asked)

    def prove(self, request_id: uuid.UUID, method: Method = Method.IN_PERSON) -> None:
        """An agent knows them."""
        with self.tenant.work() as work:
            verify_by_agent(work, self.clerk(work), request_id=request_id, method=method)

    def run(self, request_id: uuid.UUID) -> None:
        """As the job does."""
        with self.tenant.work() as work:
            clerk = self.clerk(work)
        run_request(self.tenant.work, clerk, self.signer, request_id=request_id)

    def tell(self, request_id: uuid.UUID) -> int:
        """Somebody tells every recipient, and ticks that off."""
        with self.tenant.work() as work:
            view = view_request(work, self.tenant.vault, request_id=request_id)
            told = [step.place for step in view.steps if step.phase is Phase.NOTIFY]
            for place in told:
                tick_off(work, request_id=request_id, place=place)
        return len(told)

    def done(self, kind: RequestKind, person: Person = ROBIN, **given: object) -> Received:
        """Asked, proven and carried out."""
        made = self.ask(kind, person, **given)
        self.prove(made.id)
        self.run(made.id)
        if self.tell(made.id):
            self.run(made.id)
        return made


def desk_of(house: House) -> Desk:
    """What use cases over several tenants are given."""
    mailer = SealingMailer(house.vault, sending=False)
    hashing = PasswordHashing(cost=Cost(1, 8))
    engine = house.installation.engines.app
    return Desk(engine, house.vault, house.custody, hashing, mailer, "https://silta.example")


def fill_every_room(tenant: Tenancy) -> None:
    """Robin's data everywhere, and Sam's where the two meet."""
    _calls(tenant)
    _books(tenant)
    with tenant.work() as work:
        _inquiry(work, tenant, EMAIL)
        _inquiry(work, tenant, OTHER_EMAIL)
        _registration(work, tenant)
        agree(work, tenant, person=ROBIN)
        object_to(work, tenant, Objection.TELEMARKETING, person=ROBIN)


def _calls(tenant: Tenancy) -> None:
    account = tenant.account(name=f"PBX {new_id()}")
    calls = [
        a_call(caller=NUMBER, called=OTHER_NUMBER, contact_person=NAME),
        a_call(caller=OTHER_NUMBER, called=NUMBER, direction="outbound", contact_person=NAME),
        a_call(caller=OTHER_NUMBER, called=NUMBER, contact_person="Sam", started_at=days_ago(9)),
        a_call(caller="+12025550199", called=OTHER_NUMBER, contact_person="Sam"),
    ]
    with tenant.work() as work:
        ingest_calls(work, vault=tenant.vault, account=account, calls=calls)


def _books(tenant: Tenancy) -> None:
    account, today = an_account(tenant, AccountKind.MICROSOFT), clock.now().date()
    robins = a_contact(name=NAME, is_person=True, emails=(EMAIL,), phones=(NUMBER,), code="1")
    sams = a_contact(name="Sam", is_person=True, emails=(OTHER_EMAIL,), phones=(), code="2")
    for owner, contact in (("c-1", robins), ("c-2", sams)):
        payer = Payer(name=contact.name)
        for kind, name, record in (
            (RecordKind.CONTACTS, owner, contact),
            (RecordKind.SUBSCRIPTIONS, f"s-{owner}", Subscription(customer=owner)),
            (RecordKind.INVOICES, f"i-{owner}", Invoice(number=owner, customer=owner, dated=today)),
            (
                RecordKind.PAYMENTS,
                f"p-{owner}",
                Payment(invoice_number=owner, paid=today, payer=payer),
            ),
        ):
            books = Books(tenant, account, kind, stream=kind.value)
            assert books.save(received(name, record, document=b"<doc/>")).created == 1
    with tenant.work() as work:
        row = OutgoingDocument(
            tenant_id=tenant.id,
            id=new_id(),
            account_id=account.id,
            kind="customer",
            reference="first",
            created_at=work.now,
        )
        customer = OutgoingCustomer(code="9", name=NAME, email=EMAIL, phone=NUMBER)
        seal_content(work, tenant.vault, row, customer)
        work.session.add(row)


def _inquiry(work: UnitOfWork, tenant: Tenancy, email: str) -> None:
    asked = read_fields("V", {"name": "=Robin", "email": email, "message": "Hej"})
    device = Technical(ip_address="192.0.2.7")
    opened = open_inquiry(
        work,
        vault=tenant.vault,
        service="V",
        channel=Channel.FORM,
        asked=asked,
        technical=device,
    )
    answer_inquiry(
        work,
        vault=tenant.vault,
        inquiry_id=opened.id,
        text="Hej hej",
        answers_to="desk@example.com",
        sending=False,
    )


def _registration(work: UnitOfWork, tenant: Tenancy) -> None:
    row = Registrant(
        tenant_id=tenant.id,
        id=new_id(),
        form_id=new_id(),
        service="V",
        email_digest=email_digest(work, tenant.vault, EMAIL),
        details_version=0,
        password_version=0,
        state="active",
        check_state="unchecked",
        created_at=work.now,
    )
    details = Details("robin", "Robin", "Canary", EMAIL, "1990-01-01", telephone=NUMBER)
    put_details(work, tenant.vault, row, details)
    put_password(work, tenant.vault, row, "encoded")
    work.session.add(row)
    work.session.flush()
    work.session.add(
        RegistrantSession(
            tenant_id=tenant.id,
            id=new_id(),
            registrant_id=row.id,
            token_digest=os.urandom(32),
            created_at=work.now,
            seen_at=work.now,
            expires_at=work.now + timedelta(days=1),
        )
    )
    _agreement(work, tenant, row.id)


def _agreement(work: UnitOfWork, tenant: Tenancy, registrant_id: uuid.UUID) -> None:
    agreement = new_id()
    work.session.add(
        RegistrantAgreement(
            tenant_id=tenant.id,
            id=agreement,
            registrant_id=registrant_id,
            term="policy",
            term_version="1",
            evidence_sealed=seal_evidence(work, tenant.vault, agreement, "192.0.2.7"),
            accepted_at=work.now,
        )
    )
