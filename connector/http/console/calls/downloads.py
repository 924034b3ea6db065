"""Download the calls that the fields of the search mean, as CSV or JSON lines."""

from flask.typing import ResponseReturnValue

from connector.calls.exported import ExportForm
from connector.http.console.calls.forms import DownloadForm
from connector.http.console.calls.views import calls, days_of, search_page, wanted
from connector.http.exports import export_response
from connector.http.naming import may_name
from privacy.core.errors import Invalid
from tenants.http.access import requires
from tenants.http.proofs import recently_authenticated
from tenants.http.services import work_of_caller
from tenants.permissions import Permission


@calls.post("/export")
@requires(Permission.CALLS_EXPORT)
@recently_authenticated
def export() -> ResponseReturnValue:
    """The file, or the page again with what is wrong."""
    form = DownloadForm.posted()
    if not form.accepts():
        return _again(form)
    try:
        return export_response(wanted(form), ExportForm(form.form.data), names=may_name())
    except Invalid as refusal:
        form.blame(refusal)
        return _again(form)


def _again(form: DownloadForm) -> tuple[str, int]:
    with work_of_caller() as work:
        days = days_of(work)
    return search_page(form, None, days), int(Invalid.status)
