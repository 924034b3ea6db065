"""Count the requests of API keys, and say on each answer what is left."""

from typing import Final

from flask import Blueprint, Flask, Response, current_app, g

from connector.http.rates.counters import Counter, RedisCounter
from connector.http.rates.policies import KEY, Standing, count
from tenants.http.callers import caller
from tenants.http.services import Services
from tenants.principals import PrincipalKind

_NAME: Final = "silta.requests"


def install_counter(app: Flask) -> None:
    """Give `app` the counter of all its installation's processes; its services come first."""
    made = app.extensions["silta"]
    assert isinstance(made, Services)  # noqa: S101 - for the type checker
    app.extensions[_NAME] = RedisCounter.at(made.settings.redis_url.get_secret_value())


def counter() -> Counter:
    """The running application's counter."""
    found: Counter = current_app.extensions[_NAME]
    return found


def count_keys(api: Blueprint) -> None:
    """Count each key's requests to `api`; one too many is 429 (RFC 6585, §4)."""

    @api.before_request
    def _count() -> None:
        who = caller()
        if who.kind is PrincipalKind.API_KEY:
            g.standing = count(counter(), KEY, str(who.id))
            g.standing.refuse_excess()

    @api.after_request
    def _say(response: Response) -> Response:
        standing = g.get("standing")
        if isinstance(standing, Standing):
            response.headers.update(standing.headers())
        return response
