"""A directory that gives tokens out for mailboxes (XOAUTH2), as Microsoft 365 has one.

The sign-in is that of Microsoft's simulator. It remembers what it gave out, so that the mail
server lets in its own tokens only, for mailboxes only, and while they last.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from connector.simulators.certificates import local_tls
from connector.simulators.microsoft.app import create_simulator
from connector.simulators.microsoft.desk import Desk, open_desk
from connector.simulators.microsoft.refusals import Refusal
from connector.simulators.microsoft.sign_in import LASTS
from connector.simulators.servers import LocalServer
from privacy.core import clock


@dataclass(frozen=True, slots=True)
class TokenDesk:
    """Where tokens are asked for. `authority`: the file that whoever asks has to trust."""

    desk: Desk
    address: str
    authority: Path

    @property
    def url(self) -> str:
        """For SILTA_IMAP_OAUTH_URL."""
        keys = self.desk.keys
        place, secret = self.address.removeprefix("https://"), quote(keys.client_secret, safe="")
        return f"https://{keys.client_id}:{secret}@{place}/{keys.tenant_id}"

    def opens(self, token: str) -> bool:
        """Whether it was given out here, for mailboxes, and has not ended."""
        try:
            self.desk.sign_in.check(f"Bearer {token}", "mailbox")
        except Refusal:
            return False
        return True


@contextmanager
def token_desk(
    *,
    folder: Path,
    port: int = 0,
    seed: int = 1,
    lasts: int = LASTS,
    now: Callable[[], datetime] = clock.now,
) -> Iterator[TokenDesk]:
    """A desk that answers over TLS until the end; port 0 takes any free one. `lasts`: seconds of a
    token. `folder`: where its certificates are kept."""
    desk = open_desk(seed=seed, customers=0, calls=0, lasts=lasts, tells_changes=False, now=now)
    tls = local_tls(folder)
    with LocalServer(create_simulator(desk), port, tls=tls.context) as server:
        yield TokenDesk(desk, server.url, tls.authority)
