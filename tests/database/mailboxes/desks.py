"""A thread that was answered by mail, and the mailbox that replies come to."""

import uuid
from collections import Counter
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from pydantic import SecretStr

from connector.inquiries.change import move_inquiry
from connector.inquiries.replies import ReplyReceiver
from connector.inquiries.states import InquiryState
from connector.inquiries.views import MessageView, Thread, view_inquiry
from connector.simulators.mailbox.servers import MailServer
from connector.simulators.mailbox.stores import INBOX
from privacy.core.db.work import SYSTEM
from privacy.mailboxes.purposes import MailPurpose
from privacy.mailboxes.read import read_mailbox
from privacy.mailboxes.receivers import Receivers
from privacy.mailboxes.sessions import MailboxServer
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
