"""A marketplace, as it would call us."""

import uuid
from itertools import count
from typing import Any

from sqlalchemy import text
from werkzeug.test import TestResponse

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, unit_of_work
from tenants.marketplace_keys.create import create_marketplace_key
from tests.functional.console.town import Town
from tests.tenancies import Tenancy

_serial = count(1)


class Market:
    """A key, and a client that calls methods with it."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.client = town.app.test_client()
        with self.installation() as work:
            made = create_marketplace_key(work, name="Market")
        self.key_id, self.key = made.id, made.text

    def installation(self) -> Any:
        """A unit of work of the installation."""
        engine = self.town.house.installation.engines.app
        return unit_of_work(engine, tenant_id=INSTALLATION_ID, actor=SYSTEM)

    def call(self, method: str, body: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Call a method; a body makes it a POST, and gets an order id unless it has one."""
        path, headers = f"/marketplace/v1/{method}", {"x-api-key": self.key}
        if body is None:
            return self.client.get(path, headers=headers, **more)
        return self.client.post(path, json=body, headers=headers, **more)

    def order(self, service: str = "T", **more: Any) -> dict[str, Any]:
        """A first order of a new customer."""
        number = next(_serial)
        made: dict[str, Any] = {
            "order_id": f"order-{number}",
            "service": service,
            "customer": {"id": f"customer-{number}", "name": f"Customer {number} Oy"},
            "owner": {"email": f"owner-{number}@example.com"},
            "parameters": {},
        }
        return made | more

    def provision(self, **more: Any) -> dict[str, Any]:
        """A new subscription."""
        answer = self.call("provision", self.order(**more))
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert isinstance(answer.json, dict)
        return answer.json

    def about(self, subscription: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A later order about a subscription."""
        return {
            "order_id": f"order-{next(_serial)}",
            "subscription_id": subscription["subscription_id"],
        } | more

    def tenancy(self, subscription: dict[str, Any]) -> Tenancy:
        """The tenant behind a subscription."""
        return self.town.tenancy(uuid.UUID(subscription["tenant_id"]))

    def one(self, statement: str, **given: Any) -> Any:
        """A single value, past every wall."""
        with self.town.house.installation.superuser().connect() as connection:
            return connection.execute(text(statement), given).scalar()
