"""Programs: their keys, the accounts and endpoints that they use, and the calls that they send."""

import uuid

from flask.testing import FlaskClient

from connector.accounts.add import NewAccount, add_account
from connector.accounts.kinds import AccountKind
from connector.events_out.endpoints import Wish, add_endpoint
from connector.events_out.kinds import CHOOSABLE
from tenants.api_keys.create import CreatedKey, create_api_key
from tenants.marketplace_keys.create import create_marketplace_key, set_callback
from tenants.permissions import KEY_SCOPES
from tests.functional.api.exchanges import cdr
from tests.functional.api.programs import call
from tests.functional.console.town import Town


def new_key(town: Town, tenant_id: uuid.UUID) -> CreatedKey:
    """An API key with every scope."""
    with town.desk.tenant(tenant_id) as work:
        return create_api_key(town.desk.ring, work, name="Programs", scopes=KEY_SCOPES)


def new_account(town: Town, tenant_id: uuid.UUID, name: str) -> NewAccount:
    """A FreeSWITCH account of this name, beside a Twilio one and one for own programs."""
    ring = town.desk.ring
    with town.desk.tenant(tenant_id) as work:
        add_account(work, vault=ring, kind=AccountKind.API, name="Own program")
        add_account(work, vault=ring, kind=AccountKind.TWILIO, name="Line", credential="auth-token")
        return add_account(work, vault=ring, kind=AccountKind.FREESWITCH, name=name)


def new_endpoint(town: Town, tenant_id: uuid.UUID) -> None:
    """A webhook endpoint that wants to know everything."""
    wish = Wish("Helpdesk", "https://hooks.example.com/silta", CHOOSABLE)
    with town.desk.tenant(tenant_id) as work:
        add_endpoint(work, vault=town.desk.ring, wish=wish)


def open_marketplace(town: Town) -> None:
    """A marketplace that is told of every change."""
    with town.desk.installation() as work:
        made = create_marketplace_key(work, name="Market")
        set_callback(
            work,
            vault=town.desk.ring,
            key_id=made.id,
            url="https://market.example.com/changed",
            key=made.text,
        )


def send_calls(client: FlaskClient, key: CreatedKey, account: NewAccount) -> None:
    """Three calls over the API, and two that the exchange sends by itself."""
    calls = [call(n) for n in range(3)]
    answer = client.post("/api/v1/calls", json=calls, headers=header_of(key))
    assert answer.json is not None
    assert answer.json["accepted"] == len(calls), answer.json
    for number in range(2):
        leg = f"0b9d7a1e-3c52-4d55-8c9e-6a1f2b3c4d5{number}"
        sent = client.post(f"/in/{account.secret}", data=cdr(leg))
        assert sent.status_code == 200


def header_of(key: CreatedKey) -> dict[str, str]:
    """As a program sends it."""
    return {"Authorization": f"Bearer {key.text}"}
