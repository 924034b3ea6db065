"""Confirm an address, sign in and out, set a new password."""

from typing import Final

from flask import Blueprint, Response, make_response, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from connector.http.forms.problems import page_for
from connector.http.portal.cookies import give_token, take_token
from connector.http.portal.pages import found_office, page, told
from connector.registrations.confirm import confirm_registration, peek_registration
from connector.registrations.passwords import ask_for_reset, peek_reset, reset_password
from connector.registrations.sessions import end_session
from connector.registrations.sign_in import sign_in_holder
from privacy.core.errors import Invalid, SiltaError, TooManyRequests, Unauthenticated, Unavailable
from tenants.http.access import holder_only, public
from tenants.http.callers import caller

account = Blueprint(
    "account", __name__, url_prefix="/account/<form_key>", template_folder="templates"
)


def _answer(error: Exception) -> Response:
    """Who is not signed in is asked to; everything else is said on a page."""
    key = (request.view_args or {}).get("form_key")
    if isinstance(error, Unauthenticated) and request.method == "GET" and key:
        return make_response(redirect(url_for("account.sign_in", form_key=key)))
    return page_for(error)


for _kind in (SiltaError, HTTPException, Exception):
    account.register_error_handler(_kind, _answer)

_REFUSALS: Final = (Invalid, TooManyRequests, Unauthenticated, Unavailable)


@account.route("/confirm/<token>", methods=["GET", "POST"])
@public("link and password are the proof; it works once, and signs nobody in")
def confirm(form_key: str, token: str) -> Response:
    """See which address it is, and open the account."""
    office, refusal = found_office(form_key), None
    address = peek_registration(office, token=token)
    if request.method == "POST":
        try:
            confirm_registration(office, token=token, password=request.form.get("password", ""))
        except (Invalid, Unavailable) as error:
            refusal = error
        else:
            return told(office.form, "confirmed")
    status = int(refusal.status) if refusal else 200
    return page("portal/confirm", office.form, status=status, address=address, refusal=refusal)


@account.route("/sign-in", methods=["GET", "POST"])
@public("whoever signs in is a stranger still")
def sign_in(form_key: str) -> Answer:
    """Login or address, and password."""
    office, refusal = found_office(form_key), None
    if request.method == "POST":
        try:
            token = sign_in_holder(
                office,
                who=request.form.get("who", ""),
                password=request.form.get("password", ""),
                address=request.remote_addr or "",
            )
        except _REFUSALS as error:
            refusal = error
        else:
            session.clear()
            answer = redirect(url_for("account.show", form_key=form_key))
            give_token(answer, token)
            return answer
    status = int(refusal.status) if refusal else 200
    return page("portal/sign_in", office.form, status=status, refusal=refusal, typed=request.form)


@account.post("/sign-out")
@holder_only
def sign_out(form_key: str) -> Answer:
    """End this session."""
    office, who = found_office(form_key), caller()
    if who.session_id is not None:
        with office.work(who.id) as work:
            end_session(work, session_id=who.session_id)
    session.clear()
    answer = redirect(url_for("account.sign_in", form_key=form_key))
    take_token(answer)
    return answer


@account.route("/forgotten", methods=["GET", "POST"])
@public("whoever has forgotten the password cannot sign in")
def forgotten(form_key: str) -> Response:
    """Ask for a link; the answer is the same for everybody."""
    office, refusal = found_office(form_key), None
    if request.method == "POST":
        try:
            ask_for_reset(
                office, who=request.form.get("who", ""), address=request.remote_addr or ""
            )
        except TooManyRequests as error:
            refusal = error
        else:
            return told(office.form, "look.reset")
    status = int(refusal.status) if refusal else 200
    return page("portal/forgotten", office.form, status=status, refusal=refusal)


@account.route("/reset/<token>", methods=["GET", "POST"])
@public("the link itself is the proof; it works once")
def reset(form_key: str, token: str) -> Response:
    """Set a password with a link. Looking changes nothing."""
    office, refusal = found_office(form_key), None
    peek_reset(office, token=token)
    if request.method == "POST":
        try:
            reset_password(office, token=token, new=request.form.get("password", ""))
        except (Invalid, Unavailable) as error:
            refusal = error
        else:
            return told(office.form, "reset.done")
    status = int(refusal.status) if refusal else 200
    return page("portal/reset", office.form, status=status, refusal=refusal)
