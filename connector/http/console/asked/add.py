"""Add a system that is asked: its fields, then a test call at once."""

import uuid

from flask import render_template
from werkzeug.wrappers import Response

from connector.accounts.kinds import KINDS, AccountKind
from connector.http.console.accounts.guides import GUIDES
from connector.http.console.accounts.pages import to_account
from connector.http.console.asked.forms import DraftForm, draft_form, entered, offered
from connector.http.console.asked.trials import try_and_tell
from connector.providers.port import Provider
from connector.providers.pulled import PROVIDERS
from connector.syncs.draft_account import draft_account
from privacy.core.errors import SiltaError
from tenants.http.services import services, work_of_caller
from tenants.tenants.views import get_tenant


def add_asked(kind: AccountKind) -> str | Response | tuple[str, int]:
    """The form; when it is sent, a draft and its test. Whatever comes of it, the draft stays."""
    provider, loopback = PROVIDERS[kind], services().settings.outbound_loopback
    form, status = draft_form(provider, loopback=loopback).posted(), 200
    if form.accepts():
        try:
            account_id = _draft(provider, form)
        except SiltaError as refusal:
            form.blame(refusal)
            status = int(refusal.status)
        else:
            try_and_tell(account_id)
            return to_account(account_id)
    page = render_template(
        "asked/add.html",
        form=form,
        fields=[form[field.name] for field in offered(provider, loopback=loopback)],
        label=KINDS[kind].label,
        about=GUIDES[kind].about,
        steps=GUIDES[kind].steps,
    )
    return page, status


def offered_kinds() -> list[AccountKind]:
    """Kinds of systems that are asked, of services that the tenant has."""
    with work_of_caller() as work:
        mine = set(get_tenant(work).services)
    return [kind for kind in PROVIDERS if KINDS[kind].service in mine]


def _draft(provider: Provider, form: DraftForm) -> uuid.UUID:
    with work_of_caller() as work:
        return draft_account(
            work,
            vault=services().vault,
            provider=provider,
            name=form.name.data or "",
            credential=entered(form, provider),
            region=form.region.data,
            time_zone=form.time_zone.data,
        )
