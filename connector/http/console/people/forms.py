"""Forms of people."""

from wtforms import EmailField, RadioField, SelectChoice
from wtforms.validators import InputRequired, Length

from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.forms import Sheet
from tenants.http.wording import ROLES
from tenants.permissions import ASSIGNABLE, Role


class InviteForm(Sheet):
    """Whom, and as what."""

    email = EmailField(
        "E-mail address",
        [InputRequired("Enter an e-mail address."), Length(max=320)],
        render_kw={"autocomplete": "off"},
    )
    role = RadioField("Role", [InputRequired("Choose a role.")], default=Role.AGENT.value)


class RoleForm(Sheet):
    """As what."""

    role = RadioField("Role", [InputRequired("Choose a role.")])


def roles_offered() -> list[SelectChoice]:
    """The roles that the caller may give, each with what it means."""
    mine = ASSIGNABLE.get(Role(caller().role or Role.AGENT), frozenset())
    offered = [role for role in Role if role in mine]
    return choices((role.value, f"{ROLES[role][0]}: {ROLES[role][1]}") for role in offered)
