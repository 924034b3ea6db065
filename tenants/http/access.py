"""What a view demands of whoever calls it, declared on the view itself.

The declaration is data: the guard enforces it before the view runs, a boot check finds views
without one, and tests walk the URL map by it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from tenants.permissions import Permission
from tenants.principals import Stage

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "__silta_access__"


class Demand(StrEnum):
    """How far somebody has to have come."""

    PUBLIC = "public"
    STEP = "step"
    HOLDER = "holder"
    SIGNED_IN = "signed_in"
    PERMISSION = "permission"


@dataclass(frozen=True, slots=True)
class Access:
    """A view's declaration.

    Args:
        reason: why a public view may be public.
        stages: for a step of signing in, at which stages it is open.
    """

    demand: Demand
    permission: Permission | None = None
    reason: str = ""
    stages: frozenset[Stage] = frozenset()


def requires(permission: Permission) -> Callable[[View], View]:
    """Only for who holds `permission` in the tenant that the session or key is bound to."""
    return _declare(Access(Demand.PERMISSION, permission))


def public(reason: str) -> Callable[[View], View]:
    """For everybody, because of `reason`. What it needs to check, it checks itself."""
    return _declare(Access(Demand.PUBLIC, reason=reason))


def holder_only(view: View) -> View:
    """Only for somebody outside who is signed in to an account that a registration made."""
    return _declare(Access(Demand.HOLDER))(view)


def signed_in(view: View) -> View:
    """For every person who is fully signed in, whatever their role."""
    return _declare(Access(Demand.SIGNED_IN))(view)


def step_of(*stages: Stage) -> Callable[[View], View]:
    """A step of signing in: for a person who stands at one of `stages` (ATTACK 30)."""
    return _declare(Access(Demand.STEP, stages=frozenset(stages)))


def access_of(view: Callable[..., Any]) -> Access | None:
    """The declaration of `view`; None when it has none."""
    access = getattr(view, _MARK, None)
    return access if isinstance(access, Access) else None


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _MARK, access)
        return view

    return mark
