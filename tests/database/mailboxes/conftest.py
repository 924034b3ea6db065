"""A desk for each test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from connector.inquiries.answer import answer_inquiry
from connector.inquiries.channels import Channel
from connector.inquiries.declared import read_fields
from connector.inquiries.open import open_inquiry
from connector.simulators.mailbox.servers import mail_server
from privacy.mails.models import Mail
from privacy.mails.sealed_mails import open_letter
from tests.database.inquiries.test_threads import name_tenant
from tests.database.mailboxes.desks import MAILBOX, PERSON, Desk
from tests.tenancies import House


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
