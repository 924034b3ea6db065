"""One's own account: see it, correct it, take it along, delete it; round the clock (C8, C9)."""

import uuid
from typing import Final

from flask import Response, flash, jsonify, redirect, request, session, url_for
from werkzeug.wrappers import Response as Answer

from connector.http.portal.cookies import take_token
from connector.http.portal.entry import account
from connector.http.portal.pages import (
    day_in,
    found_office,
    language_of,
    moment_in,
    own_shown,
    page,
    told,
)
from connector.http.portal.words import portal_words
from connector.inquiries.forms.own import PREFIX
from connector.registrations.change import (
    correct_registration,
    delete_registration,
    end_of_claims,
    export_registration,
)
from connector.registrations.desks import Office
from connector.registrations.details import FIELDS, REQUIRED
from connector.registrations.views import view_registration
from privacy.core import clock
from privacy.core.errors import Invalid, TooManyRequests, Unauthenticated, Unavailable
from tenants.http.access import holder_only
from tenants.http.callers import caller

_FIXED: Final = frozenset({"email"})


@account.get("")
@holder_only
def show(form_key: str) -> Response:
    """Everything that is kept."""
    return _page(found_office(form_key), None)


@account.post("/correct")
@holder_only
def correct(form_key: str) -> Answer:
    """Correct or complete it."""
    office = found_office(form_key)
    sent = {name: text for name, text in request.form.items() if name != "csrf_token"}
    try:
        correct_registration(
            office,
            registrant_id=_me(),
            fields={name: text for name, text in sent.items() if name not in _FIXED},
        )
    except Invalid as refusal:
        return _page(office, refusal)
    flash(portal_words(language_of(office.form))["saved"], "good")
    return redirect(url_for("account.show", form_key=form_key))


@account.get("/export")
@holder_only
def export(form_key: str) -> Response:
    """A file with all of it."""
    answer = jsonify(export_registration(found_office(form_key), registrant_id=_me()))
    answer.headers["Content-Disposition"] = 'attachment; filename="account.json"'
    return answer


@account.route("/closing", methods=["GET", "POST"])
@holder_only
def closing(form_key: str) -> Answer:
    """Delete the account: what stays is said first."""
    office, refusal = found_office(form_key), None
    until = end_of_claims(clock.now().date())
    if request.method == "POST":
        try:
            until = delete_registration(
                office,
                registrant_id=_me(),
                password=request.form.get("password", ""),
                address=request.remote_addr or "",
            )
        except (Invalid, TooManyRequests, Unavailable) as error:
            refusal = error
        else:
            session.clear()
            answer = told(office.form, "deleted", until=day_in(office.form, until))
            take_token(answer)
            return answer
    status = int(refusal.status) if refusal else 200
    day = day_in(office.form, until)
    return page("portal/closing", office.form, status=status, refusal=refusal, until=day)


def _page(office: Office, refusal: Invalid | None) -> Response:
    with office.work(_me()) as work:
        view = view_registration(work, office.vault, _me())
    asked = next((one.note for one in reversed(view.checks) if one.outcome == "asked"), "")
    present = {name: getattr(view.details, name) for name in FIELDS}
    present |= {f"{PREFIX}{one.field.key}": one.value for one in view.own}
    return page(
        "portal/show",
        office.form,
        status=int(refusal.status) if refusal else 200,
        fields=FIELDS,
        own=own_shown(office.form),
        fixed=_FIXED,
        required=REQUIRED,
        typed=present | dict(request.form) if refusal else present,
        refusal=refusal,
        agreements=[(one, moment_in(office.form, one.accepted_at)) for one in view.agreements],
        asked=asked if view.check_state == "asked" else "",
    )


def _me() -> uuid.UUID:
    found = caller().id
    if found is None:
        raise Unauthenticated
    return found
