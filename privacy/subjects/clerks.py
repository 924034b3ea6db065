"""What use cases of requests are given: keys, who holds data, and in whose name is written."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, NotFound
from privacy.mails.compose import compose
from privacy.mails.kinds import MailKind
from privacy.subjects.holders import Holder, Subject, Tracing
from privacy.subjects.models import SubjectRequest
from privacy.vault.keyring import Keyring

Recipients = Callable[[UnitOfWork, Keyring, Subject], Sequence[str]]
"""To whom a person's data was disclosed, as names of steps: `account:<id>`, `whois` …"""
Named = Callable[[UnitOfWork, Keyring, Sequence[str]], Mapping[str, str]]
"""What people call them."""
LANGUAGES: Final = ("en", "fi", "sv", "de")


class WrongState(Conflict):
    """The request stands where this cannot be done."""

    code = "request_state"
    message = "This cannot be done with a request in its present state."


@dataclass(frozen=True, slots=True)
class Clerk:
    """One tenant's.

    Args:
        tenant: its name, as it signs letters.
        sending: whether a mail server is configured.
        cell: makes a text safe for a spreadsheet.
        recipients: who has to be told of a change (GDPR Art. 19).
        named: what they are called.
        tenants: ids of all, where the request is to every tenant of a service.
        names: of those of them that hold something.
    """

    vault: Keyring
    holders: Sequence[Holder]
    tracing: Tracing
    tenant: str
    sending: bool
    cell: Callable[[str], str]
    recipients: Recipients
    named: Named
    tenants: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def holder(self, name: str) -> Holder | None:
        """The holder called `name`, if there still is one."""
        return next((one for one in self.holders if one.name == name), None)

    def mail(
        self, work: UnitOfWork, row: SubjectRequest, to: str, kind: MailKind, **values: str
    ) -> uuid.UUID:
        """Write to the person; it leaves after the commit."""
        return compose(
            work,
            self.vault,
            to=to,
            kind=kind,
            language=row.language,
            values={"tenant": self.tenant, "reference": row.reference, **values},
            sending=self.sending,
        )


def get_request(work: UnitOfWork, request_id: uuid.UUID, *, lock: bool = False) -> SubjectRequest:
    """The bound tenant's request. Raises NotFound."""
    row = work.session.get(
        SubjectRequest, (work.tenant_id, request_id), with_for_update=lock, populate_existing=lock
    )
    if row is None:
        raise NotFound
    return row
