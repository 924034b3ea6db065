"""What is done with a system that is asked: enter, read, pause a stream, look back, diagnose."""

import json
import uuid
from typing import Final

from flask import Response as FlaskResponse
from flask import flash, render_template
from werkzeug.wrappers import Response

from connector.http.console.accounts.pages import found_account, to_account
from connector.http.console.accounts.views import accounts
from connector.http.console.asked.forms import StreamForm, credential_form, entered
from connector.http.console.asked.pages import show_asked, show_progress
from connector.http.console.asked.streams import run_facts
from connector.http.console.asked.trials import try_and_tell
from connector.http.console.ledger.lines import lines_of
from connector.providers.port import Provider
from connector.providers.pulled import PROVIDERS
from connector.syncs.describe_account import describe_account
from connector.syncs.diagnose import diagnose
from connector.syncs.enter_credential import enter_credential
from connector.syncs.removals import confirm_removal
from connector.syncs.streams import pause_stream, request_run, resume_stream
from privacy.core.errors import Invalid, NotFound
from privacy.ledger.list_events import EventFilter, list_events
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

_RUNS: Final = 200
_EVENTS: Final = 50


@accounts.post("/<uuid:account_id>/enter")
@requires(Permission.ACCOUNTS_WRITE)
@recently_authenticated
def enter(account_id: uuid.UUID) -> Response | tuple[str, int]:
    """Enter a credential again, and test it; the one in use stays until the new one has worked."""
    provider = _provider(account_id)
    loopback = services().settings.outbound_loopback
    form = credential_form(provider, loopback=loopback).posted()
    try:
        if not form.accepts():
            raise Invalid
        with work_of_caller() as work:
            enter_credential(
                work,
                vault=services().vault,
                provider=provider,
                account_id=account_id,
                credential=entered(form, provider),
            )
    except Invalid as refusal:
        if refusal.details:
            form.blame(refusal)
        return show_asked(account_id, form), int(refusal.status)
    try_and_tell(account_id)
    return to_account(account_id)


@accounts.post("/<uuid:account_id>/run")
@requires(Permission.ACCOUNTS_WRITE)
def run(account_id: uuid.UUID) -> Response:
    """Read what changed, now."""
    return _read(account_id, full=False)


@accounts.post("/<uuid:account_id>/full")
@requires(Permission.ACCOUNTS_WRITE)
def run_full(account_id: uuid.UUID) -> Response:
    """List everything again, and remove what is gone there."""
    return _read(account_id, full=True)


@accounts.post("/<uuid:account_id>/streams/pause")
@requires(Permission.ACCOUNTS_WRITE)
def pause_one(account_id: uuid.UUID) -> Response:
    """Read one stream no more."""
    with work_of_caller() as work:
        pause_stream(work, account_id=account_id, stream=_stream())
    flash("Paused. The rest is read as before.", "good")
    return to_account(account_id)


@accounts.post("/<uuid:account_id>/streams/resume")
@requires(Permission.ACCOUNTS_WRITE)
def resume_one(account_id: uuid.UUID) -> Response:
    """Read it again, from where it stopped."""
    with work_of_caller() as work:
        resume_stream(work, account_id=account_id, stream=_stream())
    flash("Resumed. It goes on where it stopped.", "good")
    return to_account(account_id)


@accounts.post("/<uuid:account_id>/streams/removal")
@requires(Permission.ACCOUNTS_WRITE)
@recently_authenticated
def confirm_removed(account_id: uuid.UUID) -> Response:
    """What one stream lists no more is gone indeed."""
    with work_of_caller() as work:
        confirm_removal(work, account_id=account_id, stream=_stream())
    flash("Confirmed. It is listed once more; what is still missing then goes.", "good")
    return to_account(account_id)


@accounts.get("/<uuid:account_id>/progress")
@requires(Permission.ACCOUNTS_READ)
def progress(account_id: uuid.UUID) -> str:
    """The part of the page that a script fetches while the system is read."""
    return show_progress(account_id)


@accounts.get("/<uuid:account_id>/history")
@requires(Permission.ACCOUNTS_READ)
def history(account_id: uuid.UUID) -> str:
    """Its runs, and for whoever may read the ledger, what was done with it and by whom."""
    _provider(account_id)
    sees = allows(caller(), Permission.LEDGER_READ)
    where = EventFilter(subject=str(account_id))
    with work_of_caller() as work:
        view = describe_account(work, account_id, runs=_RUNS)
        events = list_events(work, where=where, limit=_EVENTS).events if sees else []
    return render_template(
        "asked/history.html",
        account=found_account(account_id),
        runs=[run_facts(each) for each in view.runs],
        events=lines_of(events) if sees else None,
    )


@accounts.post("/<uuid:account_id>/diagnostics")
@requires(Permission.ACCOUNTS_WRITE)
def diagnostics(account_id: uuid.UUID) -> FlaskResponse:
    """A file for whoever helps: no credential and nothing personal is in it."""
    _provider(account_id)
    with work_of_caller() as work:
        bundle = diagnose(work, account_id=account_id, revision=services().revision or "")
    named = f'attachment; filename="diagnostics-{account_id}.json"'
    return FlaskResponse(
        json.dumps(bundle, indent=2),
        mimetype="application/json",
        headers={"Content-Disposition": named},
    )


def _provider(account_id: uuid.UUID) -> Provider:
    """Raises NotFound for systems that are not asked, too."""
    provider = PROVIDERS.get(found_account(account_id).kind)
    if provider is None:
        raise NotFound
    return provider


def _read(account_id: uuid.UUID, *, full: bool) -> Response:
    with work_of_caller() as work:
        request_run(work, account_id=account_id, stream=_stream() or None, full=full)
    flash("Everything is listed again." if full else "It is read now.", "good")
    return to_account(account_id)


def _stream() -> str:
    return StreamForm.posted().stream.data or ""
