"""Sub-processors with their announced changes, and the records of processing."""

import uuid
from typing import Final

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from connector.calls.cells import to_cell
from connector.http.console.processors.forms import TRANSFERS, ProcessorForm
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import SiltaError
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.processors.announce import (
    announce_processor,
    end_processor,
    object_to_processor,
)
from privacy.processors.fideslang import as_fideslang
from privacy.processors.find import list_processors
from privacy.processors.records import ProcessingRecord, as_csv, as_documents, records_of
from privacy.processors.shapes import Announcing
from privacy.profiles import load_profiles, profile
from privacy.profiles.sharing import Transfer
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.services import work_of_caller
from tenants.permissions import Permission, allows
from tenants.tenants.subscribed import subscribed_services

processors = Blueprint("processors", __name__, url_prefix="/processors")
STATES: Final = {
    "active": ("In use", "good"),
    "announced": ("Announced", "warn"),
    "ended": ("Ended", "quiet"),
}


@processors.get("")
@requires(Permission.PROCESSORS_READ)
def index() -> str:
    """Everybody who processes for the tenant's services."""
    with work_of_caller() as work:
        listed, today = list_processors(work, services=_services(work)), work.today
    return render_template(
        "processors/index.html",
        listed=listed,
        today=today,
        states=STATES,
        transfers=TRANSFERS,
        profile=profile,
        may_write=allows(caller(), Permission.PROCESSORS_WRITE),
    )


@processors.route("/announce", methods=["GET", "POST"])
@requires(Permission.PROCESSORS_WRITE)
def announce() -> ResponseReturnValue:
    """A new one; an operator's is announced to every organisation with the service."""
    form = ProcessorForm.posted()
    with work_of_caller() as work:
        form.service.choices = choices((k, profile(k).service) for k in _services(work))
    if form.accepts():
        try:
            _announce(form)
        except SiltaError as refusal:
            form.blame(refusal)
        else:
            flash("Announced. It begins on its first day unless somebody objects.", "good")
            return redirect(url_for("processors.index"))
    return render_template("processors/announce.html", form=form)


@processors.post("/<uuid:processor_id>/object")
@requires(Permission.PROCESSORS_WRITE)
def refuse(processor_id: uuid.UUID) -> ResponseReturnValue:
    """The organisation objects, in time."""
    with work_of_caller() as work:
        object_to_processor(work, processor_id=processor_id)
    flash("Your objection is recorded: it gets nothing of yours.", "good")
    return redirect(url_for("processors.index"))


@processors.post("/<uuid:processor_id>/end")
@requires(Permission.PROCESSORS_WRITE)
def end(processor_id: uuid.UUID) -> ResponseReturnValue:
    """It gets nothing more."""
    with work_of_caller() as work:
        end_processor(work, processor_id=processor_id)
    flash("Ended. The entry stays.", "good")
    return redirect(url_for("processors.index"))


@processors.get("/records")
@requires(Permission.PROCESSORS_READ)
def records() -> str:
    """Records of processing (GDPR Art. 30), made from profiles and registers."""
    return render_template("processors/records.html", listed=_records())


@processors.get("/records.csv")
@requires(Permission.PROCESSORS_READ)
def records_csv() -> Response:
    """The same as a table."""
    answer = Response(as_csv(_records(), to_cell), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=records-of-processing.csv"
    return answer


@processors.get("/records.json")
@requires(Permission.PROCESSORS_READ)
def records_json() -> Response:
    """The same for programs."""
    return jsonify(records=as_documents(_records()))


@processors.get("/records.yaml")
@requires(Permission.PROCESSORS_READ)
def records_yaml() -> Response:
    """The same in the Fides language."""
    with work_of_caller() as work:
        keys = _services(work)
        text = as_fideslang(keys, list_processors(work, services=keys))
    answer = Response(text, content_type="application/yaml")
    answer.headers["Content-Disposition"] = "attachment; filename=records-of-processing.yaml"
    return answer


def _records() -> list[ProcessingRecord]:
    with work_of_caller() as work:
        keys = _services(work)
        return records_of(keys, list_processors(work, services=keys))


def _services(work: UnitOfWork) -> tuple[str, ...]:
    whole = work.tenant_id == INSTALLATION_ID
    return tuple(sorted(load_profiles())) if whole else subscribed_services(work)


def _announce(form: ProcessorForm) -> None:
    said = Announcing(
        service=form.service.data,
        name=form.name.data,
        role=form.role.data,
        country=form.country.data,
        transfer=Transfer(form.transfer.data),
        fields=[one.strip() for one in form.fields.data.split(",") if one.strip()],
        statement_url=form.statement_url.data,
        agreement_url=form.agreement_url.data,
        effective_on=form.effective_on.data,
        runs=form.runs.data,
        transfer_valid_until=form.transfer_valid_until.data,
        assessed_on=form.assessed_on.data,
        assessment_url=form.assessment_url.data or "",
    )
    with work_of_caller() as work:
        made = announce_processor(work, said)
        if work.tenant_id == INSTALLATION_ID:
            enqueue(work, name=JobName.PROCESSOR_ANNOUNCE, payload={"processor_id": str(made)})
