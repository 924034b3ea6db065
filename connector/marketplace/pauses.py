"""Accounts of a service stop and go on with its subscription."""

from sqlalchemy import select

from connector.accounts.change import pause_account, resume_account
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState
from privacy.core.db.work import UnitOfWork


def pause_accounts(work: UnitOfWork, service: str) -> None:
    """Take nothing more for it."""
    for account in _accounts(work, service):
        if account.state != AccountState.DISABLED:
            pause_account(work, account_id=account.id, by="operator")


def resume_accounts(work: UnitOfWork, service: str) -> None:
    """Listen again where the operator had stopped it."""
    for account in _accounts(work, service):
        if account.state == AccountState.DISABLED and account.disabled_by == "operator":
            resume_account(work, account_id=account.id, by="operator")


def _accounts(work: UnitOfWork, service: str) -> list[ConnectorAccount]:
    query = select(ConnectorAccount).where(
        ConnectorAccount.service == service, ConnectorAccount.deleted_at.is_(None)
    )
    return list(work.session.scalars(query.order_by(ConnectorAccount.id)))
