"""What people decide about a request: doubt, proof, orders, objections, ends of restrictions."""

import uuid

from flask import flash, request
from flask.typing import ResponseReturnValue

from connector.http.console.subjects.acts import WRONG, act, back, posted
from connector.http.console.subjects.forms import (
    CalledForm,
    DecideForm,
    DocumentForm,
    KindForm,
    LiftForm,
    OrderForm,
    ProofForm,
)
from connector.http.console.subjects.shown import document_response
from connector.http.console.subjects.views import request_page, subjects
from connector.http.subjects import clerk
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.documents.keep import LARGEST, look_at_document
from privacy.subjects.clerks import get_request
from privacy.subjects.codes import CodeRefused
from privacy.subjects.decide import extension_told, put_kind
from privacy.subjects.doubts import ask_for_proof, give_proof
from privacy.subjects.forwarding import accept_forwarded
from privacy.subjects.orders import reopen_by_order
from privacy.subjects.restrict import announce_lifting, decide_objection, lifting_told
from privacy.subjects.verify import verify_by_telephone
from privacy.subjects.words import RequestKind
from tenants.http.access import requires
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission


@subjects.post("/<uuid:request_id>/proof")
@requires(Permission.REQUESTS_WRITE)
def proof(request_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for proof, with the reason."""
    form = ProofForm.posted()

    def do(work: UnitOfWork) -> None:
        ask_for_proof(work, clerk(work), request_id=request_id, reasons=form.doubt.data)

    return posted(request_id, form, "proof", do, "Asked. The time limit pauses.")


@subjects.post("/<uuid:request_id>/kind")
@requires(Permission.REQUESTS_WRITE)
def regard(request_id: uuid.UUID) -> ResponseReturnValue:
    """It asks for something else than was understood."""
    form = KindForm.posted()

    def do(work: UnitOfWork) -> None:
        put_kind(work, request_id=request_id, kind=RequestKind(form.regarded.data))

    return posted(request_id, form, "regarded", do, "Put right.")


@subjects.post("/<uuid:request_id>/document")
@requires(Permission.REQUESTS_WRITE)
def document(request_id: uuid.UUID) -> ResponseReturnValue:
    """Seal a document that the person sent."""
    form = DocumentForm.posted()
    with work_of_caller() as work:
        get_request(work, request_id)
    given = request.files.get("document")
    if not form.accepts() or given is None:
        flash("Choose a file.", "bad")
        return back(request_id)
    content = given.stream.read(LARGEST + 1)
    return act(
        request_id,
        lambda work: give_proof(work, clerk(work), request_id=request_id, content=content),
        "Sealed. It is destroyed with the decision.",
    )


@subjects.get("/<uuid:request_id>/documents/<uuid:proof_id>")
@requires(Permission.REQUESTS_WRITE)
@recently_authenticated
def look(request_id: uuid.UUID, proof_id: uuid.UUID) -> ResponseReturnValue:
    """Open a document; said in the ledger."""
    with work_of_caller() as work:
        get_request(work, request_id)
        looked = look_at_document(
            work, services().vault, subject_id=request_id, document_id=proof_id
        )
    return document_response(looked)


@subjects.post("/<uuid:request_id>/called")
@requires(Permission.REQUESTS_WRITE)
def called(request_id: uuid.UUID) -> ResponseReturnValue:
    """The number on file was called, and somebody said a code."""
    form = CalledForm.posted()
    if not form.accepts():
        return request_page(request_id, called=form), WRONG
    said = form.said.data
    with work_of_caller() as work:
        right = verify_by_telephone(work, clerk(work), request_id=request_id, code=said)
    if not right:  # after the commit: a wrong try has to count
        form.blame(Invalid(fields={"said": CodeRefused.message}))
        return request_page(request_id, called=form), WRONG
    flash("Identified. The request runs.", "good")
    return back(request_id)


@subjects.post("/<uuid:request_id>/accept")
@requires(Permission.REQUESTS_WRITE)
@recently_authenticated
def accept(request_id: uuid.UUID) -> ResponseReturnValue:
    """The operator identified the person and passed the request on: let it run."""
    return act(
        request_id,
        lambda work: accept_forwarded(work, clerk(work), request_id=request_id),
        "It runs.",
    )


@subjects.post("/<uuid:request_id>/extended")
@requires(Permission.REQUESTS_WRITE)
def extended(request_id: uuid.UUID) -> ResponseReturnValue:
    """The notice of an extension went as a letter."""
    return act(
        request_id,
        lambda work: extension_told(work, request_id=request_id),
        "Extended by two months.",
    )


@subjects.post("/<uuid:request_id>/reopen")
@requires(Permission.REQUESTS_WRITE)
@recently_authenticated
def reopen(request_id: uuid.UUID) -> ResponseReturnValue:
    """An authority ordered it."""
    form = OrderForm.posted()

    def do(work: UnitOfWork) -> None:
        due, order = form.due.data, form.order.data
        reopen_by_order(work, clerk(work), request_id=request_id, due=due, order=order)

    return posted(request_id, form, "order", do, "Reopened, until the authority's day.")


@subjects.post("/<uuid:request_id>/decide")
@requires(Permission.REQUESTS_WRITE)
def decide(request_id: uuid.UUID) -> ResponseReturnValue:
    """Whose grounds weigh more."""
    form = DecideForm.posted()

    def do(work: UnitOfWork) -> None:
        decide_objection(
            work,
            clerk(work),
            request_id=request_id,
            upheld=form.outcome.data == "upheld",
            reasons=form.why.data,
        )

    return posted(request_id, form, "decide", do, "Decided.")


@subjects.post("/<uuid:request_id>/lift")
@requires(Permission.REQUESTS_WRITE)
def lift(request_id: uuid.UUID) -> ResponseReturnValue:
    """Tell the person that the restriction is going to end."""
    form = LiftForm.posted()

    def do(work: UnitOfWork) -> None:
        announce_lifting(work, clerk(work), request_id=request_id, reasons=form.ending.data)

    return posted(request_id, form, "lift", do, "Written. It ends when the notice has left.")


@subjects.post("/<uuid:request_id>/lifted")
@requires(Permission.REQUESTS_WRITE)
def lifted(request_id: uuid.UUID) -> ResponseReturnValue:
    """The notice went as a letter, or by telephone."""
    return act(
        request_id,
        lambda work: lifting_told(work, request_id=request_id),
        "The restriction has ended.",
    )
