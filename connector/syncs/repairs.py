"""What a person can do about an account: one card of plain sentences, acts and fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from connector.accounts.connections import AccountConnection
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState
from connector.providers.port import CredentialField, Provider
from connector.syncs.models import AccountStream
from connector.syncs.removals import RemovalDoubtful


class Act(StrEnum):
    """What a page offers; each is a use case of the same name or near it."""

    ENTER = "enter_credential"
    TEST = "try_account"
    RUN = "request_run"
    RESUME = "resume_account"
    ADD_ANOTHER = "draft_account"
    DIAGNOSE = "diagnose"
    CONFIRM = "confirm_removal"


@dataclass(frozen=True, slots=True)
class Repair:
    """`what` is wrong, what `to_do`; `acts` in the order of their use; `fields` to enter again.

    Fields have no values: what was entered is never shown.
    """

    what: str
    to_do: str
    acts: tuple[Act, ...]
    fields: tuple[CredentialField, ...] = ()


_WAIT = "Nothing. It is tried again by itself, and this goes away when it works."
_REENTER = (
    "Enter the credential again below; a field left empty stays as it is. The new one is used as "
    "soon as a test call has worked."
)
_EXISTS = "Delete this one, and use the account that is connected already."


_LOOK = (
    "Look in that system whether the credential still sees everything. If it does and the rest is "
    "really gone, confirm it beside the stream; else mend it there, and read everything again."
)


def repair_of(
    account: ConnectorAccount,
    connection: AccountConnection,
    provider: Provider,
    *,
    streams: Sequence[AccountStream] = (),
) -> Repair | None:
    """The card of an account; None where nothing is to be done."""
    said = connection.failure_text or ""
    state = AccountState(account.state)
    doubtful = any(row.removal_waits is not None for row in streams)
    if doubtful and state in (AccountState.CONNECTED, AccountState.DEGRADED):
        return Repair(RemovalDoubtful.message, _LOOK, (Act.CONFIRM, Act.RUN, Act.DIAGNOSE))
    match state:
        case AccountState.CONNECTED:
            return _outage(connection, said)
        case AccountState.DRAFT:
            return Repair("It has not been tested yet.", "Test it.", (Act.TEST, Act.ENTER))
        case AccountState.TESTING:
            return Repair(said or "The test call is under way.", _WAIT, (Act.TEST, Act.ENTER))
        case AccountState.DISABLED:
            return Repair("It is paused.", "Resume it when it shall be read.", (Act.RESUME,))
        case AccountState.NEEDS_REAUTH:
            acts = (Act.ENTER, Act.TEST, Act.DIAGNOSE)
            return Repair(said, _REENTER, acts, provider.credential)
        case AccountState.ERROR | AccountState.DEGRADED:
            return _trouble(connection, provider, said)


def _outage(connection: AccountConnection, said: str) -> Repair | None:
    if connection.failing_since is None:
        return None
    return Repair(said, _WAIT, (Act.TEST,))


def _trouble(connection: AccountConnection, provider: Provider, said: str) -> Repair:
    if connection.failure_code == "account_exists":
        return Repair(said, _EXISTS, (Act.DIAGNOSE,))
    if connection.failure_kind == "transient":
        return Repair(said, _WAIT, (Act.TEST, Act.DIAGNOSE))
    if connection.failure_kind == "configuration":
        to_do = "Change what the sentence above names, there or here; then test."
        acts = (Act.TEST, Act.ENTER, Act.DIAGNOSE)
        return Repair(said, to_do, acts, provider.credential)
    to_do = (
        "Test it in a while. If it stays, send us the diagnostics: they hold no credential and no "
        "personal data."
    )
    return Repair(said, to_do, (Act.TEST, Act.DIAGNOSE))
