"""Every way into the application is declared; one that is not stops the boot."""

from pathlib import Path
from typing import cast

import pytest
from flask import Flask

from connector import app as composition
from connector.app import create_app
from connector.http.intake.register import register as register_intake
from connector.inquiries.forms.models import PURPOSES
from connector.promises.pages import FORMS, PUBLIC
from privacy.core.errors import Misconfigured
from tenants.desks import Desk
from tenants.http.access import Demand, access_of
from tenants.permissions import Permission
from tests.installations import make_installation
from tests.servers import Servers


@pytest.fixture
def make(servers: Servers, tmp_path: Path) -> "Maker":
    return Maker(servers, tmp_path)


class Maker:
    """Makes the real application over a database that nobody asks."""

    def __init__(self, servers: Servers, folder: Path) -> None:
        self._made = make_installation(servers, "nobody_asks", folder)

    def __call__(self) -> Flask:
        return create_app(
            settings=self._made.settings,
            engines=self._made.engines,
            desk=cast(Desk, None),
            secret=b"s" * 32,
        )


def test_every_view_says_who_may_see_it(make: Maker) -> None:
    app = make()
    rules = list(app.url_map.iter_rules())
    assert len(rules) > 60
    for rule in rules:
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None, rule.endpoint
        if access.demand is Demand.PERMISSION:
            assert access.permission in set(Permission), rule.endpoint
        if access.demand is Demand.PUBLIC:
            assert len(access.reason) > 10, rule.endpoint


def test_the_pages_that_probes_visit_are_there(make: Maker) -> None:
    """A probe of a page that has moved would call a kept promise broken."""
    routes = make().url_map.bind("localhost")
    for path in (*PUBLIC, *(one.format("key") for one in FORMS.values())):
        routes.match(path, method="GET")
    assert set(FORMS) == set(PURPOSES)


@pytest.mark.attack(30)
def test_a_view_that_says_nothing_stops_the_boot(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(app: Flask) -> None:
        register_intake(app)
        app.add_url_rule("/careless", endpoint="careless", view_func=lambda: "")

    monkeypatch.setattr(composition, "register_intake", careless)
    with pytest.raises(Misconfigured, match="careless"):
        make()


def test_no_two_views_answer_alike(make: Maker) -> None:
    """The first rule would win in silence."""
    seen: set[tuple[str, str]] = set()
    for rule in make().url_map.iter_rules():
        for method in (rule.methods or set()) - {"OPTIONS"}:
            assert (rule.rule, method) not in seen, rule.rule
            seen.add((rule.rule, method))


@pytest.mark.attack(33)
def test_what_changes_something_is_never_a_get(make: Maker) -> None:
    """A rule whose name is an act takes POST only."""
    acts = ("add_", "delete", "revoke", "rotate", "pause", "resume", "remove", "end", "force")
    app = make()
    for rule in app.url_map.iter_rules():
        name = rule.endpoint.rpartition(".")[2]
        if name.startswith(acts) and "POST" in (rule.methods or ()):
            shows_a_form = name.startswith("add") or not rule.arguments
            assert shows_a_form or "GET" not in (rule.methods or ()), rule.endpoint
