"""`silta tenant …` and `silta user …`."""

import uuid

import click

from connector.marketplace.begin_end import EXPORT_DAYS
from connector.marketplace.certificates import certify_destruction
from connector.marketplace.end_tenant import end_tenant, keep_tenant
from jobs.commands.exports import export, import_
from jobs.commands.output import answer, as_json
from jobs.installation import Installation, open_installation
from migrations.metadata import metadata
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM
from privacy.core.errors import Misconfigured
from privacy.mails.list_mails import list_kept
from privacy.mails.read_kept import read_kept
from tenants.emails import folded
from tenants.invitations.invite import invite
from tenants.permissions import Role
from tenants.principals import Principal, PrincipalKind
from tenants.tenants.create import create_tenant


@click.group()
def tenant() -> None:
    """Make tenants, move them, and certify the end of one."""


tenant.add_command(export)
tenant.add_command(import_)


@tenant.command("create")
@click.argument("name")
@click.option("--owner", "owner", required=True, metavar="E-MAIL", help="Who is invited as owner.")
@click.option("--service", "services", multiple=True, default=["T"], show_default=True)
@click.option("--require-mfa", is_flag=True, help="Everybody in it needs a second factor.")
@as_json
def create(
    name: str, owner: str, services: tuple[str, ...], require_mfa: bool, as_json: bool
) -> None:
    """Make a tenant and invite its owner by mail."""
    installation = open_installation()
    tenant_id = create_tenant(
        installation.desk,
        name=name,
        services=services,
        owner_email=owner,
        mfa_required=require_mfa,
    )
    line = f"Tenant {tenant_id} was made, and its owner invited by mail."
    answer({"tenant_id": tenant_id}, line, as_json=as_json)


@tenant.command("end")
@click.argument("tenant_id", type=click.UUID)
@click.option("--days", default=EXPORT_DAYS, show_default=True, help="Days for an export.")
@as_json
def end(tenant_id: uuid.UUID, days: int, as_json: bool) -> None:
    """Begin the end: nothing more is taken, people may export, then everything is destroyed."""
    desk = open_installation().desk
    at = end_tenant(desk, actor=SYSTEM, tenant_id=tenant_id, days=days)
    line = (
        f"Its administrators are told. Everything is destroyed after {at:%Y-%m-%d %H:%M} UTC; "
        "`silta tenant keep` calls it off."
    )
    answer({"tenant_id": tenant_id, "ends_at": at}, line, as_json=as_json)


@tenant.command("keep")
@click.argument("tenant_id", type=click.UUID)
@as_json
def keep(tenant_id: uuid.UUID, as_json: bool) -> None:
    """Call off an end that has not come yet."""
    keep_tenant(open_installation().desk, actor=SYSTEM, tenant_id=tenant_id)
    answer({"tenant_id": tenant_id}, "It is not ended.", as_json=as_json)


@tenant.command("certificate")
@click.argument("tenant_id", type=click.UUID)
def certificate(tenant_id: uuid.UUID) -> None:
    """Print the signed certificate of a destroyed tenant; see `silta certificate verify`."""
    installation = open_installation()
    click.echo(
        certify_destruction(
            installation.engines.owner,
            installation.signer,
            metadata=metadata,
            tenant_id=tenant_id,
        )
    )


@click.group()
def user() -> None:
    """Invite people."""


@user.command("invite")
@click.argument("email")
@click.option("--tenant", "tenant_id", type=click.UUID, default=None, help="Default: operators.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.ADMIN.value,
    show_default=True,
)
@click.option("--show", is_flag=True, help="Print the mail, where no mail server is configured.")
@as_json
def invite_user(
    email: str, tenant_id: uuid.UUID | None, role: str, show: bool, as_json: bool
) -> None:
    """Invite somebody by mail: into a tenant, or as an operator of the installation."""
    installation = open_installation()
    chosen = Role(role) if tenant_id else Role.OPERATOR
    inviter = Principal(
        PrincipalKind.USER,
        tenant_id or INSTALLATION_ID,
        None,
        role=(Role.OWNER if tenant_id else Role.OPERATOR).value,
    )
    invitation_id = invite(installation.desk, principal=inviter, email=email, role=chosen)
    line = (
        "The invitation was written. Without SILTA_SMTP_URL the operator finds it in the console."
    )
    if show:
        line = _kept_mail(installation, email)
    answer({"invitation_id": invitation_id}, line, as_json=as_json)


def _kept_mail(installation: Installation, email: str) -> str:
    """The newest kept mail, for an installation whose first operator cannot look it up yet."""
    with installation.desk.installation(SYSTEM) as work:
        for mail in list_kept(work)[:1]:
            letter = read_kept(work, installation.vault, mail_id=mail.id)
            if folded(letter.to) == folded(email):
                return letter.body
    raise Misconfigured("There is no kept mail to show: it goes by the mail server.")
