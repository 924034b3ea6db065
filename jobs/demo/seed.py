"""Load the demo: once, and what a killed start or an older release left undone."""

import random
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from connector.accounts.add import add_account
from connector.accounts.begin import AccountExists
from connector.accounts.find import find_account, list_accounts
from connector.accounts.kinds import AccountKind
from connector.accounts.received import note_received
from connector.accounts.refs import ref_of
from connector.calls.ingest import ingest_calls
from connector.http.centre.keys import centre_key
from jobs.demo.connecting import connect_systems, move_systems
from jobs.demo.furnishing import furnish
from jobs.demo.memory import DemoMemory
from jobs.demo.people import add_operator, add_person, add_second_factor
from jobs.demo.publishing import publish_demo
from jobs.demo.registering import visiting
from jobs.demo.sample_calls import sample_calls
from jobs.demo.simulators import choose_ports
from jobs.installation import Installation
from privacy.core import clock
from privacy.core.db.work import SYSTEM, UnitOfWork
from tenants.api_keys.create import create_api_key
from tenants.permissions import KEY_SCOPES, Role
from tenants.tenants.create import SERVICES, create_tenant
from tenants.tenants.views import get_tenant
from tenants.users.find import find_by_email

_PER_DAY = 60
_FRIDAY = 4
_DAYS = 29


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo as it stands."""

    memory: DemoMemory
    remark: str | None
    site: str = ""

    def lines(self) -> list[str]:
        """How to sign in."""
        memory, site = self.memory, self.site
        return [
            "",
            f"  Tenant   sign in as {memory.owner_email}  password {memory.owner_password}",
            f"  Operator sign in as {memory.operator_email}  password {memory.operator_password}",
            "           their codes: `.venv/bin/silta demo code`, or put these secrets into an",
            f"           authenticator: owner {memory.owner_secret or '(your own)'}",
            f"                          operator {memory.operator_secret}",
            f"  API key  {memory.api_key}",
            "",
            "  All five services are in the tenant, read from simulators on this machine:",
            "    N, M, T   Connected systems: books, Partner Center, Moontalk; Contacts, Calls",
            f"    C         an inquiry form: {site}/f/{memory.form_key}; see Inquiries",
            f"    V         registrations: {site}/account/{memory.register_key}/sign-in",
            f"              sign in as {memory.registrant_login}  "
            f"password {memory.registrant_password}",
            "    Events    one endpoint is told of inquiries and of systems",
            "",
            "  Privacy centre, for everybody and without a cookie:",
            f"    {site}/privacy/{centre_key(uuid.UUID(memory.tenant_id))}",
            f"    {site}/privacy/ for the services themselves",
            "",
        ]


def seed_demo(installation: Installation, path: Path) -> Demo:
    """Make what is missing of the demo; remember it in `path` (0600).

    Raises:
        Misconfigured: the remembered names and the database do not belong together.
    """
    memory = DemoMemory.load(path)
    moved = choose_ports(memory)
    memory.begun_at = memory.begun_at or clock.now()
    memory.save(path)
    remark = "as before" if memory.seeded else None
    if not memory.seeded:
        _people(installation, memory, path)
    if not memory.furnished:
        _subscribe(installation, memory)
        memory.save(path)
        furnish(installation, memory)
        memory.save(path)
        with visiting(installation, memory):
            remark = _fill_once(installation, memory, path) or remark
            connect_systems(installation, memory)
        memory.furnished = True
        memory.save(path)
    elif moved:
        move_systems(installation, memory)
    publish_demo(installation, memory)
    return Demo(memory, remark, installation.settings.public_url)


def _people(installation: Installation, memory: DemoMemory, path: Path) -> None:
    tenant_id, desk = uuid.UUID(memory.tenant_id), installation.desk
    create_tenant(desk, name="Example Oy", services=SERVICES, tenant_id=tenant_id)
    add_person(
        desk,
        tenant_id=tenant_id,
        email=memory.owner_email,
        password=memory.owner_password,
        name="Demo owner",
        role=Role.OWNER,
    )
    add_operator(desk, memory)
    memory.save(path)
    _connect(installation, memory)
    memory.save(path)


def _subscribe(installation: Installation, memory: DemoMemory) -> None:
    """A demo of an older release had one service, and no second factor: one service of the five
    demands it (promise F3). An owner who set one up keeps it."""
    desk = installation.desk
    with desk.installation(SYSTEM) as work:
        owner = find_by_email(desk.ring, work, email=memory.owner_email)
        own = owner is not None and owner.totp_confirmed_at is not None and memory.seeded
        owner_id = owner.id if owner else None
    if owner_id is not None and not own and not memory.owner_secret:
        made = add_second_factor(desk, owner_id)
        memory.owner_secret = made[0] if made else ""
    with installation.desk.tenant(uuid.UUID(memory.tenant_id), SYSTEM) as work:
        get_tenant(work).services = sorted(SERVICES)


def _fill_once(installation: Installation, memory: DemoMemory, path: Path) -> str | None:
    if memory.seeded:
        return None
    count = _fill(installation, memory)
    memory.seeded = True
    memory.save(path)
    return f"{count} sample calls"


def _connect(installation: Installation, memory: DemoMemory) -> None:
    with installation.desk.tenant(uuid.UUID(memory.tenant_id), SYSTEM) as work:
        memory.account_id = str(_account(installation, work))
        if not memory.api_key:
            created = create_api_key(
                installation.vault, work, name="Demo feed", scopes=sorted(KEY_SCOPES)
            )
            memory.api_key = created.text


def _account(installation: Installation, work: UnitOfWork) -> uuid.UUID:
    try:
        made = add_account(
            work,
            vault=installation.vault,
            kind=AccountKind.API,
            name="Demo exchange",
            region="GB",
            time_zone="Europe/London",
        )
    except AccountExists:
        return next(row.id for row in list_accounts(work) if row.name == "Demo exchange")
    return made.id


def _fill(installation: Installation, memory: DemoMemory) -> int:
    """Calls of the last weeks, a day to a transaction; what a killed start stored stays."""
    stored = 0
    for ago in range(_DAYS, -1, -1):
        with installation.desk.tenant(uuid.UUID(memory.tenant_id), SYSTEM) as work:
            midnight = work.now.replace(hour=0, minute=0, second=0, microsecond=0)
            since = midnight - timedelta(days=ago)
            until = min(since + timedelta(days=1), work.now)
            account = ref_of(find_account(work, uuid.UUID(memory.account_id)))
            per_day = round(_PER_DAY * (0.25 if since.weekday() > _FRIDAY else _mood()))
            calls = list(sample_calls(since=since, until=until, per_day=per_day))
            outcome = ingest_calls(work, vault=installation.vault, account=account, calls=calls)
            note_received(work, account)
            stored += outcome.accepted
    return stored


def _mood() -> float:
    """No two days are alike."""
    return random.SystemRandom().uniform(0.7, 1.3)
