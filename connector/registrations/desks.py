"""What use cases of registrations are given: the tenants' desk, and whose they are."""

import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass

from connector.inquiries.forms.refs import FormRef
from privacy.core.db.work import NOBODY, Actor, ActorKind, UnitOfWork
from privacy.mails.kinds import MailKind
from privacy.notices.languages import LANGUAGES
from privacy.vault.keyring import Keyring
from tenants.desks import Desk


@dataclass(frozen=True, slots=True)
class Office:
    """A tenant's registrations, reached by one of its forms."""

    desk: Desk
    form: FormRef

    @property
    def vault(self) -> Keyring:
        """The key ring."""
        return self.desk.ring

    @property
    def language(self) -> str:
        """What holders are written in: the form's language, where there are letters in it."""
        return self.form.language if self.form.language in LANGUAGES else "en"

    def work(self, holder: uuid.UUID | None = None) -> AbstractContextManager[UnitOfWork]:
        """A unit of work of the tenant, in the name of a holder or of nobody we know."""
        actor = Actor(ActorKind.REGISTRANT, holder) if holder else NOBODY
        return self.desk.tenant(self.form.tenant_id, actor)

    def link(self, path: str, token: str = "") -> str:
        """An address of ours for a mail. GET changes nothing behind it."""
        whole = f"{self.desk.public_url}/{path.replace('*', self.form.key)}"
        return f"{whole}/{token}" if token else whole

    def mail(self, work: UnitOfWork, *, to: str, kind: MailKind, values: dict[str, str]) -> None:
        """Write a mail to a holder; it leaves after the commit."""
        self.desk.mailer(work, to=to, notice=kind, language=self.form.language, values=values)
