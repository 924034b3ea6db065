"""The mailbox's server: its certificate, its password or token, and what the job asks it for."""

import ssl
import uuid
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from connector.providers.microsoft.mailbox_tokens import mailbox_token
from connector.simulators.certificates import local_tls
from connector.simulators.mailbox.servers import mail_server
from connector.simulators.microsoft.refusals import Refusal
from jobs.contexts import House as TaskingHouse
from jobs.contexts import TaskContext
from jobs.tasks import mailboxes
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.mailboxes.errors import MailboxAway, MailboxRefusedUs
from privacy.mailboxes.sessions import MailboxServer
from tests.database.mailboxes.desks import MAILBOX, Desk
from tests.functional.microsoft.worlds import trust, world
from tests.jobs.test_tasks import TaskHouse
from tests.tenancies import House


def test_a_wrong_password_and_a_server_that_is_away_are_told_apart(desk: Desk) -> None:
    url = desk.server.imap_url(MAILBOX)
    for wrong in (url.replace(":simulated@", ":wrong@"), url.replace("/INBOX", "/Nowhere")):
        with pytest.raises(MailboxRefusedUs), MailboxServer(SecretStr(wrong)).opened():
            pass
    away = f"imap://a%40b.test:x@127.0.0.1:{desk.server.smtp_port}"
    with pytest.raises(MailboxAway), MailboxServer(SecretStr(away), timeout=2).opened():
        pass
    with pytest.raises(ValueError, match="not on loopback"):
        MailboxServer(SecretStr("imap://a:b@mail.example.com"))


@pytest.mark.promise("F1")
def test_a_certificate_that_nobody_trusts_ends_the_reading(tmp_path: Path) -> None:
    tls = local_tls(tmp_path)
    with mail_server(tls=tls.context) as server:
        url = SecretStr(server.imap_url(MAILBOX))
        with pytest.raises(MailboxRefusedUs), MailboxServer(url, timeout=5).opened():
            pass
        trust = ssl.create_default_context(cafile=str(tls.authority))
        server.post.deliver(MAILBOX, b"From: a@example.org\r\n\r\nHello")
        with MailboxServer(url, trust=trust, timeout=5).opened() as mailbox:
            [uid] = mailbox.unread()
            fetched = mailbox.fetch(uid)
        assert fetched is not None
        assert fetched.data.endswith(b"Hello")
        other = SecretStr(url.get_secret_value().replace("127.0.0.1", "127.0.0.2"))
        with pytest.raises(MailboxAway), MailboxServer(other, trust=trust, timeout=2).opened():
            pass


def test_the_job_reads_what_the_settings_name_and_nothing_without_them(desk: Desk) -> None:
    house, url = TaskHouse(desk.house), SecretStr(desk.server.imap_url(MAILBOX))
    context = TaskContext(
        cast(TaskingHouse, house), uuid.uuid4(), INSTALLATION_ID, "mailboxes.read", 0, {}
    )
    desk.write()
    mailboxes.read(context)
    assert len(desk.left()) == 1
    changed = {"imap_url": url, "imap_address": MAILBOX}
    house.settings = house.settings.model_copy(update=changed)
    assert house.settings.mailbox == MAILBOX
    mailboxes.read(context)
    assert (desk.left(), desk.last().way) == ([], "in")


def test_a_mailbox_that_wants_a_token_is_opened_by_one_of_microsofts(house: House) -> None:
    with world(customers=0, calls=0) as microsoft:
        keys, sign_in = microsoft.desk.keys, microsoft.desk.sign_in

        def opened(token: str) -> bool:
            try:
                sign_in.check(f"Bearer {token}", "mailbox")
            except Refusal:
                return False
            return True

        def at(secret: str) -> SecretStr:
            place = microsoft.url.removeprefix("https://")
            return SecretStr(f"https://{keys.client_id}:{secret}@{place}/{keys.tenant_id}")

        trusting: dict[str, Any] = {"loopback": True, "tls": trust()}
        with mail_server(opened_by=opened) as server:
            url = SecretStr(f"imap://inbox%40example.com@127.0.0.1:{server.imap_port}/INBOX")
            server.post.deliver(MAILBOX, b"Subject: x\r\n\r\nHello\r\n")
            right = partial(mailbox_token, at(quote(keys.client_secret, safe="")), **trusting)
            with MailboxServer(url, token=right).opened() as mailbox:
                assert mailbox.unread() == ["1"]
            forged = MailboxServer(url, token=lambda: "made-up")
            with pytest.raises(MailboxRefusedUs), forged.opened():
                pass
            wrong = MailboxServer(url, token=partial(mailbox_token, at("wrong"), **trusting))
            with pytest.raises(MailboxRefusedUs), wrong.opened():
                pass
            microsoft.fault("temporarily_unavailable", resource="token")
            away = MailboxServer(url, token=right)
            with pytest.raises(MailboxAway) as gone, away.opened():
                pass
            assert type(gone.value) is MailboxAway
