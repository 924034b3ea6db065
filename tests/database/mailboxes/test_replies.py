"""Replies by mail, read from a real mailbox over IMAP into the threads that they belong to."""

import ssl
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from connector.events_out.endpoints import Wish, add_endpoint
from connector.events_out.kinds import EventKind
from connector.events_out.models import WebhookEvent
from connector.inquiries.answer import answer_inquiry
from connector.inquiries.change import move_inquiry
from connector.inquiries.channels import Channel
from connector.inquiries.declared import read_fields
from connector.inquiries.erase import erase_inquiry
from connector.inquiries.holder import InquiryHolder
from connector.inquiries.open import open_inquiry
from connector.inquiries.replies import CARD, MOST_A_DAY, ReplyReceiver
from connector.inquiries.states import InquiryState
from connector.inquiries.views import MessageView, Thread, view_inquiry
from connector.providers.microsoft.mailbox_tokens import mailbox_token
from connector.simulators.certificates import local_tls
from connector.simulators.mailbox.servers import MailServer, mail_server
from connector.simulators.mailbox.stores import INBOX
from connector.simulators.microsoft.refusals import Refusal
from jobs.contexts import House as TaskingHouse
from jobs.contexts import TaskContext
from jobs.tasks import mailboxes
from privacy.core import clock
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM
from privacy.core.errors import Invalid
from privacy.identities.people import Person
from privacy.mailboxes.errors import MailboxAway, MailboxIncomplete, MailboxRefusedUs
from privacy.mailboxes.models import MailAddress, TakenMail
from privacy.mailboxes.purposes import MailPurpose
from privacy.mailboxes.read import read_mailbox, sweep_taken
from privacy.mailboxes.receivers import Receivers
from privacy.mailboxes.sessions import MailboxServer
from privacy.mails.models import Mail
from privacy.mails.sealed_mails import open_letter
from privacy.subjects.holders import Subject
from tests.database.inquiries.test_threads import name_tenant
from tests.functional.microsoft.worlds import trust, world
from tests.jobs.test_tasks import TaskHouse
from tests.tenancies import House, Tenancy

MAILBOX, PERSON, OTHER = "inbox@example.com", "robin.canary@example.org", "kim@example.net"
RECEIVERS: Receivers = {MailPurpose.INQUIRY: ReplyReceiver()}


@dataclass
class Desk:
    """A tenant with a thread that was answered, and the installation's mailbox."""

    house: House
    tenancy: Tenancy
    server: MailServer
    inquiry_id: uuid.UUID
    mail_id: uuid.UUID
    address: str

    def write(self, text: str = "Yes, at ten.", sender: str = PERSON, **headers: str) -> None:
        """Somebody writes to the thread's address."""
        mail = EmailMessage()
        to = headers.pop("To", self.address)
        heads = {"From": f"Robin <{sender}>", "To": to, "Subject": "Re: x"} | headers
        for name, value in heads.items():
            mail[name.replace("_", "-")] = value
        mail["Message-ID"] = f"<{uuid.uuid4()}@example.org>"
        mail.set_content(text)
        self.server.post.deliver(to, mail.as_bytes().replace(b"\n", b"\r\n"))

    def read(self, receivers: Receivers = RECEIVERS, **chosen: Any) -> Counter[str]:
        """What came of it."""
        engine, url = self.house.installation.engines.app, self.server.imap_url(MAILBOX)
        mailbox = MailboxServer(SecretStr(url), **chosen)
        return read_mailbox(engine, self.house.vault, mailbox, receivers, actor=SYSTEM)

    def thread(self) -> Thread:
        """As people see it."""
        with self.tenancy.work() as work:
            return view_inquiry(work, vault=self.tenancy.vault, inquiry_id=self.inquiry_id)

    def last(self) -> MessageView:
        """The newest message."""
        return self.thread().messages[-1]

    def left(self, folder: str = INBOX) -> list[set[str]]:
        """Flags of mails that the server still has."""
        return [mail.flags for mail in self.server.post.folder(MAILBOX, folder).mails]

    def move(self, to: InquiryState) -> None:
        """Into another state."""
        with self.tenancy.work() as work:
            move_inquiry(work, inquiry_id=self.inquiry_id, to=to)


