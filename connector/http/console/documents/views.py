"""What is sent to connected systems: what waits, is in doubt, was sent or failed."""

import uuid
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.http.console.documents.facts import STATES, facts_of
from connector.http.console.records.origins import account_names
from connector.outgoing.list_documents import DocumentState, list_documents
from connector.outgoing.request import retry_document
from privacy.core.errors import Invalid
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import work_of_caller
from tenants.permissions import Permission, allows

documents = Blueprint("documents", __name__, url_prefix="/documents")
_PAGE: Final = 50


@documents.get("")
@requires(Permission.ACCOUNTS_READ)
def index() -> str:
    """The latest first."""
    state, after = _state(), _after()
    with work_of_caller() as work:
        found = list_documents(work, state=state, before=after, limit=_PAGE + 1)
        names = account_names(work)
    shown = [facts_of(view, names) for view in found[:_PAGE]]
    more = len(found) > _PAGE
    return render_template(
        "documents/index.html",
        documents=shown,
        states={one.value: label for one, (label, _) in STATES.items()},
        state=state,
        older=url_for("documents.index", state=state, after=shown[-1].id) if more else None,
        newer=url_for("documents.index", state=state) if after else None,
        may_write=allows(caller(), Permission.ACCOUNTS_WRITE),
    )


@documents.post("/<uuid:document_id>/retry")
@requires(Permission.ACCOUNTS_WRITE)
def retry(document_id: uuid.UUID) -> Response:
    """Send one that failed again, now that what was wrong is mended."""
    with work_of_caller() as work:
        retry_document(work, document_id=document_id)
    flash("It is tried again. What may have arrived is looked for first.", "good")
    return redirect(url_for("documents.index"))


def _state() -> DocumentState | None:
    try:
        return DocumentState(request.args["state"]) if request.args.get("state") else None
    except ValueError:
        raise Invalid from None


def _after() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args["after"]) if request.args.get("after") else None
    except ValueError:
        raise Invalid from None
