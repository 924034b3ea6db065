"""Mails of organisations that nobody sends, because no mail server is set.

Somebody has to be able to pass them on, or a code for a privacy centre would reach nobody. Each
organisation's are read behind its own wall, and that one was opened is in its own ledger. With a
mail server they are for their recipients only, and none of these pages is there.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Blueprint, render_template

from connector.http.console.turns import PAGE, place, turns_of
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.errors import NotFound
from privacy.mails.list_mails import ListedMail, list_kept
from privacy.mails.read_kept import read_kept
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_installation
from tenants.permissions import Permission
from tenants.tenants.list import is_here, tenant_ids
from tenants.tenants.views import view_tenant

kept_mails = Blueprint("kept_mails", __name__, url_prefix="/mails/of")
NEWEST: Final = 10
"""Mails of each organisation that stand on the first list; its own page has all."""


@dataclass(frozen=True, slots=True)
class KeptMail:
    """An envelope."""

    id: uuid.UUID
    subject: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class KeptOf:
    """The mails of one organisation, newest first; `more` if there are others."""

    tenant_id: uuid.UUID
    name: str
    mails: list[KeptMail]
    more: bool


def kept_everywhere() -> tuple[list[KeptOf], uuid.UUID | None]:
    """Organisations of this page that have some, and after whom the next page begins."""
    with work_of_installation() as work:
        ids = tenant_ids(work, after=place(), limit=PAGE + 1)
    each = (kept_of(one, most=NEWEST) for one in ids[:PAGE] if one != INSTALLATION_ID)
    found = [one for one in each if one is not None and one.mails]
    return found, ids[PAGE - 1] if len(ids) > PAGE else None


def kept_of(tenant_id: uuid.UUID, *, most: int, before: uuid.UUID | None = None) -> KeptOf | None:
    """Kept mails of one organisation; None while it is still being made."""
    desk = services().desk
    with desk.tenant(tenant_id, caller().actor) as work:
        try:
            name = view_tenant(desk.ring, work).name
        except NotFound:
            return None
        listed = list_kept(work, cursor=before, limit=most + 1)
    shown = [KeptMail(one.id, about(one), one.created_at) for one in listed[:most]]
    return KeptOf(tenant_id, name, shown, len(listed) > most)


def about(mail: ListedMail) -> str:
    """What kind of mail it is, in words."""
    return mail.kind.replace("_", " ").capitalize()


@kept_mails.get("/<uuid:tenant_id>")
@requires(Permission.MAILS_READ)
def index(tenant_id: uuid.UUID) -> str:
    """A page of one organisation's."""
    _require(tenant_id)
    found = kept_of(tenant_id, most=PAGE, before=place())
    if found is None:
        raise NotFound
    last = found.mails[-1].id if found.more else None
    turns = turns_of("kept_mails.index", last, tenant_id=str(tenant_id))
    return render_template("operator/kept_mails.html", of=found, **turns)


@kept_mails.get("/<uuid:tenant_id>/<uuid:mail_id>")
@requires(Permission.MAILS_READ)
@recently_authenticated
def show(tenant_id: uuid.UUID, mail_id: uuid.UUID) -> str:
    """One of them; that it was read is in the organisation's ledger."""
    _require(tenant_id)
    desk = services().desk
    with desk.tenant(tenant_id, caller().actor) as work:
        letter = read_kept(work, desk.ring, mail_id=mail_id)
        name = view_tenant(desk.ring, work).name
    return render_template("operator/mail.html", mail=letter, of=name)


def _require(tenant_id: uuid.UUID) -> None:
    """Raises NotFound for no organisation of ours, and wherever a server takes the mails."""
    if services().settings.smtp_url is not None or tenant_id == INSTALLATION_ID:
        raise NotFound
    with work_of_installation() as work:
        if not is_here(work, tenant_id):
            raise NotFound
