"""Move an account to another state: checked, recorded, in one place."""

from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState, check_step
from connector.events_out.emit import emit
from connector.events_out.facts import Facts
from connector.events_out.kinds import EventKind
from connector.marketplace.announce import announce_connected
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record


def move_account(
    work: UnitOfWork,
    account: ConnectorAccount,
    *,
    to: AccountState,
    event: Event = Event.ACCOUNT_CHANGED,
    reason: str | None = None,
    by: str | None = None,
) -> None:
    """Change the state of `account` (a locked row) and say so in the ledger.

    Args:
        reason: a code, shown with its meaning; never outside text.
        by: who disabled it (tenant, operator or system); only for DISABLED.

    Raises:
        IllegalStep: this state cannot follow.
    """
    check_step(AccountState(account.state), to)
    before, account.state, account.state_reason = account.state, to.value, reason
    account.state_at, account.disabled_by = work.now, by
    facts = {"from": before, "to": to.value} | ({"reason": reason} if reason else {})
    record(work, event, subject=account.id, facts=facts)
    tell_state(work, account, before=before)
    if to is AccountState.CONNECTED:
        announce_connected(work, service=account.service, account_id=account.id)


def tell_state(work: UnitOfWork, account: ConnectorAccount, *, before: str) -> None:
    """Tell the tenant's endpoints where `account` stands now."""
    told: Facts = {
        "account_id": account.id,
        "kind": account.kind,
        "from": before,
        "to": account.state,
        "reason": account.state_reason,
    }
    emit(work, EventKind.ACCOUNT_STATE_CHANGED, told)
