"""Who pays for the demo's calls: a company of its books, as soon as they were read."""

import uuid
from pathlib import Path

from connector.charging.payers import payers, set_payer, systems_with_calls
from connector.contacts.shelf import CONTACTS
from connector.synced.read import Listing, list_records
from jobs.demo.memory import DemoMemory
from jobs.demo.simulators import NETVISOR
from jobs.installation import Installation
from privacy.core.db.work import SYSTEM, UnitOfWork
from privacy.vault.keyring import Keyring


def remember_payer(installation: Installation, memory: DemoMemory, path: Path) -> None:
    """Name one, once: whoever tries the demo may change it or take it away."""
    books = memory.systems.get(NETVISOR)
    if memory.payer_named or books is None:
        return
    with installation.desk.tenant(uuid.UUID(memory.tenant_id), SYSTEM) as work:
        memory.payer_named = name_payer(work, vault=installation.vault, books=uuid.UUID(books))
    if memory.payer_named:
        memory.save(path)


def name_payer(work: UnitOfWork, *, vault: Keyring, books: uuid.UUID) -> bool:
    """Have a company of the books pay for every system with calls. False: none was read yet."""
    if payers(work):
        return True
    page = list_records(work, vault=vault, shelf=CONTACTS, listing=Listing(limit=500))
    numbers = sorted(
        view.record.code
        for view in page.records
        if view.account_id == books and view.record.code and not view.record.is_person
    )
    for system in systems_with_calls(work) if numbers else ():
        set_payer(work, vault=vault, account_id=system.id, customer_number=numbers[0])
    return bool(numbers)
