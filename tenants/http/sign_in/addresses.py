"""Confirm a new e-mail address: GET shows it, POST takes it up."""

from flask import render_template, url_for

from privacy.core.errors import Conflict
from tenants.http.access import public
from tenants.http.services import services
from tenants.http.sign_in.forms import ConfirmForm
from tenants.http.sign_in.views import sign_in
from tenants.users.change_email import confirm_email_change, peek_email_change


@sign_in.route("/confirm-address/<token>", methods=["GET", "POST"])
@public("the link itself is the proof; it works once, and signs nobody in")
def confirm_address(token: str) -> str | tuple[str, int]:
    """See which address it is, and sign in with it from now on."""
    address = peek_email_change(services().desk, token=token)
    form = ConfirmForm.posted()
    if not form.accepts():
        return _page(address, form)
    try:
        confirm_email_change(services().desk, token=token)
    except Conflict as refusal:
        form.blame(refusal)
        return _page(address, form), int(refusal.status)
    return render_template(
        "sign_in/told.html",
        heading="Your e-mail address is changed",
        text=f"From now on you sign in with {address}. The old address is told by mail.",
        onward=url_for("console.home"),
        onward_label="Go on",
    )


def _page(address: str, form: ConfirmForm) -> str:
    return render_template(
        "sign_in/link.html",
        form=form,
        heading="Confirm your e-mail address",
        text=f"You will sign in with {address}. Your password stays as it is.",
        action="Use this address",
        address=address,
    )
