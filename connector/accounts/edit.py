"""Change what an account is called, and how its numbers and times are read."""

import uuid

from connector.accounts.facts import wrong_facts
from connector.accounts.find import find_account
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record


def edit_account(
    work: UnitOfWork, *, account_id: uuid.UUID, name: str, region: str, time_zone: str
) -> bool:
    """Put these in the place of the present ones; False where nothing differs.

    Region and time zone count from the next document on. What was stored stays as it was read;
    where documents are kept, they can be read again. The outside system's own name stays, even
    where it was taken from the name: calls may carry it.

    Raises:
        NotFound: no such account.
        Invalid: a field is not usable; `details["fields"]` says which and why.
    """
    account = find_account(work, account_id, lock=True)
    wrong = wrong_facts(name, region, time_zone)
    if wrong:
        raise Invalid(fields=wrong)
    given = {"name": name.strip(), "region": region, "time_zone": time_zone}
    changed = [field for field, value in given.items() if getattr(account, field) != value]
    for field in changed:
        setattr(account, field, given[field])
    if changed:
        facts = dict.fromkeys(changed, "changed")
        record(work, Event.ACCOUNT_CHANGED, subject=account_id, facts=facts)
    return bool(changed)
