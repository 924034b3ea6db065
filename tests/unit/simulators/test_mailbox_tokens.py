"""The simulated mailbox that opens by tokens: its own, for mailboxes, while they last."""

import ssl
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from connector.providers.microsoft.mailbox_tokens import mailbox_token
from connector.simulators.mailbox.servers import MailServer, mail_server
from connector.simulators.mailbox.tokens import TokenDesk, token_desk
from privacy.core import clock
from privacy.mailboxes.errors import MailboxRefusedUs
from privacy.mailboxes.sessions import MailboxServer

MAILBOX = "inbox@example.com"


def ask(desk: TokenDesk, url: str) -> str:
    tls = ssl.create_default_context(cafile=str(desk.authority))
    return mailbox_token(SecretStr(url), loopback=True, tls=tls)


def unread(server: MailServer, token: Callable[[], str] | None, url: str = "") -> list[str]:
    place = SecretStr(url or server.imap_url(MAILBOX))
    with MailboxServer(place, token=token).opened() as mailbox:
        return mailbox.unread()


def test_only_its_own_living_tokens_for_mailboxes_open(tmp_path: Path) -> None:
    passed = timedelta()
    with (
        token_desk(folder=tmp_path, lasts=60, now=lambda: clock.now() + passed) as desk,
        token_desk(folder=tmp_path, seed=2) as foreign,
        mail_server(opened_by=desk.opens, password="") as server,
    ):
        server.post.deliver(MAILBOX, b"Subject: x\r\n\r\nHello\r\n")
        assert unread(server, partial(ask, desk, desk.url)) == ["1"]

        keys = desk.desk.keys
        form = {"client_id": keys.client_id, "client_secret": keys.client_secret}
        form |= {"grant_type": "client_credentials"}
        scope = "https://graph.microsoft.com/.default"
        of_graph = desk.desk.sign_in.grant("", keys.tenant_id, form | {"scope": scope})
        living = ask(desk, desk.url)
        refused: dict[str, Callable[[], str]] = {
            "made up": lambda: "made-up",
            "of another directory": partial(ask, foreign, foreign.url),
            "for something else": lambda: str(of_graph["access_token"]),
            "wrong secret": partial(ask, desk, desk.url.replace(keys.client_secret, "wrong")),
        }
        for token in refused.values():
            with pytest.raises(MailboxRefusedUs):
                unread(server, token)
        assert unread(server, lambda: living) == ["1"]
        passed = timedelta(seconds=61)
        with pytest.raises(MailboxRefusedUs):
            unread(server, lambda: living)


def test_a_password_opens_nothing_there() -> None:
    with mail_server(password="") as server:
        place = f"imap://inbox%40example.com:simulated@127.0.0.1:{server.imap_port}/INBOX"
        with pytest.raises(MailboxRefusedUs):
            unread(server, None, place)
