"""The application's addresses: every rule with its methods, and a path with values in it."""

from flask import Flask
from werkzeug.routing import Rule

from tenants.http.access import Access, access_of

_METHODS = {"GET", "POST", "PUT", "DELETE"}


def rules_of(app: Flask) -> list[tuple[Rule, str, Access]]:
    """Each rule of the application with each of its methods."""
    found = []
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None, rule.endpoint
        for method in sorted((rule.methods or set()) & _METHODS):
            found.append((rule, method, access))  # noqa: PERF401
    return found


def path_of(rule: Rule, values: dict[str, object]) -> str:
    """The address of a rule with these values in it."""
    adapter = rule.map.bind("localhost")
    return adapter.build(rule.endpoint, values, append_unknown=False)
