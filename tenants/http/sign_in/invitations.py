"""Accept an invitation: GET shows it, POST takes it up."""

from flask import render_template, url_for

from privacy.core.errors import Invalid, Unavailable
from tenants.http.access import public
from tenants.http.services import services
from tenants.http.sign_in.forms import ConfirmForm, JoinForm
from tenants.http.sign_in.views import sign_in
from tenants.http.wording import role_name
from tenants.invitations.accept import Offer, accept_invitation, peek_invitation


@sign_in.route("/invitation/<token>", methods=["GET", "POST"])
@public("the link itself is the proof; it works once, and signs nobody in")
def invitation(token: str) -> str | tuple[str, int]:
    """See what is offered, and accept it."""
    offer = peek_invitation(services().desk, token=token)
    form = JoinForm.posted() if offer.is_new else ConfirmForm.posted()
    if not form.accepts():
        return _page(offer, form)
    try:
        accept_invitation(
            services().desk,
            token=token,
            name=form["name"].data if offer.is_new else "",
            password=form["password"].data if offer.is_new else None,
        )
    except (Invalid, Unavailable) as refusal:
        form.blame(refusal)
        return _page(offer, form), int(refusal.status)
    return render_template(
        "sign_in/told.html",
        heading=f"Welcome to {offer.tenant}",
        text="You can sign in now.",
        onward=url_for("sign_in.enter"),
        onward_label="Sign in",
    )


def _page(offer: Offer, form: JoinForm | ConfirmForm) -> str:
    role = role_name(offer.role)
    what = f"You are invited as {role.lower()}, with the address {offer.email}."
    own = "Choose a password of your own." if offer.is_new else "Your account stays as it is."
    return render_template(
        "sign_in/link.html",
        form=form,
        heading=f"Join {offer.tenant}",
        text=f"{what} {own}",
        action="Accept the invitation",
        address=offer.email,
    )
