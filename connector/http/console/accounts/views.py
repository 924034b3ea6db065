"""Connect systems, look at them, test, pause, rotate, disconnect."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.accounts.add import NewAccount, add_account
from connector.accounts.change import (
    delete_account,
    pause_account,
    replace_credential,
    resume_account,
    rotate_secret,
    start_test,
)
from connector.accounts.find import find_account, list_accounts
from connector.accounts.kinds import KINDS, AccountKind
from connector.http.console.accounts.facts import AccountFacts, facts_of
from connector.http.console.accounts.forms import AccountForm, CredentialForm, form_for
from connector.http.console.accounts.guides import GUIDES, address_of, sample_of
from privacy.core.errors import NotFound, SiltaError
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

accounts = Blueprint("accounts", __name__, url_prefix="/systems")


@accounts.get("")
@requires(Permission.ACCOUNTS_READ)
def index() -> str:
    """All systems of the tenant."""
    with work_of_caller() as work:
        found = [facts_of(row) for row in list_accounts(work)]
    return render_template("accounts/index.html", accounts=found, may_write=_may_write())


@accounts.get("/add")
@requires(Permission.ACCOUNTS_WRITE)
def add() -> str:
    """Choose a kind."""
    kinds = [
        {"value": kind.value, "label": facts.label, "about": GUIDES[kind].about}
        for kind, facts in KINDS.items()
    ]
    return render_template("accounts/kinds.html", kinds=kinds)


@accounts.route("/add/<kind>", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_WRITE)
def add_kind(kind: str) -> str | Response:
    """Add one system, and show once what to enter there."""
    chosen = _kind(kind)
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
    facts = _find(account_id)
    return render_template(
        "accounts/show.html",
        account=facts,
        steps=GUIDES[facts.kind].steps,
        sample=sample_of(facts.kind, public_url=_public_url()),
        may_write=_may_write(),
        may_delete=allows(caller(), Permission.ACCOUNTS_DELETE),
        credential_form=CredentialForm() if facts.credential_label and _may_write() else None,
        credential_label=facts.credential_label,
    )


@accounts.post("/<uuid:account_id>/test")
@requires(Permission.ACCOUNTS_WRITE)
def test(account_id: uuid.UUID) -> Response:
    """Wait for a first call again."""
    with work_of_caller() as work:
        start_test(work, account_id=account_id)
    flash("The test is running. Make a call now; as soon as it arrives, this says so.", "good")
    return _to(account_id)


@accounts.post("/<uuid:account_id>/pause")
@requires(Permission.ACCOUNTS_WRITE)
def pause(account_id: uuid.UUID) -> Response:
    """Take nothing more."""
    with work_of_caller() as work:
        pause_account(work, account_id=account_id)
    flash("Paused. Nothing that it sends is taken until you resume it.", "good")
    return _to(account_id)


@accounts.post("/<uuid:account_id>/resume")
@requires(Permission.ACCOUNTS_WRITE)
def resume(account_id: uuid.UUID) -> Response:
    """Listen again."""
    with work_of_caller() as work:
        resume_account(work, account_id=account_id)
    flash("Resumed. The next call that can be read connects it.", "good")
    return _to(account_id)


@accounts.post("/<uuid:account_id>/rotate")
@requires(Permission.ACCOUNTS_WRITE)
@recently_authenticated
def rotate(account_id: uuid.UUID) -> str:
    """A new secret address, shown once."""
    with work_of_caller() as work:
        secret = rotate_secret(work, account_id=account_id)
    return _secret_page(_find(account_id), secret, rotated=True)


@accounts.post("/<uuid:account_id>/credential")
@requires(Permission.ACCOUNTS_WRITE)
@recently_authenticated
def credential(account_id: uuid.UUID) -> Response:
    """A new credential in place of the old one."""
    form = CredentialForm.posted()
    if not form.accepts():
        flash("Enter the new credential.", "bad")
        return _to(account_id)
    with work_of_caller() as work:
        replace_credential(
            work, vault=services().vault, account_id=account_id, credential=form.credential.data
        )
    flash("The credential was replaced.", "good")
    return _to(account_id)


@accounts.post("/<uuid:account_id>/delete")
@requires(Permission.ACCOUNTS_DELETE)
@recently_authenticated
def delete(account_id: uuid.UUID) -> Response:
    """Disconnect a system."""
    with work_of_caller() as work:
        delete_account(work, account_id=account_id)
    flash("Disconnected. Its address does not work any more.", "good")
    return redirect(url_for("accounts.index"))


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
        return _secret_page(_find(made.id), made.secret, rotated=False)
    flash("Connected. Now create an API key for your program.", "good")
    return _to(made.id)


def _secret_page(facts: AccountFacts, secret: str, *, rotated: bool) -> str:
    address = address_of(_public_url(), secret)
    return render_template(
        "accounts/secret.html",
        account=facts,
        label=facts.kind_label,
        address=address,
        steps=GUIDES[facts.kind].steps,
        sample=sample_of(facts.kind, public_url=_public_url(), address=address),
        rotated=rotated,
    )


def _find(account_id: uuid.UUID) -> AccountFacts:
    with work_of_caller() as work:
        return facts_of(find_account(work, account_id))


def _kind(value: str) -> AccountKind:
    try:
        return AccountKind(value)
    except ValueError:
        raise NotFound from None


def _to(account_id: uuid.UUID) -> Response:
    return redirect(url_for("accounts.show", account_id=account_id))


def _may_write() -> bool:
    return allows(caller(), Permission.ACCOUNTS_WRITE)


def _public_url() -> str:
    return services().settings.public_url
