"""Records as lists and systems get them, for the use that they name (promise A13).

Of a restricted person: that they are there, no more. Of one who objected to the use: nothing.
GDPR Art. 18(2): they are stored, and used for claims alone. Whoever reads records to use them
passes them through here; what stores, erases, or answers the person does not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import select

from connector.synced.shapes import Contact
from connector.synced.shelves import S, Shelf
from connector.synced.views import RecordView
from privacy.core.db.work import UnitOfWork
from privacy.restrictions.standing import Restricted, restricted
from privacy.suppressions.uses import OBJECTABLE, Use, known_ways, refuse_objectable, willing
from privacy.vault.keyring import Keyring
from tenants.tenants.subscribed import subscribed_services


def withhold(
    work: UnitOfWork, vault: Keyring, shelf: Shelf[S], views: Sequence[RecordView[S]], *, use: Use
) -> list[RecordView[S]]:
    """The same, those of restricted people without what they say, and nobody who objected.

    Raises:
        Invalid: people can object to this use, and such records name nobody.
    """
    if use in OBJECTABLE:
        views = _willing(work, vault, views, use)
    standing = restricted(work, vault)
    if not standing.anybody or not views:
        return list(views)
    met = _led_to(work, shelf, views, standing)
    return [
        _without(one) if one.id in met or _is_one_of(one.record, one.numbers, standing) else one
        for one in views
    ]


def is_restricted(contact: Contact, numbers: Iterable[str], standing: Restricted) -> bool:
    """Whether a contact is of a restricted person."""
    return standing.has_email(*contact.emails) or standing.has_phone(*numbers)


def _willing(
    work: UnitOfWork, vault: Keyring, views: Sequence[RecordView[S]], use: Use
) -> list[RecordView[S]]:
    if not all(isinstance(one.record, Contact) for one in views):
        refuse_objectable(use)
    services = subscribed_services(work)
    people = [known_ways(emails=_emails(one.record), phones=one.numbers) for one in views]
    return willing(work, vault, use=use, things=views, people=people, services=services)


def _emails(record_: object) -> tuple[str, ...]:
    return record_.emails if isinstance(record_, Contact) else ()


def _is_one_of(record_: Any, numbers: Iterable[str], standing: Restricted) -> bool:
    return isinstance(record_, Contact) and is_restricted(record_, numbers, standing)


def _led_to(
    work: UnitOfWork, shelf: Shelf[S], views: Iterable[RecordView[S]], standing: Restricted
) -> set[Any]:
    c = shelf.table.c
    found = select(c.id).where(
        c.tenant_id == work.tenant_id,
        c.id.in_([one.id for one in views]),
        c.about_token.in_(sorted(standing.leads)),
    )
    return set(work.connection.execute(found).scalars()) if standing.leads else set()


def _without(view: RecordView[S]) -> RecordView[S]:
    return replace(view, record=blank(view.record), external_id="", numbers=(), restricted=True)


def blank(record_: S) -> S:
    """A record of the same shape that says nothing."""
    kind = type(record_)
    needed = {one.encode_name: "" for one in msgspec.structs.fields(kind) if one.required}
    return msgspec.convert(needed, kind)
