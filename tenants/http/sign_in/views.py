"""E-mail and password, second factor, choice of organisation, and out again."""

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from privacy.core.errors import Invalid, SiltaError, TooManyRequests, Unauthenticated, Unavailable
from tenants.http.access import public, step_of
from tenants.http.authenticators import current_session, current_token
from tenants.http.browsers import visitor
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.services import services
from tenants.http.sign_in.forms import CodeForm, EnterForm, RecoveryForm, TenantForm
from tenants.http.sign_in.sessions import goodbye, moved, welcome
from tenants.memberships.homes import homes_of
from tenants.principals import PrincipalKind, Stage
from tenants.sessions.end import end_session
from tenants.sign_in.principals import switch_tenant
from tenants.sign_in.with_code import show_second_factor
from tenants.sign_in.with_password import sign_in as sign_in_with_password

sign_in = Blueprint("sign_in", __name__, template_folder="../templates")
REFUSALS = (Unauthenticated, TooManyRequests, Unavailable, Invalid)


@sign_in.route("/sign-in", methods=["GET", "POST"])
@public("whoever signs in is a stranger still")
def enter() -> str | Response | tuple[str, int]:
    """E-mail and password."""
    form = EnterForm.posted()
    if form.accepts():
        return _try_password(form)
    if caller().kind is PrincipalKind.USER:
        return redirect(url_for("console.home"))
    return render_template("sign_in/enter.html", form=form)


@sign_in.route("/sign-in/code", methods=["GET", "POST"])
@step_of(Stage.PASSWORD)
def code() -> str | Response | tuple[str, int]:
    """The second factor."""
    return _show_factor(CodeForm.posted(), "sign_in/code.html")


@sign_in.route("/sign-in/recovery", methods=["GET", "POST"])
@step_of(Stage.PASSWORD)
def recovery() -> str | Response | tuple[str, int]:
    """A recovery code in place of the second factor."""
    return _show_factor(RecoveryForm.posted(), "sign_in/recovery.html")


@sign_in.route("/organisation", methods=["GET", "POST"])
@step_of(Stage.FULL, Stage.ENROL)
def choose_tenant() -> str | Response:
    """Which of one's organisations to work in."""
    user_id = current_session().user_id
    homes = homes_of(services().desk, user_id=user_id)
    form = TenantForm.posted()
    form.tenant.choices = choices((str(home.tenant_id), home.name) for home in homes)
    if form.accepts():
        chosen = next(home.tenant_id for home in homes if str(home.tenant_id) == form.tenant.data)
        started = switch_tenant(services().desk, token=current_token(), tenant_id=chosen)
        return moved(started, url_for("console.home"))
    return render_template("sign_in/tenants.html", form=form)


@sign_in.post("/sign-out")
@step_of(*Stage)
def sign_out() -> Response:
    """End this session."""
    view = current_session()
    with services().desk.installation(caller().actor) as work:
        end_session(work, session_id=view.id, user_id=view.user_id)
    return goodbye(url_for("sign_in.enter"))


def _try_password(form: EnterForm) -> str | Response | tuple[str, int]:
    try:
        found = sign_in_with_password(
            services().desk,
            email=form.email.data,
            password=form.password.data,
            visitor=visitor(),
        )
    except REFUSALS as refusal:
        return _refused(form, "sign_in/enter.html", refusal)
    session.clear()
    return welcome(found)


def _show_factor(form: CodeForm | RecoveryForm, template: str) -> str | Response | tuple[str, int]:
    if not form.accepts():
        return render_template(template, form=form)
    try:
        found = show_second_factor(
            services().desk, token=current_token(), code=form.code.data, visitor=visitor()
        )
    except Unauthenticated:
        raise
    except REFUSALS as refusal:
        return _refused(form, template, refusal)
    return welcome(found)


def _refused(
    form: EnterForm | CodeForm | RecoveryForm, template: str, refusal: SiltaError
) -> tuple[str, int]:
    form.blame(refusal)
    return render_template(template, form=form), int(refusal.status)
