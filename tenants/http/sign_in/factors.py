"""Set up a second factor, and see its recovery codes once."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from privacy.core import clock
from privacy.core.errors import Invalid
from tenants.http.access import step_of
from tenants.http.authenticators import current_session, current_token
from tenants.http.callers import caller
from tenants.http.cookies import give_token
from tenants.http.proofs import ask_again
from tenants.http.services import services
from tenants.http.sign_in.forms import CodeForm
from tenants.http.sign_in.views import sign_in
from tenants.principals import Stage
from tenants.totp.activate import activate_second_factor
from tenants.totp.enrol import Enrolment, begin_enrolment, pending_enrolment


@sign_in.get("/second-factor")
@step_of(Stage.FULL, Stage.ENROL)
def enrol() -> str | Response:
    """A picture to scan, and a field for the first code. The secret is made by a POST."""
    if _needs_proof():
        return ask_again()
    enrolment = _pending()
    if enrolment is None:
        return render_template("sign_in/begin_enrolment.html", required=_required())
    return _page(CodeForm(), enrolment)


@sign_in.post("/second-factor/begin")
@step_of(Stage.FULL, Stage.ENROL)
def begin_second_factor() -> Response:
    """Make a secret; one that is in force stays so until the new one is confirmed."""
    if _needs_proof():
        return ask_again()
    with services().desk.installation(caller().actor) as work:
        begin_enrolment(services().vault, work, user_id=current_session().user_id)
    return redirect(url_for("sign_in.enrol"))


@sign_in.post("/second-factor")
@step_of(Stage.FULL, Stage.ENROL)
def confirm_second_factor() -> str | Response | tuple[str, int]:
    """Confirm with a first code."""
    if _needs_proof():
        return ask_again()
    form = CodeForm.posted()
    enrolment = _pending()
    if enrolment is None:
        return redirect(url_for("sign_in.enrol"))
    if not form.accepts():
        return _page(form, enrolment)
    try:
        made = activate_second_factor(services().desk, token=current_token(), code=form.code.data)
    except Invalid as refusal:
        form.blame(refusal)
        return _page(form, enrolment), int(refusal.status)
    answer = Response(codes_page(made.recovery_codes), mimetype="text/html")
    give_token(answer, made.started.token)
    return answer


def codes_page(codes: list[str]) -> str:
    """The recovery codes, this once."""
    return render_template(
        "sign_in/recovery_codes.html", codes=codes, onward=url_for("console.home")
    )


def _page(form: CodeForm, enrolment: Enrolment) -> str:
    spaced = " ".join(enrolment.secret[n : n + 4] for n in range(0, len(enrolment.secret), 4))
    return render_template(
        "sign_in/enrol.html",
        form=form,
        picture=enrolment.picture,
        secret=spaced,
        required=_required(),
    )


def _pending() -> Enrolment | None:
    with services().desk.installation(caller().actor) as work:
        return pending_enrolment(services().vault, work, user_id=current_session().user_id)


def _required() -> bool:
    return caller().stage is Stage.ENROL


def _needs_proof() -> bool:
    return not caller().is_fresh(now=clock.now())
