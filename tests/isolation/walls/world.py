"""Alice's tenant with one of everything that has an id, and Charlie who wants to see it."""

import uuid
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule

from connector.accounts.add import NewAccount, add_account
from connector.accounts.kinds import AccountKind
from connector.events_out.endpoints import Wish, add_endpoint
from connector.events_out.kinds import CHOOSABLE
from connector.free_fields.declare import Declaration, declare_field
from connector.free_fields.kinds import About, FieldType
from connector.free_fields.records import fill_fields
from connector.inquiries.answer import answer_inquiry
from connector.inquiries.channels import Channel
from connector.inquiries.contents import Technical
from connector.inquiries.declared import read_fields
from connector.inquiries.forms.change import FormSettings, add_form
from connector.inquiries.open import open_inquiry
from connector.notices.publish import publish_notices
from connector.registrations.check import Method, Outcome, check_registration
from connector.registrations.details import Details
from connector.registrations.models import Registrant, RegistrantAgreement
from connector.registrations.seals import put_details, put_password, seal_evidence
from connector.subjects.registry import clerk_of
from connector.synced.shapes import Invoice, Payment, Product, RecordKind, Subscription
from privacy.breaches.decide import assess_breach
from privacy.breaches.record import record_breach
from privacy.breaches.shapes import Discovered, Risk, What
from privacy.checks.advisories import import_report
from privacy.checks.reports import Reported
from privacy.confirmations.ask import Said as Unconfirmed
from privacy.confirmations.ask import ask_confirmation
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.ids import new_id
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.disclosures.record import record_disclosure
from privacy.disclosures.shapes import Disclosing
from privacy.holds.hold import begin_hold, end_hold
from privacy.holds.models import Holdable
from privacy.identities.people import Person as Somebody
from privacy.ledger.signing import load_signer
from privacy.processors.announce import announce_processor
from privacy.processors.shapes import Announcing
from privacy.profiles.sharing import Ground as Grounded
from privacy.profiles.sharing import Transfer
from privacy.subjects.corrections import Correction
from privacy.subjects.decide import extend_request, refuse_request
from privacy.subjects.doubts import ask_for_proof, give_proof
from privacy.subjects.orders import reopen_by_order
from privacy.subjects.receive import Asked, receive_request
from privacy.subjects.restrict import announce_lifting
from privacy.subjects.run import run_request
from privacy.subjects.verify import verify_by_agent
from privacy.subjects.words import Ground, RequestChannel, RequestKind
from privacy.subjects.words import Method as How
from tenants.api_keys.create import CreatedKey, create_api_key
from tenants.http.access import Access, access_of
from tenants.invitations.invite import invite
from tenants.marketplace_keys.create import create_marketplace_key, set_callback
from tenants.permissions import KEY_SCOPES, Role
from tenants.principals import Principal, PrincipalKind
from tests.database.records.books import Books, a_contact, an_account, received
from tests.functional.api.programs import call
from tests.functional.api.test_exchanges import cdr
from tests.functional.console.town import PASSWORD, Browser, Person, Town
from tests.installations import Installation
from tests.isolation.walls.connected import connect_books

EXCHANGE = "Fjord house 7"
COMPANY = "Fjord company 7"
UNKNOWN = uuid.UUID("0198c0de-0000-7000-8000-00000000dead")


