"""Replies by mail, read from a real mailbox over IMAP into the threads that they belong to."""

import pytest
from sqlalchemy import select

from connector.events_out.endpoints import Wish, add_endpoint
from connector.events_out.kinds import EventKind
from connector.events_out.models import WebhookEvent
from connector.inquiries.erase import erase_inquiry
from connector.inquiries.holder import InquiryHolder
from connector.inquiries.replies import CARD, MOST_A_DAY
from connector.inquiries.states import InquiryState
from connector.simulators.mailbox.stores import INBOX
from privacy.core import clock
from privacy.identities.people import Person
from privacy.mailboxes.models import MailAddress, TakenMail
from privacy.subjects.holders import Subject
from tests.database.mailboxes.desks import MAILBOX, OTHER, PERSON, Desk


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


@pytest.mark.attack(38)
def test_an_address_leads_to_its_own_tenant_only(desk: Desk) -> None:
    with desk.house.charlie.work() as work:
        assert work.session.scalars(select(MailAddress)).all() == []
    desk.write()
    desk.read()
    with desk.house.charlie.work() as work:
        assert work.session.scalars(select(TakenMail)).all() == []