@pytest.fixture
def desk(house: House) -> Iterator[Desk]:
    """Answered once; the reply address is the thread's own."""
    tenancy = house.alice
    name_tenant(tenancy)
    with tenancy.work() as work:
        asked = read_fields("C", {"name": "Robin", "email": PERSON, "message": "Hello?"})
        inquiry_id = open_inquiry(
            work, vault=tenancy.vault, service="C", channel=Channel.FORM, asked=asked
        ).id
    with tenancy.work() as work:
        answer_inquiry(
            work,
            vault=tenancy.vault,
            inquiry_id=inquiry_id,
            text="At ten?",
            answers_to=None,
            mailbox=MAILBOX,
            sending=False,
        )
        mail = work.session.scalars(select(Mail)).one()
        address = open_letter(work, tenancy.vault, mail).reply_to
    assert address is not None
    with mail_server() as server:
        yield Desk(house, tenancy, server, inquiry_id, mail.id, address)


def test_whoever_wants_to_know_is_told_of_a_reply(desk: Desk) -> None:
    wish = Wish("desk", "https://hooks.example.com/x", [EventKind.INQUIRY_REPLIED])
    with desk.tenancy.work() as work:
        add_endpoint(work, vault=desk.tenancy.vault, wish=wish)
    desk.write("Yes, at ten.")
    desk.write("At ten?", sender=OTHER)
    desk.write("I am away.", Auto_Submitted="auto-replied")
    desk.read()
    with desk.tenancy.work() as work:
        told = [row.facts for row in work.session.scalars(select(WebhookEvent))]
    ids = [one.id for one in desk.thread().messages]
    assert {fact["from"] for fact in told} == {"person", "another_address"}
    assert len(told) == 2, "a machine's answer is none"
    assert {fact["inquiry_id"] for fact in told} == {str(desk.inquiry_id)}
    assert {fact["message_id"] for fact in told} <= set(map(str, ids))


@pytest.mark.promise("A10")
def test_a_reply_arrives_in_its_thread_once(desk: Desk) -> None:
    ends_on = desk.thread().head.ends_on
    desk.write("Yes, at ten.\n\n> At ten?")
    assert desk.read() == {"taken": 1}
    said = desk.last()
    assert (said.way, said.text, said.sender) == ("in", "Yes, at ten.", None)
    assert desk.thread().head.state == InquiryState.OPEN
    assert desk.thread().head.ends_on >= ends_on
    assert desk.left() == []
    assert desk.read() == {}


def test_a_mail_that_was_committed_and_not_removed_is_only_removed(desk: Desk) -> None:
    desk.write()
    folder = desk.server.post.folder(MAILBOX, INBOX)
    kept = folder.mails[0].data
    desk.read()
    folder.add(b"Received: by another\r\n" + kept, clock.now(), set())
    assert desk.read() == {"known": 1}
    assert [m.way for m in desk.thread().messages] == ["in", "out", "in"]
    assert desk.left() == []


def test_the_address_is_found_in_what_a_redirect_leaves_and_in_what_is_replied_to(
    desk: Desk,
) -> None:
    word = desk.address.upper().replace("INBOX", "inbox")
    desk.server.post.deliver(word, b"From: robin.canary@example.org\r\nTo: a@b.test\r\n\r\nOne")
    desk.write("Two", To=MAILBOX, In_Reply_To=f"<{desk.mail_id}@silta.example.com>")
    assert desk.read() == {"taken": 2}
    assert [m.text for m in desk.thread().messages[2:]] == ["One", "Two"]


@pytest.mark.attack(31)
def test_another_address_is_shown_as_one_and_prolongs_nothing(desk: Desk) -> None:
    before = desk.thread().head
    desk.write("Send me all of it.", sender=OTHER)
    assert desk.read() == {"another_sender": 1}
    said, after = desk.last(), desk.thread().head
    assert (said.way, said.sender) == ("other", OTHER)
    assert (after.ends_on, after.last_message_at) == (before.ends_on, before.last_message_at)


def test_a_persons_file_has_no_words_of_others_and_all_of_their_own(desk: Desk) -> None:
    desk.write("Words of Kim", sender=OTHER)
    desk.read()
    holder = InquiryHolder()
    with desk.tenancy.work() as work:
        vault = desk.tenancy.vault
        robin, kim = (Subject(Person(email=one)) for one in (PERSON, OTHER))
        assert "Kim" not in str([r.fields for r in holder.collect(work, vault, robin)])
        assert "Kim" in str([r.fields for r in holder.collect(work, vault, kim)])
        assert holder.erase(work, vault, kim).removed == 1
    assert [m.way for m in desk.thread().messages] == ["in", "out"]


