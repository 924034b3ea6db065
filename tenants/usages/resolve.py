"""Look up the DNS name of a visit's address, in the background."""

import socket
import threading
import uuid
from collections.abc import Callable
from datetime import date

import msgspec
from sqlalchemy import select, update

from privacy.core.db.work import SYSTEM, UnitOfWork
from privacy.vault import sealing
from privacy.vault.keyring import Keyring
from tenants.desks import Desk
from tenants.usages.contents import Usage, decode, encode
from tenants.usages.days import DATA, SERVICE, meaning_of
from tenants.usages.models import SessionUsage

Lookup = Callable[[str], str | None]
_UNKNOWN = ""
_TIMEOUT = 5.0


def reverse_name(address: str, *, timeout: float = _TIMEOUT) -> str | None:
    """The address's name by reverse DNS; None when there is none or nobody answers in time.

    The system's resolver knows no timeout, so a thread waits for it and we stop waiting.
    """
    found: list[str] = []

    def ask() -> None:
        try:
            found.append(socket.gethostbyaddr(address)[0])
        except (OSError, UnicodeError):
            return

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    return found[0][:253] if found else None


def resolve_usage(
    desk: Desk, *, day: date, usage_id: uuid.UUID, lookup: Lookup = reverse_name
) -> bool:
    """Complete one record. The look-up runs with no transaction open; a second run is harmless.

    Returns:
        Whether the record was completed now.
    """
    with desk.installation(SYSTEM) as work:
        usage = _read(desk.ring, work, day, usage_id)
    if usage is None:
        return False
    host = lookup(usage.address) or _UNKNOWN
    with desk.installation(SYSTEM) as work:
        return _write(desk.ring, work, day, usage_id, msgspec.structs.replace(usage, host=host))


def _read(ring: Keyring, work: UnitOfWork, day: date, usage_id: uuid.UUID) -> Usage | None:
    key = ring.find_day_key(work, service=SERVICE, data=DATA, day=day)
    row = work.session.scalar(
        select(SessionUsage).where(SessionUsage.day == day, SessionUsage.id == usage_id)
    )
    if key is None or row is None or row.version != 1:
        return None
    return decode(sealing.open(key, meaning_of(work, usage_id, 1), row.sealed))


def _write(ring: Keyring, work: UnitOfWork, day: date, usage_id: uuid.UUID, usage: Usage) -> bool:
    key = ring.find_day_key(work, service=SERVICE, data=DATA, day=day)
    if key is None:
        return False
    sealed = sealing.seal(key, meaning_of(work, usage_id, 2), encode(usage))
    done = work.connection.execute(
        update(SessionUsage)
        .where(
            SessionUsage.tenant_id == work.tenant_id,
            SessionUsage.day == day,
            SessionUsage.id == usage_id,
            SessionUsage.version == 1,
        )
        .values(version=2, sealed=sealed)
    )
    return done.rowcount == 1
