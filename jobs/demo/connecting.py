"""The demo tenant's systems: added as a person adds them; a job makes their test calls."""

import uuid
from datetime import timedelta
from typing import Final

from connector.accounts.beginnings import unknown_key
from connector.accounts.find import find_account, list_accounts
from connector.providers.microsoft.provider import MICROSOFT
from connector.providers.moontalk.provider import MOONTALK_PULL
from connector.providers.netvisor.provider import NETVISOR
from connector.providers.port import Provider
from connector.syncs.draft_account import draft_account
from connector.syncs.enter_credential import enter_credential
from connector.syncs.try_account import enqueue_test
from jobs.demo import simulators
from jobs.demo.memory import DemoMemory
from jobs.installation import Installation
from privacy.core.db.work import SYSTEM, UnitOfWork
from privacy.core.errors import NotFound

SYSTEMS: Final[dict[str, tuple[str, Provider]]] = {
    simulators.NETVISOR: ("Demo books", NETVISOR),
    simulators.MICROSOFT: ("Demo Partner Center", MICROSOFT),
    simulators.MOONTALK: ("Demo Moontalk", MOONTALK_PULL),
}
"""What each is called here, and who knows how to ask it."""


def connect_systems(installation: Installation, memory: DemoMemory) -> None:
    """Draft each; the worker tests it, and reads it, as soon as everything runs."""
    for system in SYSTEMS:
        with installation.desk.tenant(uuid.UUID(memory.tenant_id), SYSTEM) as work:
            memory.systems[system] = str(_connected(installation, work, system, memory))


def move_systems(installation: Installation, memory: DemoMemory) -> None:
    """Enter the credentials again: a simulator stands at another port than the last time."""
    for system, (_, provider) in SYSTEMS.items():
        account_id = memory.systems.get(system)
        if account_id is None:
            continue
        with installation.desk.tenant(uuid.UUID(memory.tenant_id), SYSTEM) as work:
            try:
                account = find_account(work, uuid.UUID(account_id), lock=True)
            except NotFound:
                continue  # deleted by whoever tries the demo
            # At another port it is another outside account; to the demo it is the same.
            account.external_key = unknown_key(account.id)
            enter_credential(
                work,
                vault=installation.vault,
                provider=provider,
                account_id=account.id,
                credential=simulators.credential_of(system, memory),
            )
            enqueue_test(work, account_id=account.id, after=timedelta())


def _connected(
    installation: Installation, work: UnitOfWork, system: str, memory: DemoMemory
) -> uuid.UUID:
    name, provider = SYSTEMS[system]
    known = next((row.id for row in list_accounts(work) if row.name == name), None)
    if known is not None:
        return known
    made = draft_account(
        work,
        vault=installation.vault,
        provider=provider,
        name=name,
        credential=simulators.credential_of(system, memory),
        region="FI",
    )
    enqueue_test(work, account_id=made, after=timedelta())
    return made
