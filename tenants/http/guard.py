"""The guard: deny by default, decided before a view runs.

It says who is asking (a bearer key on machine routes, the session cookie on pages; never the
one on the other's routes, so that no cookie can be ridden into the API), counts the request,
and compares the view's declaration with what the caller may. A view without a declaration
stops the boot.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, g, request

from privacy.core.errors import Forbidden, Misconfigured, NotFound, Unauthenticated
from tenants.http.access import Access, Demand, access_of
from tenants.http.callers import caller, set_caller
from tenants.http.denials import record_denial
from tenants.http.headers import is_static
from tenants.permissions import KEY_SCOPES, allows
from tenants.principals import STRANGER, Principal, PrincipalKind, Stage

MARKETPLACE_PATH = "/marketplace/"
MACHINE_PATHS = ("/api/", "/in/", MARKETPLACE_PATH)
HOLDER_PATH = "/account/"
"""Accounts of registered people: a cookie of their own opens them, and nothing else."""
ANONYMOUS_PATHS = ("/f/", "/forms/", "/privacy/", "/.well-known/")
"""For everybody, without a cookie: who comes along is not asked, and can be ridden by nobody."""


class AtAnotherStep(Forbidden):
    """This page belongs to another step of signing in than the one that is owed now."""

    code = "sign_in_unfinished"
    message = "Finish signing in first."


@dataclass(frozen=True)
class Authenticators:
    """How a caller is recognised: `session` by cookie token, `key` by bearer text.

    Each returns a principal, or None for a stranger; `key` and `marketplace` (which takes what
    came as `x-api-key`) may raise what they have to say.
    """

    session: Callable[[str], Principal | None]
    key: Callable[[str], Principal | None]
    token: Callable[[], str | None]
    marketplace: Callable[[str], Principal | None] = lambda _: None
    holder: Callable[[], Principal | None] = lambda: None


def recognise_callers(app: Flask, authenticators: Authenticators) -> None:
    """First half: find out who is asking. A refused key is remembered, not yet answered."""

    @app.before_request
    def _recognised() -> None:
        g.refusal = _recognise(authenticators)


def check_permissions(app: Flask) -> None:
    """Second half, after the flood limits: compare the declaration with what the caller may."""

    @app.before_request
    def _checked() -> None:
        if request.routing_exception is not None:
            return  # no view will run; the answer is that nothing is here, or not this way
        access = _declared(app)
        if access is None:
            raise NotFound
        if access.demand is not Demand.PUBLIC and g.refusal is not None:
            raise g.refusal
        _check_or_tell(access, caller())


def check(access: Access, who: Principal) -> None:
    """Whether `who` may pass. Raises Unauthenticated, AtAnotherStep or Forbidden."""
    if access.demand is Demand.PUBLIC:
        return None
    if who.kind is PrincipalKind.NOBODY:
        raise Unauthenticated
    if access.demand is Demand.STEP:
        return _check_step(access, who)
    if access.demand is Demand.HOLDER or who.kind is PrincipalKind.REGISTRANT:
        return _only_holders(access, who)
    if who.stage is not Stage.FULL:
        raise AtAnotherStep
    if access.demand is Demand.SIGNED_IN:
        return _only_people(who)
    if access.permission is None or not allows(who, access.permission):
        raise _forbidden(access, who)
    return None


def _forbidden(access: Access, who: Principal) -> Forbidden:
    """A key is told which scope it lacks: that stands in the documentation anyway."""
    if who.kind is not PrincipalKind.API_KEY or access.permission not in KEY_SCOPES:
        return Forbidden()
    return Forbidden(
        f"This API key lacks the scope {access.permission}. Make one that has it, in the console."
    )


def enforce(app: Flask) -> None:
    """Refuse to boot while any rule of the URL map leads to an undeclared view.

    Raises:
        Misconfigured: names the endpoints.
    """
    rules = app.url_map.iter_rules()
    bare = sorted({r.endpoint for r in rules if access_of(app.view_functions[r.endpoint]) is None})
    if bare:
        raise Misconfigured(f"These views declare no permission: {', '.join(bare)}")


def is_machine(path: str) -> bool:
    """Whether `path` is a program's: keys open it, cookies do not."""
    return path.startswith(MACHINE_PATHS)


def is_anonymous(path: str) -> bool:
    """Whether `path` is the public's: neither keys nor cookies mean anything there."""
    return path.startswith(ANONYMOUS_PATHS)


def _declared(app: Flask) -> Access | None:
    if request.endpoint is None:
        return None
    return access_of(app.view_functions[request.endpoint])


def _recognise(authenticators: Authenticators) -> Unauthenticated | None:
    set_caller(STRANGER)
    if is_static(request.endpoint) or is_anonymous(request.path):
        return None  # everybody gets these: who asks need not be looked up for each picture
    try:
        principal = (
            _by_key(authenticators) if is_machine(request.path) else _by_cookie(authenticators)
        )
    except Unauthenticated as failure:
        return failure
    if principal is not None:
        set_caller(principal)
    return None


def _by_key(authenticators: Authenticators) -> Principal | None:
    if request.path.startswith(MARKETPLACE_PATH):
        raw = request.headers.get("X-Api-Key", "")
        return authenticators.marketplace(raw) if raw else None
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        return None
    return authenticators.key(text.strip())


def _by_cookie(authenticators: Authenticators) -> Principal | None:
    if request.path.startswith(HOLDER_PATH):
        return authenticators.holder()
    token = authenticators.token()
    return authenticators.session(token) if token else None


def _check_or_tell(access: Access, who: Principal) -> None:
    try:
        check(access, who)
    except AtAnotherStep:
        raise
    except Forbidden:
        record_denial(who, request.endpoint or "")
        raise


def _check_step(access: Access, who: Principal) -> None:
    _only_people(who)
    if who.stage not in access.stages:
        raise AtAnotherStep


def _only_holders(access: Access, who: Principal) -> None:
    """Holders open their own accounts and nothing else; nobody else opens those."""
    if access.demand is not Demand.HOLDER or who.kind is not PrincipalKind.REGISTRANT:
        raise Forbidden


def _only_people(who: Principal) -> None:
    if who.kind is not PrincipalKind.USER:
        raise Forbidden
