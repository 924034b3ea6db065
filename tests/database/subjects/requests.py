"""Requests as these tests look at them."""

import re
from typing import Any

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.mails.models import Mail
from privacy.mails.sealed_mails import open_letter
from privacy.subjects.views import RequestView, view_request
from tests.database.subjects.people import Rights


def request_view(rights: Rights, request_id: Any) -> RequestView:
    with rights.tenant.work() as work:
        return view_request(work, rights.tenant.vault, request_id=request_id)


def mailed_code(work: UnitOfWork, rights: Rights) -> str:
    kinds = ("subject_code", "subject_ready")
    mail = work.session.scalars(
        select(Mail).where(Mail.kind.in_(kinds)).order_by(Mail.id.desc())
    ).first()
    assert mail is not None
    found = re.search(
        r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", open_letter(work, rights.tenant.vault, mail).body
    )
    assert found is not None
    return found[0]
