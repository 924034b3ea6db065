"""A mail server of the scenario, and whoever reads there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.scenarios.stacks import eventually
from tests.unit.mails.mail_servers import Postbox, mail_server

REFUSED = "nobody-"


class _Picky(Postbox):
    """Refuses, by name, whoever is nobody; servers do repeat addresses like that."""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith(REFUSED):
            return f"550 5.1.1 <{address}>: no such person here"
        return await super().handle_RCPT(server, session, envelope, address, options)


@dataclass(frozen=True)
class Mailbox:
    """Every mail that the stack sent."""

    url: str
    _postbox: Postbox

    def mails(self, to: str = "") -> list[EmailMessage]:
        """Those to one person, or all."""
        return [mail for mail in list(self._postbox.mails) if to in str(mail["To"])]

    def link(self, to: str, path: str) -> str:
        """The path of the newest link to `path` that this person was sent; waits for it."""
        pattern = re.compile(re.escape(path) + r"[\w-]+")

        def links() -> list[str]:
            texts = [str(mail.get_content()) for mail in self.mails(to)]
            return [found for text in texts for found in pattern.findall(text)]

        eventually(lambda: bool(links()), seconds=90)
        return links()[-1]


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Run the server."""
    with mail_server(_Picky()) as running:
        yield Mailbox(f"smtp://127.0.0.1:{running.port}", running.postbox)
