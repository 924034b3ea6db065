"""Alice's tenant with one of everything that has an id, and Charlie who wants to see it."""

import uuid
from functools import cached_property
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule

from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from tenants.http.access import Access
from tenants.permissions import Role
from tests.functional.console.town import Browser, Person, Town
from tests.installations import Installation
from tests.isolation.walls.addresses import rules_of
from tests.isolation.walls.connected import connect_books
from tests.isolation.walls.lives import (
    exports,
    forms,
    people,
    programs,
    records,
    registers,
    requests,
)

EXCHANGE = "Fjord house 7"
UNKNOWN = uuid.UUID("0198c0de-0000-7000-8000-00000000dead")

# What came into being by the way: looked up by the name that a route gives it.
_FOUND = {
    "call_id": "SELECT id FROM calls WHERE tenant_id = :alice LIMIT 1",
    "finding_id": "SELECT id FROM stale_findings WHERE tenant_id = :alice",
    "advisory_id": "SELECT id FROM advisories",
    "endpoint_id": "SELECT id FROM webhook_endpoints WHERE tenant_id = :alice",
    "delivery_id": "SELECT id FROM webhook_deliveries WHERE tenant_id = :alice LIMIT 1",
    "session_id": "SELECT id FROM sign_in_sessions WHERE user_id = :user AND ended_at IS NULL",
    "mail_id": "SELECT id FROM mails LIMIT 1",
    "job_id": "SELECT id FROM outbox_jobs WHERE tenant_id = :alice LIMIT 1",
    "contact_id": "SELECT id FROM contacts WHERE tenant_id = :alice AND account_id IS NULL",
    "invoice_id": "SELECT id FROM invoices WHERE tenant_id = :alice LIMIT 1",
    "payment_id": "SELECT id FROM payments WHERE tenant_id = :alice LIMIT 1",
    "document_id": "SELECT id FROM outgoing_documents WHERE tenant_id = :alice LIMIT 1",
    "product_id": "SELECT id FROM products WHERE tenant_id = :alice LIMIT 1",
    "subscription_id": "SELECT id FROM subscriptions WHERE tenant_id = :alice LIMIT 1",
}


class World:
    """A town that is lived in. Everything of Alice's was made as people and programs make it."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.installation: Installation = town.house.installation
        requests.signer_of(town)
        self.client: FlaskClient = town.app.test_client()
        self.alice_in = town.browser(town.alice)
        self.key = programs.new_key(town, town.alices)
        self.account = programs.new_account(town, town.alices, EXCHANGE)
        programs.new_endpoint(town, town.alices)
        programs.send_calls(self.client, self.key, self.account)
        records.keep_records(town, self.client, self.key)
        with town.desk.tenant(town.alices) as work:
            connect_books(work, town.desk.ring)
        self._consent_id, self._objection_id = registers.agree_and_object(
            town, self.client, self.key
        )
        programs.new_endpoint(town, town.charlies)
        programs.new_account(town, town.charlies, "Beach house 9")
        people.invite_agent(town, town.charlie, town.charlies, "dilbert@example.com")
        self._invitation_id = people.invite_agent(town, town.alice, town.alices, "dora@example.com")
        people.forget_password(town, town.alice)
        programs.open_marketplace(town)
        with town.desk.tenant(town.alices) as work:
            enqueue(work, name=JobName.POSTS_RECORD, dedupe_key="of alice's")
        assert self.ids, "made now, so that nothing of hers changes while Charlie tries"

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
        return programs.header_of(programs.new_key(self.town, self.town.charlies))

    @cached_property
    def ids(self) -> dict[str, uuid.UUID]:
        """What Alice has, by the name that a route gives it. A new name is added here."""
        town = self.town
        inquiry_id, form_id = forms.answered_inquiry(town), forms.contact_form(town)
        contact = self._one("SELECT id FROM contacts WHERE tenant_id = :alice LIMIT 1")
        made = {
            "account_id": self.account.id,
            "key_id": self.key.id,
            "field_id": forms.filled_field(town, inquiry_id),
            "inquiry_id": inquiry_id,
            "form_id": form_id,
            "registrant_id": forms.doubtful_registrant(town, form_id),
            "request_id": requests.restricted_request(town),
            "proof_id": requests.shown_proof(town),
            "hold_id": requests.ended_hold(town, contact),
            **registers.fill_registers(town),
            "consent_id": self._consent_id,
            "objection_id": self._objection_id,
            "user_id": town.alice.id,
            "tenant_id": town.alices,
            "invitation_id": self._invitation_id,
        }
        registers.report_advisory(town)
        made["export_id"] = exports.ready_archive(town)
        return made | {name: self._one(statement) for name, statement in _FOUND.items()}

    def rules(self) -> list[tuple[Rule, str, Access]]:
        """Each rule of the application with each of its methods."""
        return rules_of(self.town.app)

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
