"""The page of a system that is asked, and the part of it that is fetched anew while it is read."""

import uuid
from dataclasses import dataclass
from typing import Final

from flask import render_template

from connector.accounts.find import find_account
from connector.accounts.states import AccountState
from connector.http.console.accounts.facts import AccountFacts, facts_of
from connector.http.console.asked.forms import credential_form
from connector.http.console.asked.states import PAUSED_BY
from connector.http.console.asked.streams import RunFacts, StreamFacts, run_facts, streams_of
from connector.providers.pulled import PROVIDERS
from connector.synced.foresee import Foreseen, foresee_end
from connector.syncs.describe_account import AccountView, describe_account
from connector.syncs.repairs import Act
from privacy.core.db.work import UnitOfWork
from tenants.http.callers import caller
from tenants.http.forms import Sheet
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

_RUNS: Final = 60
"""Latest runs that are looked at for what each stream's last one brought."""
_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Live:
    """What changes while the system is read."""

    account: AccountFacts
    view: AccountView
    streams: list[StreamFacts]
    runs: list[RunFacts]
    busy: bool


def show_asked(account_id: uuid.UUID, form: Sheet | None = None) -> str:
    """The page.

    Args:
        form: the credential as it was just entered, with what is wrong with it.
    """
    with work_of_caller() as work:
        live = _live(work, account_id)
        foreseen: list[Foreseen] = foresee_end(work, account_id=account_id)
    view, may_write = live.view, _may(Permission.ACCOUNTS_WRITE)
    loopback = services().settings.outbound_loopback
    empty = credential_form(PROVIDERS[view.kind], loopback=loopback)
    acts = {act.name.lower() for act in view.repair.acts} if view.repair else set()
    return render_template(
        "asked/show.html",
        live=live,
        account=live.account,
        view=view,
        paused_by=PAUSED_BY.get(view.disabled_by or ""),
        acts=acts,
        enters=Act.ENTER.name.lower() in acts,
        form=(form if form is not None else empty()) if may_write else None,
        foreseen=foreseen,
        keeps_calls=any(stream.kind == "calls" for stream in view.streams),
        may_write=may_write,
        may_delete=_may(Permission.ACCOUNTS_DELETE),
        may_see_ledger=_may(Permission.LEDGER_READ),
    )


def show_progress(account_id: uuid.UUID) -> str:
    """The part that tells of streams and runs."""
    with work_of_caller() as work:
        live = _live(work, account_id)
    return render_template("asked/live.html", live=live, may_write=_may(Permission.ACCOUNTS_WRITE))


def _live(work: UnitOfWork, account_id: uuid.UUID) -> Live:
    facts = facts_of(find_account(work, account_id))
    view = describe_account(work, account_id, runs=_RUNS)
    streams = streams_of(view, work.now)
    busy = view.state is AccountState.TESTING or any(stream.busy for stream in streams)
    return Live(facts, view, streams, [run_facts(run) for run in view.runs[:_SHOWN]], busy)


def _may(permission: Permission) -> bool:
    return allows(caller(), permission)