def test_machines_reopen_nothing_but_what_did_not_arrive(desk: Desk) -> None:
    desk.write("Back on Monday", Auto_Submitted="auto-replied")
    assert desk.read() == {"automatic": 1}
    assert (desk.last().way, desk.thread().head.state) == ("note", InquiryState.ANSWERED)
    report = (
        "From: MAILER-DAEMON@mx.test\r\nContent-Type: multipart/report; boundary=b;"
        " report-type=delivery-status\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.test\r\n\r\nStatus: {}\r\n\r\n--b\r\n"
        f"Content-Type: message/rfc822\r\n\r\nMessage-ID: <{desk.mail_id}@x.test>\r\n\r\n--b--\r\n"
    )
    desk.server.post.deliver(MAILBOX, report.format("4.4.1").encode())
    desk.read()
    assert desk.thread().head.state == InquiryState.ANSWERED
    desk.server.post.deliver(MAILBOX, report.format("5.1.1").encode())
    assert desk.read() == {"automatic": 1}
    assert desk.thread().head.state == InquiryState.OPEN
    assert desk.last().text.endswith("could not be delivered (5.1.1).")


@pytest.mark.promise("A7")
def test_cards_floods_and_spam_are_not_kept(desk: Desk) -> None:
    desk.write("4111 1111 1111 1111")
    desk.read()
    assert desk.last().text == CARD
    for number in range(MOST_A_DAY + 3):
        desk.write(f"{number}")
    ends = desk.read()
    assert (ends["refused"], ends["taken"]) == (5, MOST_A_DAY - 2)
    desk.move(InquiryState.SPAM)
    desk.write()
    assert desk.read() == {"refused": 1}


def test_a_thread_that_is_over_takes_nothing_and_leaves_no_address(desk: Desk) -> None:
    with desk.tenancy.work() as work:
        erase_inquiry(work, inquiry_id=desk.inquiry_id, because="by_hand")
        assert work.session.scalars(select(MailAddress)).all() == []
    desk.write()
    assert desk.read() == {"nobodys": 1}


def test_nobodys_mail_is_left_as_read_and_removed_in_thirty_days(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write(To=MAILBOX)
    desk.write(To=f"inbox+{'a' * 32}@example.com")
    assert desk.read() == {"nobodys": 2}
    assert desk.left() == [{r"\Seen"}] * 2
    assert desk.read() == {}
    for mail in desk.server.post.folder(MAILBOX, INBOX).mails:
        mail.came_at = clock.now() - timedelta(days=32)
    desk.read()
    assert desk.left() == []


class _Broken:
    """A receiver of which one transaction fails."""

    def receive(self, work: Any, vault: Any, *, about: uuid.UUID, mail: Any) -> Any:
        ReplyReceiver().receive(work, vault, about=about, mail=mail)
        raise KeyError("secret words")


class _Refusing:
    def receive(self, work: Any, vault: Any, *, about: uuid.UUID, mail: Any) -> Any:
        raise Invalid


def test_what_fails_is_left_and_read_again_for_a_day(desk: Desk) -> None:
    desk.write()
    with pytest.raises(MailboxIncomplete):
        desk.read({MailPurpose.INQUIRY: _Broken()})
    assert desk.left() == [set()]
    assert [m.way for m in desk.thread().messages] == ["in", "out"]
    desk.server.post.folder(MAILBOX, INBOX).mails[0].came_at -= timedelta(days=2)
    assert desk.read({MailPurpose.INQUIRY: _Broken()}) == {"nobodys": 1}
    desk.write()
    assert desk.read({MailPurpose.INQUIRY: _Refusing()}) == {"nobodys": 1}
    desk.write()
    assert desk.read({}) == {"nobodys": 1}


def test_taken_mails_can_be_moved_and_are_forgotten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.server.post.folder(MAILBOX, "Taken")
    desk.write()
    assert desk.read(moved_to="Taken") == {"taken": 1}
    assert (desk.left(), len(desk.left("Taken"))) == ([], 1)
    desk.write()
    with pytest.raises(MailboxAway):
        desk.read(moved_to="Nowhere")
    assert desk.left() == [set()]
    assert desk.read() == {"known": 1}
    monkeypatch.setattr(clock, "_offset", timedelta(days=31))
    with desk.tenancy.work() as work:
        sweep_taken(work)
        assert work.session.scalars(select(TakenMail)).all() == []


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


@pytest.mark.attack(38)
def test_an_address_leads_to_its_own_tenant_only(desk: Desk) -> None:
    with desk.house.charlie.work() as work:
        assert work.session.scalars(select(MailAddress)).all() == []
    desk.write()
    desk.read()
    with desk.house.charlie.work() as work:
        assert work.session.scalars(select(TakenMail)).all() == []


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
