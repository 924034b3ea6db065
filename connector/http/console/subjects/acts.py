"""What people do with a request: identify, extend, refuse, tick off, hand over, close."""

import uuid
from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from connector.http.api.subjects.write import zip_response
from connector.http.console.subjects.forms import (
    CodeForm,
    MethodForm,
    ReasonsForm,
    RefuseForm,
    TickForm,
)
from connector.http.console.subjects.views import request_page, subjects
from connector.http.subjects import clerk
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound, SiltaError
from privacy.subjects.answers import close_by_agent
from privacy.subjects.clerks import get_request
from privacy.subjects.codes import CodeRefused
from privacy.subjects.decide import extend_request, refuse_request, tick_off
from privacy.subjects.fetch import fetch_by_agent, fetch_by_code
from privacy.subjects.verify import send_code, verify_by_agent, verify_by_code
from privacy.subjects.words import Ground, Method
from tenants.http.access import requires
from tenants.http.forms import Sheet
from tenants.http.proofs import recently_authenticated
from tenants.http.services import work_of_caller
from tenants.permissions import Permission

WRONG = int(Invalid.status)


@subjects.post("/<uuid:request_id>/code")
@requires(Permission.REQUESTS_WRITE)
def send(request_id: uuid.UUID) -> ResponseReturnValue:
    """Another code to the address."""
    return act(request_id, lambda work: send_code(work, clerk(work), request_id=request_id),
                "A new code is on its way. The one before is none any more.")  # fmt: skip


@subjects.post("/<uuid:request_id>/verify")
@requires(Permission.REQUESTS_WRITE)
def verify(request_id: uuid.UUID) -> ResponseReturnValue:
    """The person says the code."""
    form = CodeForm.posted()
    if not form.accepts():
        return request_page(request_id, code=form), WRONG
    with work_of_caller() as work:
        right = verify_by_code(work, clerk(work), request_id=request_id, code=form.code.data)
    if not right:  # after the commit: a wrong try has to count
        form.blame(Invalid(fields={"code": CodeRefused.message}))
        return request_page(request_id, code=form), WRONG
    flash("Identified. The request runs.", "good")
    return back(request_id)


@subjects.post("/<uuid:request_id>/identify")
@requires(Permission.REQUESTS_WRITE)
@recently_authenticated
def identify(request_id: uuid.UUID) -> ResponseReturnValue:
    """The agent answers for who it is."""
    form = MethodForm.posted()

    def do(work: UnitOfWork) -> None:
        method = Method(form.method.data)
        verify_by_agent(work, clerk(work), request_id=request_id, method=method)

    return posted(request_id, form, "method", do, "Identified. The request runs.")


@subjects.post("/<uuid:request_id>/extend")
@requires(Permission.REQUESTS_WRITE)
def extend(request_id: uuid.UUID) -> ResponseReturnValue:
    """Two months more."""
    form = ReasonsForm.posted()

    def do(work: UnitOfWork) -> None:
        reasons = form.reasons.data
        extend_request(work, clerk(work), request_id=request_id, reasons=reasons)

    said = "Written. The limit moves when the notice has left within the first month."
    return posted(request_id, form, "reasons", do, said)


@subjects.post("/<uuid:request_id>/refuse")
@requires(Permission.REQUESTS_WRITE)
def refuse(request_id: uuid.UUID) -> ResponseReturnValue:
    """Refuse, in writing."""
    form = RefuseForm.posted()

    def do(work: UnitOfWork) -> None:
        refuse_request(
            work,
            clerk(work),
            request_id=request_id,
            ground=Ground(form.ground.data),
            reasons=form.because.data,
        )

    return posted(request_id, form, "refuse", do, "Refused. It is closed when the notice left.")


@subjects.post("/<uuid:request_id>/tick")
@requires(Permission.REQUESTS_WRITE)
def tick(request_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody did what a step asks for."""
    form = TickForm.posted()
    if not form.accepts():
        return request_page(request_id), WRONG
    place = form.place.data
    return act(
        request_id, lambda work: tick_off(work, request_id=request_id, place=place), "Ticked off."
    )


@subjects.post("/<uuid:request_id>/close")
@requires(Permission.REQUESTS_WRITE)
def close(request_id: uuid.UUID) -> ResponseReturnValue:
    """The answer was given, by letter or telephone."""
    return act(request_id, lambda work: close_by_agent(work, request_id=request_id), "Closed.")


@subjects.post("/<uuid:request_id>/result")
@requires(Permission.REQUESTS_WRITE)
@recently_authenticated
def result(request_id: uuid.UUID) -> ResponseReturnValue:
    """The file: with the person's code, or for somebody who has no address."""
    form = CodeForm.posted()
    code = form.code.data or ""
    try:
        with work_of_caller() as work:
            reference = get_request(work, request_id).reference
            if code:
                file = fetch_by_code(work, clerk(work), request_id=request_id, code=code)
            else:
                file = fetch_by_agent(work, clerk(work), request_id=request_id)
    except NotFound:
        raise
    except SiltaError as refusal:
        flash(refusal.message, "bad")
        return back(request_id)
    if file is None:
        flash(CodeRefused.message, "bad")
        return back(request_id)
    return zip_response(file, reference)


def posted(
    request_id: uuid.UUID,
    form: Sheet,
    name: str,
    do: Callable[[UnitOfWork], None],
    said: str,
) -> ResponseReturnValue:
    """Do it where the form is right; else the page with the form again, as `name`."""
    if not form.accepts():
        return request_page(request_id, **{name: form}), WRONG
    return act(request_id, do, said)


def act(
    request_id: uuid.UUID, do: Callable[[UnitOfWork], object], said: str
) -> ResponseReturnValue:
    """Do it in one unit of work, and say what came of it."""
    try:
        with work_of_caller() as work:
            do(work)
    except NotFound:
        raise
    except SiltaError as refusal:
        fields = refusal.details.get("fields")
        told = " ".join(map(str, fields.values())) if isinstance(fields, dict) else ""
        flash(told or refusal.message, "bad")
    else:
        flash(said, "good")
    return back(request_id)


def back(request_id: uuid.UUID) -> ResponseReturnValue:
    """To the page of the request."""
    return redirect(url_for("subjects.show", request_id=request_id))
