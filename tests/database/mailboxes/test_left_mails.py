"""Mails that are left, moved or removed: nobody's, those that failed, those that were taken."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from connector.inquiries.replies import ReplyReceiver
from connector.simulators.mailbox.stores import INBOX
from privacy.core import clock
from privacy.core.errors import Invalid
from privacy.mailboxes.errors import MailboxAway, MailboxIncomplete
from privacy.mailboxes.models import TakenMail
from privacy.mailboxes.purposes import MailPurpose
from privacy.mailboxes.read import sweep_taken
from tests.database.mailboxes.desks import MAILBOX, Desk


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
