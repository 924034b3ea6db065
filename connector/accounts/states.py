"""The life of a connector account: its states, and every legal step between them."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from privacy.core.errors import Conflict


class AccountState(StrEnum):
    """Where a connection stands."""

    DRAFT = "draft"
    TESTING = "testing"
    CONNECTED = "connected"
    DEGRADED = "degraded"
    NEEDS_REAUTH = "needs_reauth"
    ERROR = "error"
    DISABLED = "disabled"


_S = AccountState

STEPS: Final = MappingProxyType(
    {
        _S.DRAFT: frozenset({_S.TESTING, _S.DISABLED}),
        _S.TESTING: frozenset(
            {_S.DRAFT, _S.CONNECTED, _S.DEGRADED, _S.NEEDS_REAUTH, _S.ERROR, _S.DISABLED}
        ),
        _S.CONNECTED: frozenset({_S.TESTING, _S.DEGRADED, _S.NEEDS_REAUTH, _S.ERROR, _S.DISABLED}),
        _S.DEGRADED: frozenset({_S.CONNECTED, _S.NEEDS_REAUTH, _S.ERROR, _S.DISABLED}),
        _S.NEEDS_REAUTH: frozenset({_S.TESTING, _S.CONNECTED, _S.DISABLED}),
        _S.ERROR: frozenset({_S.TESTING, _S.CONNECTED, _S.DEGRADED, _S.NEEDS_REAUTH, _S.DISABLED}),
        _S.DISABLED: frozenset({_S.TESTING}),
    }
)
"""From each state, the states that may follow. Anything else is refused."""

RECEIVING: Final = frozenset({_S.TESTING, _S.CONNECTED, _S.DEGRADED, _S.ERROR})
"""States in which documents are taken. In an error, too: what can be read again ends it."""

READING: Final = frozenset({_S.CONNECTED, _S.DEGRADED, _S.ERROR})
"""States in which a system is read. An error is tried again, ever less often: it can be mended
outside, and nobody tells us."""


class IllegalStep(Conflict):
    """The account cannot go there from where it is."""

    code = "illegal_account_state"
    message = "The account's state has changed meanwhile. Reload the page and look again."


def check_step(current: AccountState, following: AccountState) -> None:
    """Raise IllegalStep unless `following` may come after `current`."""
    if following not in STEPS[current]:
        raise IllegalStep