class World:
    """A town that is lived in. Everything of Alice's was made as people and programs make it."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.installation: Installation = town.house.installation
        load_signer(self.installation.settings.keys_folder, wrap=bytes, unwrap=bytes, pinned=None)
        self.client: FlaskClient = town.app.test_client()
        self.alice_in = town.browser(town.alice)
        self.key = self.new_key(town.alices)
        self.account = self.new_account(town.alices, EXCHANGE)
        self.new_endpoint(town.alices)
        self._send()
        self._keep_records()
        with town.desk.tenant(town.alices) as work:
            connect_books(work, town.desk.ring)
        self.consent_id, self.objection_id = self._speak()
        self.new_endpoint(town.charlies)
        self.new_account(town.charlies, "Beach house 9")
        self._invite(town.charlie, town.charlies, "dilbert@example.com")
        self.invitation_id = self._invite(town.alice, town.alices, "dora@example.com")
        self._ask_for_a_new_password(town.alice)
        self._open_a_marketplace()
        with town.desk.tenant(town.alices) as work:
            self.job_id = enqueue(work, name=JobName.POSTS_RECORD, dedupe_key="of alice's")
        assert self.ids, "made now, so that nothing of hers changes while Charlie tries"

    @cached_property
    def inquiry_id(self) -> uuid.UUID:
        """Somebody wrote to Alice."""
        with self.town.desk.tenant(self.town.alices) as work:
            asked = read_fields("V", {"name": "Ida", "email": "ida@example.org", "message": "Hej"})
            ring, device = self.town.desk.ring, Technical(ip_address="192.0.2.7")
            made = open_inquiry(
                work, vault=ring, service="V", channel=Channel.FORM, asked=asked, technical=device
            ).id
            answer_inquiry(
                work,
                vault=ring,
                inquiry_id=made,
                text="Hej hej",
                answers_to="desk@example.com",
                sending=False,
            )
            return made

    @cached_property
    def field_id(self) -> uuid.UUID:
        """A field that Alice declared, with something in it."""
        declared = Declaration(
            About.INQUIRY, "meter", "Meter", FieldType.TEXT, Purpose.DELIVERY, LegalBasis.CONTRACT
        )
        with self.town.desk.tenant(self.town.alices) as work:
            field_id = declare_field(work, declaration=declared)
            fill_fields(
                work,
                vault=self.town.desk.ring,
                about=About.INQUIRY,
                record_id=self.inquiry_id,
                given={"meter": "FI-4711"},
            )
        return field_id

    @cached_property
    def form_id(self) -> uuid.UUID:
        """A form on Alice's pages."""
        notice = "https://www.example.com/privacy"
        with self.town.desk.tenant(self.town.alices) as work:
            work.connection.execute(
                text("UPDATE tenants SET services = '{T,V}' WHERE tenant_id = :alice"),
                {"alice": work.tenant_id},
            )
            chosen = FormSettings(
                name="Contact", service="V", notice_url=notice, answers_to="desk@example.com"
            )
            return add_form(work, vault=self.town.desk.ring, settings=chosen).id

    @cached_property
    def request_id(self) -> uuid.UUID:
        """Somebody asked Alice to restrict their data; she takes longer, and has an answer."""
        wish, ring = "Do not call me.", self.town.desk.ring
        waits = Asked(
            kind=RequestKind.RESTRICTION,
            channel=RequestChannel.LETTER,
            person=Somebody(phone="+12025550101"),
            service="T",
            wish=wish,
        )
        asked = replace(
            waits, kind=RequestKind.ACCESS, person=Somebody(phone="+12025550100"), wish=""
        )
        made = []
        for one in (asked, waits):
            with self.town.desk.tenant(self.town.alices) as work:
                clerk = clerk_of(work, ring, sending=False)
                made.append(receive_request(work, clerk, one).id)
                extend_request(work, clerk, request_id=made[-1], reasons="Many systems.")
                verify_by_agent(work, clerk, request_id=made[-1], method=How.CALL_BACK)
            signer = load_signer(
                self.installation.settings.keys_folder, wrap=bytes, unwrap=bytes, pinned=None
            )
            run_request(
                lambda: self.town.desk.tenant(self.town.alices), clerk, signer, request_id=made[-1]
            )
        with self.town.desk.tenant(self.town.alices) as work:
            announce_lifting(work, clerk, request_id=made[-1], reasons="It was corrected.")
        return made[-1]

    @cached_property
    def proof_id(self) -> uuid.UUID:
        """Somebody else is doubted, refused, helped by an authority, and shows a document."""
        asked = Asked(
            kind=RequestKind.RECTIFICATION,
            channel=RequestChannel.LETTER,
            person=Somebody(phone="+12025550102"),
            service="V",
            correction=Correction(name="Robin Example"),
        )
        with self.town.desk.tenant(self.town.alices) as work:
            clerk = clerk_of(work, self.town.desk.ring, sending=False)
            made = receive_request(work, clerk, asked).id
            ask_for_proof(work, clerk, request_id=made, reasons="Is it you?")
            ground = Ground.NOT_IDENTIFIED
            refuse_request(work, clerk, request_id=made, ground=ground, reasons="Nobody knows.")
            due = work.today + timedelta(days=14)
            reopen_by_order(work, clerk, request_id=made, due=due, order="Order 1")
            return give_proof(work, clerk, request_id=made, content=b"%PDF-1.7 Robin")

    @cached_property
    def hold_id(self) -> uuid.UUID:
        """One of Alice's contacts was held for a while."""
        contact = self._one("SELECT id FROM contacts WHERE tenant_id = :alice LIMIT 1")
        with self.town.desk.tenant(self.town.alices) as work:
            ring, relation = self.town.desk.ring, Holdable.CONTACTS
            made = begin_hold(work, ring, relation=relation, row_id=contact, reason="Case 17")
            end_hold(work, hold_id=made)
        return made

    @cached_property
    def registered(self) -> dict[str, uuid.UUID]:
        """Alice told a court something, lost something, and announced a processor."""
        ring = self.town.desk.ring
        with self.town.desk.tenant(self.town.alices) as work:
            told = Disclosing(
                service="V",
                ground=Grounded.COURT,
                person=Somebody(email="ida@example.org", name="Ida Example"),
                recipient="Amtsgericht Example",
                reference="4 C 7/26",
                fields=("email",),
            )
            lost = Discovered(
                service="V", what=What(nature="A laptop was stolen."), discovered_at=work.now
            )
            breach = record_breach(work, ring, lost)
            assess_breach(work, ring, breach_id=breach, risk=Risk.RISK, reasons="Disk sealed.")
            coming = Announcing(
                service="V",
                name="Rechenzentrum Example",
                role="Hosting",
                country="DE",
                transfer=Transfer.EU_EEA,
                fields=("email",),
                statement_url="https://example.com/privacy",
                agreement_url="https://example.com/dpa",
                effective_on=work.today + timedelta(days=30),
            )
            work.connection.execute(
                text(
                    "INSERT INTO stale_findings (tenant_id, id, contact_id, rule, found_at) "
                    "SELECT tenant_id, gen_random_uuid(), id, 'idle', now() FROM contacts "
                    "WHERE tenant_id = :alice AND account_id IS NULL LIMIT 1"
                ),
                {"alice": work.tenant_id},
            )
            return {
                "disclosure_id": record_disclosure(work, ring, told),
                "breach_id": breach,
                "processor_id": announce_processor(work, coming),
            }

    def _advisory(self) -> uuid.UUID:
        """The installation's, which is none of Charlie's."""
        with self.town.desk.installation() as work:
            one = Reported("CVE-2026-1", "openssl", "3.0.14", "3.0.15", True)
            import_report(work, source="debian", reported=[one])
        return self._one("SELECT id FROM advisories")

    @cached_property
    def registrant_id(self) -> uuid.UUID:
        """Somebody registered with Alice."""
        with self.town.desk.tenant(self.town.alices) as work:
            row = Registrant(
                tenant_id=work.tenant_id,
                id=new_id(),
                form_id=self.form_id,
                service="V",
                details_version=0,
                password_version=0,
                state="active",
                check_state="unchecked",
                created_at=work.now,
            )
            details = Details("ida", "Ida", "Example", "ida@example.org", "1990-01-01")
            ring, agreement_id = self.town.desk.ring, new_id()
            put_details(work, ring, row, details)
            put_password(work, ring, row, self.town.desk.hashing.hash(PASSWORD))
            work.session.add(row)
            work.session.flush()
            work.session.add(
                RegistrantAgreement(
                    tenant_id=work.tenant_id,
                    id=agreement_id,
                    registrant_id=row.id,
                    term="policy",
                    term_version="1",
                    evidence_sealed=seal_evidence(work, ring, agreement_id, "192.0.2.7"),
                    accepted_at=work.now,
                )
            )
            check_registration(
                work,
                vault=ring,
                registrant_id=row.id,
                method=Method.CALL,
                outcome=Outcome.DOUBTFUL,
                note="Nobody there",
                sending=False,
            )
            return row.id

    @cached_property
    def charlie(self) -> Person:
        """An owner with a second factor: everything that a tenant can give."""
        person = self.town.person("carl", Role.OWNER, self.town.charlies)
        self.town.enrol(person)
        return person

    @cached_property
    def browser(self) -> Browser:
        """Charlie's, fully signed in."""
        browser = self.town.browser(self.charlie)
        assert browser.get("/overview").status_code == 200
        return browser

    @cached_property
    def charlies_key(self) -> dict[str, str]:
        """The header of a key of Charlie's with every scope there is."""
        return header_of(self.new_key(self.town.charlies))

    @cached_property
    def ids(self) -> dict[str, uuid.UUID]:
        """What Alice has, by the name that a route gives it. A new name is added here."""
        return {
            "account_id": self.account.id,
            "field_id": self.field_id,
            "inquiry_id": self.inquiry_id,
            "form_id": self.form_id,
            "registrant_id": self.registrant_id,
            "request_id": self.request_id,
            "proof_id": self.proof_id,
            "hold_id": self.hold_id,
            "call_id": self._one("SELECT id FROM calls WHERE tenant_id = :alice LIMIT 1"),
            **self.registered,
            "finding_id": self._one("SELECT id FROM stale_findings WHERE tenant_id = :alice"),
            "advisory_id": self._advisory(),
            "consent_id": self.consent_id,
            "objection_id": self.objection_id,
            "key_id": self.key.id,
            "endpoint_id": self._one("SELECT id FROM webhook_endpoints WHERE tenant_id = :alice"),
            "delivery_id": self._one(
                "SELECT id FROM webhook_deliveries WHERE tenant_id = :alice LIMIT 1"
            ),
            "user_id": self.town.alice.id,
            "invitation_id": self.invitation_id,
            "session_id": self._one(
                "SELECT id FROM sign_in_sessions WHERE user_id = :user AND ended_at IS NULL"
            ),
            "mail_id": self._one("SELECT id FROM mails LIMIT 1"),
            "job_id": self._one("SELECT id FROM outbox_jobs WHERE tenant_id = :alice LIMIT 1"),
            "tenant_id": self.town.alices,
            "contact_id": self._one(
                "SELECT id FROM contacts WHERE tenant_id = :alice AND account_id IS NULL"
            ),
            "invoice_id": self._one("SELECT id FROM invoices WHERE tenant_id = :alice LIMIT 1"),
            "payment_id": self._one("SELECT id FROM payments WHERE tenant_id = :alice LIMIT 1"),
            "document_id": self._one(
                "SELECT id FROM outgoing_documents WHERE tenant_id = :alice LIMIT 1"
            ),
            "product_id": self._one("SELECT id FROM products WHERE tenant_id = :alice LIMIT 1"),
            "subscription_id": self._one(
                "SELECT id FROM subscriptions WHERE tenant_id = :alice LIMIT 1"
            ),
        }

    def rules(self) -> list[tuple[Rule, str, Access]]:
        """Each rule of the application with each of its methods."""
        found = []
        for rule in self.town.app.url_map.iter_rules():
            access = access_of(self.town.app.view_functions[rule.endpoint])
            assert access is not None, rule.endpoint
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}):
                found.append((rule, method, access))  # noqa: PERF401
        return found

    def new_key(self, tenant_id: uuid.UUID) -> CreatedKey:
        """An API key with every scope."""
        with self.town.desk.tenant(tenant_id) as work:
            return create_api_key(self.town.desk.ring, work, name="Programs", scopes=KEY_SCOPES)

    def new_account(self, tenant_id: uuid.UUID, name: str) -> NewAccount:
        """A FreeSWITCH account, and one for the tenant's own programs."""
        with self.town.desk.tenant(tenant_id) as work:
            ring = self.town.desk.ring
            add_account(work, vault=ring, kind=AccountKind.API, name="Own program")
            add_account(
                work, vault=ring, kind=AccountKind.TWILIO, name="Line", credential="auth-token"
            )
            return add_account(work, vault=ring, kind=AccountKind.FREESWITCH, name=name)

    def new_endpoint(self, tenant_id: uuid.UUID) -> None:
        """A webhook endpoint that wants to know everything."""
        wish = Wish("Helpdesk", "https://hooks.example.com/silta", CHOOSABLE)
        with self.town.desk.tenant(tenant_id) as work:
            add_endpoint(work, vault=self.town.desk.ring, wish=wish)

    def fingerprint(self) -> dict[str, str]:
        """All that Alice has, row by row; the ledger, which grows by itself, left out."""
        with self.installation.superuser().connect() as connection:
            tables = connection.execute(
                text(
                    "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
                    "WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') "
                    "AND NOT c.relispartition AND c.relname NOT LIKE 'ledger%' ORDER BY 1"
                )
            ).scalars()
            return {
                table: str(
                    connection.execute(
                        text(
                            f"SELECT string_agg(t::text, ';' ORDER BY t::text) FROM {table} t "
                            "WHERE tenant_id = :alice OR to_jsonb(t)->>'user_id' = :user "
                            "OR to_jsonb(t)->>'id' = :user"
                        ),
                        self._names | {"user": str(self.town.alice.id)},
                    ).scalar()
                )
                for table in list(tables)
            }

    @property
    def _names(self) -> dict[str, Any]:
        return {"alice": self.town.alices, "user": self.town.alice.id}

    def _one(self, statement: str) -> uuid.UUID:
        with self.installation.superuser().connect() as connection:
            found = connection.execute(text(statement), self._names).scalars().first()
        assert isinstance(found, uuid.UUID), statement
        return found

    def _send(self) -> None:
        answer = self.client.post(
            "/api/v1/calls", json=[call(n) for n in range(3)], headers=header_of(self.key)
        )
        assert answer.json is not None
        assert answer.json["accepted"] == 3, answer.json
        for number in range(2):
            leg = f"0b9d7a1e-3c52-4d55-8c9e-6a1f2b3c4d5{number}"
            sent = self.client.post(f"/in/{self.account.secret}", data=cdr(leg))
            assert sent.status_code == 200

    def _speak(self) -> tuple[uuid.UUID, uuid.UUID]:
        """Somebody agrees to something, and objects to something else."""
        who = {"email": "robin@example.com", "number": "+12025550143", "channel": "form"}
        words = {"wording": "Yes, send me mail.", "language": "en", "version": "1"}
        wish = {"purpose": "direct_marketing", "evidence": "entry 12"}
        said = {"objections": ["telemarketing"]}
        made = [
            self.client.post(f"/api/v1/{path}", json=who | more, headers=header_of(self.key)).json
            for path, more in (("consents", words | wish), ("objections", said))
        ]
        assert made[0] is not None
        assert made[1] is not None
        with self.town.desk.tenant(self.town.alices) as work:
            unsure = Somebody(email="robin@example.com")
            half = Unconfirmed("objection", "T", "en", ["telemarketing"], unsure)
            ask_confirmation(work, self.town.desk.ring, half, tenant="Alice", sending=False)
            publish_notices(work, self.town.desk.ring)
        return uuid.UUID(made[0]["id"]), uuid.UUID(made[1]["ids"][0])

    def _keep_records(self) -> None:
        """A contact of her own, and what a cloud system brought."""
        tenancy = self.town.tenancy(self.town.alices)
        account = an_account(tenancy, AccountKind.MICROSOFT)
        for kind, record in {
            RecordKind.CONTACTS: a_contact(name=COMPANY),
            RecordKind.INVOICES: Invoice(number="1", customer_name=COMPANY),
            RecordKind.PAYMENTS: Payment(invoice="1"),
            RecordKind.PRODUCTS: Product(name=COMPANY),
            RecordKind.SUBSCRIPTIONS: Subscription(customer="1", product_name=COMPANY),
        }.items():
            thing = received("1", record, document=b"{}")
            assert Books(tenancy, account, kind, stream=kind.value).save(thing).created == 1
        answer = self.client.post(
            "/api/v1/contacts", json={"name": COMPANY}, headers=header_of(self.key)
        )
        assert answer.status_code == 200, answer.json

    def _invite(self, person: Person, tenant_id: uuid.UUID, email: str) -> uuid.UUID:
        owner = Principal(PrincipalKind.USER, tenant_id, person.id, role=Role.OWNER.value)
        return invite(self.town.desk, principal=owner, email=email, role=Role.AGENT)

    def _open_a_marketplace(self) -> None:
        with self.town.desk.installation() as work:
            made = create_marketplace_key(work, name="Market")
            set_callback(
                work,
                vault=self.town.desk.ring,
                key_id=made.id,
                url="https://market.example.com/changed",
                key=made.text,
            )

    def _ask_for_a_new_password(self, person: Person) -> None:
        answer = self.town.browser().post("/forgotten-password", email=person.email)
        assert answer.status_code == 200


def header_of(key: CreatedKey) -> dict[str, str]:
    """As a program sends it."""
    return {"Authorization": f"Bearer {key.text}"}


def path_of(rule: Rule, values: dict[str, object]) -> str:
    """The address of a rule with these values in it."""
    adapter = rule.map.bind("localhost")
    return adapter.build(rule.endpoint, values, append_unknown=False)
