"""Mails of the installation, and those of organisations that no server takes.

One that a server takes is for its recipient only.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.http.console.operator.kept_mails import about, kept_everywhere
from connector.http.console.turns import turns_of
from privacy.mails.kinds import MailState
from privacy.mails.list_mails import ListedMail, list_mails
from privacy.mails.read_kept import read_kept
from privacy.mails.send_kept import send_kept
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_installation
from tenants.permissions import Permission, allows

mails = Blueprint("mails", __name__, url_prefix="/mails")
STATES: Final = {
    MailState.WAITING: ("Waiting", "warn"),
    MailState.SENT: ("Sent", "good"),
    MailState.KEPT: ("Kept", ""),
    MailState.FAILED: ("Failed", "bad"),
}


@dataclass(frozen=True, slots=True)
class MailFacts:
    """A line of the list: an envelope."""

    id: uuid.UUID
    subject: str
    state_label: str
    state_tone: str
    readable: bool
    failure: str
    created_at: datetime


@mails.get("")
@requires(Permission.MAILS_READ)
def index() -> str:
    """Envelopes, newest first; of organisations while there is no mail server."""
    with work_of_installation() as work:
        found = [_facts(mail) for mail in list_mails(work)]
    others, last = ([], None) if _has_server() else kept_everywhere()
    return render_template(
        "operator/mails.html",
        mails=found,
        others=others,
        **turns_of("mails.index", last),
        smtp=_has_server(),
        may_send=_has_server() and allows(caller(), Permission.MAILS_SEND),
    )


@mails.get("/<uuid:mail_id>")
@requires(Permission.MAILS_READ)
@recently_authenticated
def show(mail_id: uuid.UUID) -> str:
    """A kept mail; that it was read is in the ledger."""
    with work_of_installation() as work:
        letter = read_kept(work, services().vault, mail_id=mail_id)
    return render_template("operator/mail.html", mail=letter)


@mails.post("/<uuid:mail_id>/send")
@requires(Permission.MAILS_SEND)
def send(mail_id: uuid.UUID) -> Response:
    """Send a mail that was kept while there was no mail server."""
    if not _has_server():
        flash("There is no mail server yet. Set SILTA_SMTP_URL, and restart.", "warn")
        return redirect(url_for("mails.index"))
    with work_of_installation() as work:
        send_kept(work, mail_id=mail_id)
    flash("The mail is on its way.", "good")
    return redirect(url_for("mails.index"))


def _has_server() -> bool:
    return services().settings.smtp_url is not None


def _facts(mail: ListedMail) -> MailFacts:
    state = MailState(mail.state)
    label, tone = STATES[state]
    return MailFacts(
        id=mail.id,
        subject=about(mail),
        state_label=label,
        state_tone=tone,
        readable=state is MailState.KEPT,
        failure=mail.failure_code or "",
        created_at=mail.created_at,
    )
