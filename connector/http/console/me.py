"""My account: name, address, password, second factor, sessions, and what is recorded of them."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField, StringField
from wtforms.validators import InputRequired, Length

from privacy.core.errors import Invalid, TooManyRequests, Unavailable
from tenants.http.access import requires
from tenants.http.authenticators import current_session, current_token
from tenants.http.browsers import visitor
from tenants.http.callers import caller
from tenants.http.forms import Sheet
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_installation
from tenants.http.sign_in.factors import codes_page
from tenants.http.sign_in.forms import RenewForm
from tenants.http.sign_in.sessions import goodbye, moved
from tenants.passwords.change import change_password
from tenants.passwords.force import force_new_password
from tenants.permissions import Permission
from tenants.recovery_codes.replace import codes_left, replace_codes
from tenants.sessions.end import end_session, end_sessions_of
from tenants.sessions.list import own_sessions
from tenants.totp.drop import drop_second_factor
from tenants.usages.list import own_usages
from tenants.users.change_email import request_email_change
from tenants.users.find import view_user
from tenants.users.rename import rename_user

me = Blueprint("me", __name__, url_prefix="/me")


class NameForm(Sheet):
    """What others call me."""

    name = StringField(
        "Name",
        [InputRequired("Enter your name."), Length(max=120, message="Use up to 120 characters.")],
        render_kw={"autocomplete": "name"},
    )


class EmailForm(Sheet):
    """Where to send the link."""

    email = EmailField(
        "New e-mail address",
        [InputRequired("Enter an e-mail address."), Length(max=320)],
        render_kw={"autocomplete": "email", "autocapitalize": "off", "spellcheck": "false"},
    )


@me.get("")
@requires(Permission.PROFILE_OWN)
def show() -> str:
    """Everything about my account."""
    return _page(None)


@me.post("/name")
@requires(Permission.PROFILE_OWN)
def rename() -> str | Response:
    """Change my name."""
    form = NameForm.posted()
    if not form.accepts():
        return _page(form)
    with work_of_installation() as work:
        rename_user(services().vault, work, user_id=_me(), name=form.name.data)
    flash("Your name is saved.", "good")
    return redirect(url_for("me.show"))


@me.route("/email", methods=["GET", "POST"])
@requires(Permission.PROFILE_OWN)
@recently_authenticated
def email() -> str | Response | tuple[str, int]:
    """Ask for a link to a new address. The answer is the same, whether it has an account or not."""
    form = EmailForm.posted()
    if not form.accepts():
        return render_template("me/email.html", form=form)
    try:
        request_email_change(services().desk, principal=caller(), email=form.email.data)
    except Invalid as refusal:
        form.blame(refusal)
        return render_template("me/email.html", form=form), int(refusal.status)
    flash(
        "A link is on its way to the new address. It is valid for an hour, and works once.", "good"
    )
    return redirect(url_for("me.show"))


@me.route("/password", methods=["GET", "POST"])
@requires(Permission.PASSWORD_OWN)
def password() -> str | Response | tuple[str, int]:
    """Change my password."""
    form = RenewForm.posted()
    if not form.accepts():
        return render_template("me/password.html", form=form)
    try:
        started = change_password(
            services().desk,
            token=current_token(),
            current=form.current.data,
            new=form.password.data,
            visitor=visitor(),
        )
    except (Invalid, TooManyRequests, Unavailable) as refusal:
        form.blame(refusal)
        return render_template("me/password.html", form=form), int(refusal.status)
    flash("Your password is changed, and you are signed out everywhere else.", "good")
    return moved(started, url_for("me.show"))


@me.post("/recovery-codes")
@requires(Permission.SECOND_FACTOR_OWN)
@recently_authenticated
def new_recovery_codes() -> str:
    """Ten new codes; the older ones are void."""
    with work_of_installation() as work:
        codes = replace_codes(work, user_id=_me())
    return codes_page(codes)


@me.post("/second-factor/off")
@requires(Permission.SECOND_FACTOR_OWN)
@recently_authenticated
def drop_factor() -> Response:
    """Do without a second factor, where nobody demands one."""
    drop_second_factor(services().desk, principal=caller())
    flash("Your second factor is off. Your password alone opens your account now.", "warn")
    return redirect(url_for("me.show"))


@me.post("/sessions/<uuid:session_id>/end")
@requires(Permission.SESSIONS_OWN)
def close_session(session_id: uuid.UUID) -> Response:
    """Sign out one of my sessions."""
    with work_of_installation() as work:
        end_session(work, session_id=session_id, user_id=_me())
    flash("Signed out there.", "good")
    return redirect(url_for("me.show"))


@me.post("/sessions/end-all")
@requires(Permission.SESSIONS_OWN)
def sign_out_everywhere() -> Response:
    """End all my sessions, this one too."""
    with work_of_installation() as work:
        end_sessions_of(work, user_id=_me(), because="signed_out_everywhere")
    return goodbye(url_for("sign_in.enter"))


@me.post("/password/leaked")
@requires(Permission.PASSWORD_OWN)
@recently_authenticated
def password_leaked() -> Response:
    """My password may be known: close it, my sessions and my keys; a mail says how to go on."""
    force_new_password(services().desk, principal=caller(), user_id=_me())
    return goodbye(url_for("sign_in.enter"))


def _page(form: NameForm | None) -> str:
    with work_of_installation() as work:
        view = view_user(services().vault, work, user_id=_me())
        sessions = own_sessions(work, user_id=_me())
        usages = own_usages(services().vault, work, user_id=_me())
        left = codes_left(work, user_id=_me())
    return render_template(
        "me/show.html",
        me=view,
        name_form=form or NameForm(name=view.name),
        sessions=sessions,
        this_session=current_session().id,
        usages=usages,
        codes_left=left,
    )


def _me() -> uuid.UUID:
    return current_session().user_id
