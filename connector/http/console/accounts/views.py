"""Connected systems: all of them, one of them, and a new one."""

import uuid
from collections.abc import Iterable

from flask import Blueprint, flash, render_template
from werkzeug.wrappers import Response

from connector.accounts.add import NewAccount, add_account
from connector.accounts.find import Wanted, page_accounts
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.states import AccountState
from connector.http.console.accounts.facts import LABELS, facts_of
from connector.http.console.accounts.forms import (
    AccountForm,
    CredentialForm,
    TrialForm,
    form_for,
)
from connector.http.console.accounts.guides import GUIDES, sample_of
from connector.http.console.accounts.pages import (
    found_account,
    public_url,
    secret_page,
    to_account,
)
from connector.http.console.asked.add import add_asked, offered_kinds
from connector.http.console.asked.pages import show_asked
from connector.http.console.turns import PAGE, WordsForm, chosen, place, turns_of
from connector.syncs.last_read import last_reads
from privacy.core.errors import NotFound, SiltaError
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

accounts = Blueprint("accounts", __name__, url_prefix="/systems")


@accounts.route("", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_READ)
def index() -> str | tuple[str, int]:
    """A page of the tenant's systems by name: all, those in a state, or those of some name."""
    form, state = WordsForm.posted(), chosen("state", AccountState)
    words = form.words.data if form.accepts() else ""
    with work_of_caller() as work:
        wanted, after = Wanted(state=state, words=words), place()
        rows = page_accounts(work, wanted=wanted, after=after, limit=PAGE + 1)
        read = last_reads(work, [row.id for row in rows])
    found = [facts_of(row, read_at=read.get(row.id)) for row in rows[:PAGE]]
    page = render_template(
        "accounts/index.html",
        accounts=found,
        form=form,
        filtered=bool(words or state),
        states=[(one.value, label[0]) for one, label in LABELS.items()],
        state=state,
        **turns_of("accounts.index", found[-1].id if len(rows) > PAGE else None, state=state),
        may_write=_may_write(),
    )
    return page, 422 if form.errors else 200


@accounts.get("/add")
@requires(Permission.ACCOUNTS_WRITE)
def add() -> str:
    """Choose a kind."""
    posting = [kind for kind, facts in KINDS.items() if not facts.pulled]
    return render_template(
        "accounts/kinds.html",
        groups=[
            ("Systems that Silta asks", _told(offered_kinds())),
            ("Systems that send to Silta", _told(posting)),
        ],
    )


@accounts.route("/add/<kind>", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_WRITE)
def add_kind(kind: str) -> str | Response | tuple[str, int]:
    """Add one system: ask it once, or show once what to enter there."""
    chosen = _kind(kind)
    if KINDS[chosen].pulled:
        return add_asked(chosen)
    form = form_for(chosen).posted()
    if form.accepts():
        try:
            made = _add(chosen, form)
        except SiltaError as error:
            form.blame(error)
        else:
            return _added(made)
    return render_template(
        "accounts/add.html", form=form, label=KINDS[chosen].label, about=GUIDES[chosen].about
    )


@accounts.get("/<uuid:account_id>")
@requires(Permission.ACCOUNTS_READ)
def show(account_id: uuid.UUID) -> str:
    """One system."""
    facts = found_account(account_id)
    if KINDS[facts.kind].pulled:
        return show_asked(account_id)
    return render_template(
        "accounts/show.html",
        account=facts,
        steps=GUIDES[facts.kind].steps,
        sample=sample_of(facts.kind, facts.id, public_url=public_url()),
        may_write=_may_write(),
        may_delete=allows(caller(), Permission.ACCOUNTS_DELETE),
        credential_form=CredentialForm() if facts.credential_label and _may_write() else None,
        credential_label=facts.credential_label,
        trial_form=TrialForm() if _may_write() and facts.receives else None,
    )


def _add(kind: AccountKind, form: AccountForm) -> NewAccount:
    token = form["credential"].data if "credential" in form else None
    with work_of_caller() as work:
        return add_account(
            work,
            vault=services().vault,
            kind=kind,
            name=form.name.data,
            external_key=form.external_key.data or "",
            region=form.region.data,
            time_zone=form.time_zone.data,
            credential=token,
        )


def _added(made: NewAccount) -> str | Response:
    if made.secret is not None:
        return secret_page(found_account(made.id), made.secret, rotated=False)
    flash("Added. Now create an API key for your program; its first call connects it.", "good")
    return to_account(made.id)


def _kind(value: str) -> AccountKind:
    if value not in set(AccountKind):
        raise NotFound
    kind = AccountKind(value)
    if KINDS[kind].pulled and kind not in offered_kinds():
        raise NotFound
    return kind


def _told(kinds: Iterable[AccountKind]) -> list[dict[str, str]]:
    return [
        {"value": kind.value, "label": KINDS[kind].label, "about": GUIDES[kind].about}
        for kind in kinds
    ]


def _may_write() -> bool:
    return allows(caller(), Permission.ACCOUNTS_WRITE)
