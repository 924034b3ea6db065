"""Records of a business: a contact of Alice's own, and what a cloud system brought."""

from flask.testing import FlaskClient

from connector.accounts.kinds import AccountKind
from connector.synced.shapes import Invoice, Payment, Product, RecordKind, Subscription
from tenants.api_keys.create import CreatedKey
from tests.database.records.books import Books, a_contact, an_account, received
from tests.functional.console.town import Town
from tests.isolation.walls.lives.programs import header_of

COMPANY = "Fjord company 7"


def keep_records(town: Town, client: FlaskClient, key: CreatedKey) -> None:
    """One of each kind from a Microsoft account, and a contact over the API."""
    tenancy = town.tenancy(town.alices)
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
    answer = client.post("/api/v1/contacts", json={"name": COMPANY}, headers=header_of(key))
    assert answer.status_code == 200, answer.json
