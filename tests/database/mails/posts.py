"""Mails in a real database with real keys, and transports that do as they are told."""

import uuid
from dataclasses import dataclass, field

from sqlalchemy import text

from privacy.mails.compose import compose
from privacy.mails.kinds import MailKind
from privacy.mails.letters import Letter
from privacy.mails.send import send_mail
from privacy.mails.transport import Transport
from tests.tenancies import House, Tenancy

LINK = "https://silta.example.com/reset/canary-secret-token"
TO = "canary.person@example.com"


@dataclass
class Fake:
    """Takes letters, or raises what it is given."""

    errors: list[Exception] = field(default_factory=list)
    taken: list[tuple[uuid.UUID, Letter]] = field(default_factory=list)

    def send(self, letter: Letter, *, mail_id: uuid.UUID) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.taken.append((mail_id, letter))


def write(tenancy: Tenancy, *, sending: bool = True) -> uuid.UUID:
    """Commit one mail."""
    with tenancy.work() as work:
        return compose(
            work,
            tenancy.vault,
            to=TO,
            kind=MailKind.PASSWORD_RESET,
            values={"link": LINK, "minutes": "30"},
            sending=sending,
        )


def send(tenancy: Tenancy, transport: Transport, mail_id: uuid.UUID) -> bool:
    """One run of the job."""
    return send_mail(tenancy.work, tenancy.vault, transport, mail_id=mail_id)


def row(house: House, mail_id: uuid.UUID) -> dict[str, object]:
    """What is really stored."""
    with house.installation.superuser().connect() as connection:
        found = connection.execute(text("SELECT * FROM mails WHERE id = :id"), {"id": mail_id})
        return dict(found.mappings().one())
