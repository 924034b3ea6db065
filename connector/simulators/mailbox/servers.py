"""The mail server as a whole, for a command and for tests."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from connector.simulators.mailbox.imap import ImapServer
from connector.simulators.mailbox.smtp import SmtpServer
from connector.simulators.mailbox.stores import Post

PASSWORD = "simulated"  # noqa: S105 - it opens nothing but this


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where it listens, and what it holds."""

    post: Post
    imap_port: int
    smtp_port: int
    scheme: str = "imap"

    def imap_url(self, address: str) -> str:
        """For SILTA_IMAP_URL."""
        user = address.replace("@", "%40")
        secret = f":{self.post.password}" if self.post.password else ""
        return f"{self.scheme}://{user}{secret}@127.0.0.1:{self.imap_port}/INBOX"

    @property
    def smtp_url(self) -> str:
        """For SILTA_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.smtp_port}"


@contextmanager
def mail_server(
    *,
    imap_port: int = 0,
    smtp_port: int = 0,
    tls: ssl.SSLContext | None = None,
    opened_by: Callable[[str], bool] = lambda _: False,
    password: str = PASSWORD,
) -> Iterator[MailServer]:
    """A server that answers until the end; port 0 takes any free one. `tls`: of IMAP. `opened_by`:
    whether a token opens mailboxes. `password`: opens them too; empty: tokens only."""
    post = Post(password, opened_by)
    with ImapServer(post, imap_port, tls=tls) as imap, SmtpServer(post, smtp_port) as smtp:
        threads = [
            threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True)
            for one in (imap, smtp)
        ]
        for thread in threads:
            thread.start()
        try:
            scheme = "imap" if tls is None else "imaps"
            yield MailServer(post, imap.server_address[1], smtp.server_address[1], scheme)
        finally:
            imap.shutdown()
            smtp.shutdown()
