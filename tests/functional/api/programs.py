"""The faces for programs with the real guard, keys from a table, and real data behind."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask
from werkzeug.test import TestResponse

from connector.accounts.add import add_account
from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.refs import AccountRef, ref_of
from connector.http.api.problems import render
from connector.http.api.register import register as register_api
from connector.http.intake.register import register as register_intake
from privacy.core import clock
from privacy.core.ids import new_id
from tenants.api_keys.text import new_key
from tenants.desks import Desk
from tenants.http import guard, headers, requests, services
from tenants.permissions import KEY_SCOPES, Permission
from tenants.principals import Mode, Principal, PrincipalKind
from tests.tenancies import House, Tenancy


class OnlyRing:
    """Of a desk, what programs' views use."""

    def __init__(self, house: House) -> None:
        self.ring = house.vault


class Programs:
    """An application, its API keys, and its accounts' secrets."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.keys: dict[str, Principal] = {}
        self.app = self._make_app()
        self.client = self.app.test_client()

    def _make_app(self) -> Flask:
        app = Flask("programs")
        installed = self.house.installation
        desk = cast("Desk", OnlyRing(self.house))
        services.install(
            app, services.Services(installed.settings, installed.engines, desk, b"s" * 32)
        )
        headers.install(app, https=False)
        requests.install(app)
        known = guard.Authenticators(session=lambda _: None, key=self.keys.get, token=lambda: None)
        guard.recognise_callers(app, known)
        guard.check_permissions(app)
        register_api(app)
        register_intake(app)
        app.register_error_handler(Exception, render)
        return app

    def key(
        self,
        tenancy: Tenancy,
        *,
        scopes: Iterable[Permission] = KEY_SCOPES,
        mode: Mode = Mode.LIVE,
    ) -> dict[str, str]:
        """The header of a new key."""
        raw = new_key(mode)
        named = frozenset(scope.value for scope in scopes)
        self.keys[raw] = Principal(
            PrincipalKind.API_KEY, tenancy.id, id=new_id(), scopes=named, mode=mode
        )
        return {"Authorization": f"Bearer {raw}"}

    def account(
        self, tenancy: Tenancy, kind: AccountKind, name: str = "PBX", **settings: object
    ) -> tuple[AccountRef, str]:
        """A new account and the path of its address."""
        with tenancy.work() as work:
            made = add_account(
                work,
                vault=tenancy.vault,
                kind=kind,
                name=name,
                settings=settings,
                credential="token-of-a-test",
            )
            ref = ref_of(find_account(work, made.id))
        return ref, f"/in/{made.secret}"

    def post_calls(
        self, key: dict[str, str], calls: list[dict[str, Any]], **more: str
    ) -> TestResponse:
        """Send records as JSON."""
        return self.client.post("/api/v1/calls", json=calls, headers=key | more)


def call(number: int = 0, *, ago: timedelta = timedelta(minutes=10), **more: Any) -> dict[str, Any]:
    """A record that a sender would send; reserved numbers (+1 202 555 01xx)."""
    start: datetime = clock.now() - ago
    made: dict[str, Any] = {
        "source_id": f"call-{number}",
        "direction": "inbound",
        "caller": f"+1202555{100 + number % 100:04}",
        "called": "+442079460018",
        "user_id": "agent-7",
        "started_at": start.isoformat(),
        "answered_at": (start + timedelta(seconds=5)).isoformat(),
        "ended_at": (start + timedelta(seconds=65)).isoformat(),
    }
    return made | more
