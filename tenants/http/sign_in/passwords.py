"""A forgotten password, one that has to go, and a proof of identity."""

from flask import Response as FlaskResponse
from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from privacy.core.errors import Invalid, TooManyRequests, Unavailable
from tenants.http.access import public, step_of
from tenants.http.authenticators import current_session, current_token
from tenants.http.browsers import remember_browser, visitor
from tenants.http.proofs import local
from tenants.http.services import services
from tenants.http.sign_in.forms import (
    AgainForm,
    AgainWithCodeForm,
    ForgottenForm,
    RenewForm,
    ResetForm,
)
from tenants.http.sign_in.sessions import moved
from tenants.http.sign_in.views import sign_in
from tenants.passwords.change import change_password
from tenants.passwords.request_reset import request_reset
from tenants.passwords.reset import peek_reset, reset_password
from tenants.principals import Stage
from tenants.sign_in.again import reauthenticate

REFUSALS = (Invalid, TooManyRequests, Unavailable)
_RESET = "Choose a new password"
Answer = str | Response | tuple[str, int]


@sign_in.route("/forgotten-password", methods=["GET", "POST"])
@public("whoever has forgotten the password cannot sign in")
def forgotten() -> Answer:
    """Ask for a link. The answer is the same, whether the address has an account or not."""
    form = ForgottenForm.posted()
    if not form.accepts():
        return render_template("sign_in/forgotten.html", form=form)
    try:
        request_reset(services().desk, email=form.email.data, visitor=visitor())
    except TooManyRequests as refusal:
        form.blame(refusal)
        return render_template("sign_in/forgotten.html", form=form), int(refusal.status)
    return render_template(
        "sign_in/told.html",
        heading="Look into your mailbox",
        text="If this address has an account with us, a link is on its way. It is valid for an "
        "hour and works once.",
        onward=url_for("sign_in.enter"),
        onward_label="Back to signing in",
    )


@sign_in.route("/reset-password/<token>", methods=["GET", "POST"])
@public("the link itself is the proof; it works once")
def reset(token: str) -> Answer:
    """Set a password with a link. Looking changes nothing."""
    peek_reset(services().desk, token=token)
    form = ResetForm.posted()
    if not form.accepts():
        return _reset_page(form)
    try:
        device = reset_password(services().desk, token=token, new=form.password.data)
    except REFUSALS as refusal:
        form.blame(refusal)
        return _reset_page(form), int(refusal.status)
    answer = FlaskResponse(
        render_template(
            "sign_in/told.html",
            heading="Your password is changed",
            text="You have been signed out everywhere. Sign in with the new one.",
            onward=url_for("sign_in.enter"),
            onward_label="Sign in",
        )
    )
    remember_browser(answer, device)
    return answer


@sign_in.route("/new-password", methods=["GET", "POST"])
@step_of(Stage.RENEW)
def renew() -> Answer:
    """Replace a password that somebody else has chosen or may know."""
    form = RenewForm.posted()
    if not form.accepts():
        return render_template("sign_in/new_password.html", form=form)
    try:
        started = change_password(
            services().desk,
            token=current_token(),
            current=form.current.data,
            new=form.password.data,
            visitor=visitor(),
        )
    except REFUSALS as refusal:
        form.blame(refusal)
        return render_template("sign_in/new_password.html", form=form), int(refusal.status)
    return moved(started, url_for("console.home"))


@sign_in.route("/is-it-you", methods=["GET", "POST"])
@step_of(Stage.FULL, Stage.ENROL)
def again() -> Answer:
    """Password, and the second factor where there is one."""
    kind = AgainWithCodeForm if current_session().has_second_factor else AgainForm
    form = kind.posted()
    if not form.accepts():
        form.onward.data = _wished(form)
        return render_template("sign_in/again.html", form=form)
    try:
        started = reauthenticate(
            services().desk,
            token=current_token(),
            password=form.password.data,
            code=form["code"].data if "code" in form else None,
            visitor=visitor(),
        )
    except REFUSALS as refusal:
        form.blame(refusal)
        return render_template("sign_in/again.html", form=form), int(refusal.status)
    return moved(started, local(form.onward.data))


def _reset_page(form: ResetForm) -> str:
    return render_template(
        "sign_in/link.html",
        form=form,
        heading=_RESET,
        text="It replaces the old one, and signs you out everywhere.",
        action="Set the password",
        address="",
    )


def _wished(form: AgainForm) -> str:
    return local(form.onward.data or request.args.get("onward"))
