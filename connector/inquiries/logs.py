"""The technical log of web inquiries: sealed under the day's key, and gone with it (promise A4)."""

import uuid
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from connector.inquiries.contents import Technical, encode, technical_of
from connector.inquiries.declared import strip_technical
from connector.inquiries.keeping import TECHNICAL_KIND
from connector.inquiries.models import Inquiry, InquiryLog
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.core.logs import get_log
from privacy.profiles.derived import derived_profile
from privacy.vault import sealing
from privacy.vault.keyring import Keyring
from privacy.vault.meanings import Meaning

_log = get_log("web")
_LONGEST: Final = 400


def keep_log(work: UnitOfWork, *, vault: Keyring, row: Inquiry, technical: Technical) -> None:
    """Seal what the profile declares of `technical` under today's key.

    Without a partition for today the inquiry is taken all the same: it is worth more than its
    log, and the operator's log says so.
    """
    key = vault.day_key(work, service=row.service, data=TECHNICAL_KIND, day=work.today)
    log_id = new_id()
    kept = encode(strip_technical(derived_profile(work, row.service), _cut(technical)))
    values = {
        "tenant_id": work.tenant_id,
        "day": work.today,
        "id": log_id,
        "inquiry_id": row.id,
        "sealed": sealing.seal(key, _meaning(work, log_id), kept),
    }
    try:
        with work.session.begin_nested():
            work.connection.execute(insert(InquiryLog).values(values))
    except IntegrityError:
        _log.error("inquiry_log_not_kept", reason="no_partition", day=str(work.today))


def read_log(work: UnitOfWork, *, vault: Keyring, inquiry: Inquiry) -> Technical | None:
    """The technical log of a thread; None once its day has ended, or where it never had one."""
    day = inquiry.opened_at.astimezone(work.now.tzinfo).date()
    found = work.session.scalar(
        select(InquiryLog).where(InquiryLog.day == day, InquiryLog.inquiry_id == inquiry.id)
    )
    key = vault.find_day_key(work, service=inquiry.service, data=TECHNICAL_KIND, day=day)
    if found is None or key is None:
        return None
    return technical_of(sealing.open(key, _meaning(work, found.id), found.sealed))


def _cut(technical: Technical) -> Technical:
    """A user agent can be as long as a request allows."""
    agent = technical.user_agent
    return Technical(
        ip_address=technical.ip_address,
        user_agent=agent[:_LONGEST] if agent else None,
        language=technical.language[:40] if technical.language else None,
        page=technical.page[:_LONGEST] if technical.page else None,
        visited_at=technical.visited_at,
    )


def _meaning(work: UnitOfWork, log_id: uuid.UUID) -> Meaning:
    return Meaning("inquiry log", work.tenant_id, "inquiry_logs", log_id, "sealed")
