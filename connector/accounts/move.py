"""Move an account to another state: checked, recorded, in one place."""

from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState, check_step
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
