"""Somebody who registers with the demo tenant, as any visitor does: work shown, mail confirmed."""

import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final

from sqlalchemy import select

from connector.inquiries.forms.find import list_forms
from connector.inquiries.forms.refs import ref_of
from connector.inquiries.robots.challenges import make_challenge
from connector.inquiries.robots.judge import SOONEST, Evidence
from connector.inquiries.robots.proofs import EASY, is_proof
from connector.registrations.begin import Application, begin_registration
from connector.registrations.confirm import confirm_registration
from connector.registrations.desks import Office
from connector.registrations.links import issue_link
from connector.registrations.models import Registrant
from jobs.demo.furnishing import REGISTRATION
from jobs.demo.memory import DemoMemory
from jobs.installation import Installation
from privacy.core.clock import monotonic
from privacy.core.db.work import UnitOfWork

_TERMS: Final = ("conditions", "policy", "service_level")
_PERSON: Final = {
    "first_name": "Robin",
    "last_name": "Example",
    "birth_date": "1990-12-31",
    "email": "robin@example.org",
    "postcode": "10115",
}


@dataclass
class Visit:
    """A visitor with the page open."""

    office: Office
    challenge: str
    opened_at: float


@contextmanager
def visiting(installation: Installation, memory: DemoMemory) -> Iterator[None]:
    """Open the page of the registration, and send it at the end of the block: nobody types it in
    less than two seconds, so the block had better have something to do."""
    visit = _open_page(installation, memory)
    yield
    if visit is not None:
        _register(visit, memory)


def _open_page(installation: Installation, memory: DemoMemory) -> Visit | None:
    """None where somebody has registered already, or the form was closed."""
    with installation.desk.tenant(uuid.UUID(memory.tenant_id)) as work:
        row = next((one for one in list_forms(work) if one.name == REGISTRATION.name), None)
        if row is None or "active" in _states(work, row.id):
            return None
        form = ref_of(work, row)
        challenge = make_challenge(
            work, installation.vault, form_id=form.id, bits=EASY, notice=form.notice
        )
    return Visit(Office(installation.desk, form), challenge, monotonic())


def _states(work: UnitOfWork, form_id: uuid.UUID) -> Sequence[str]:
    return work.session.scalars(select(Registrant.state).where(Registrant.form_id == form_id)).all()


def _register(visit: Visit, memory: DemoMemory) -> None:
    numbers = (str(number) for number in count())
    number = next(one for one in numbers if is_proof(visit.challenge, one, bits=EASY))
    time.sleep(max(0.0, SOONEST.total_seconds() + 0.1 - (monotonic() - visit.opened_at)))
    begin_registration(
        visit.office,
        Application(
            fields={"login": memory.registrant_login, **_PERSON},
            password=memory.registrant_password,
            agreed=_TERMS,
            of_age=True,
            address="192.0.2.7",
            evidence=Evidence(visit.challenge, number),
        ),
    )
    with visit.office.work() as work:
        mine = select(Registrant.id).where(Registrant.form_id == visit.office.form.id)
        registrant_id = work.session.execute(mine).scalar_one()
        token = issue_link(work, registrant_id=registrant_id, purpose="confirm")
    confirm_registration(visit.office, token=token, password=memory.registrant_password)
