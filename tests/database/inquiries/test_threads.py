"""Threads in a real database: two years from the last message, sealed, and nobody else's."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text

from connector.inquiries.answer import NoAddress, answer_inquiry
from connector.inquiries.change import (
    add_heard,
    add_note,
    move_inquiry,
    withdraw_consent,
)
from connector.inquiries.channels import Channel, Unofficial
from connector.inquiries.contents import Technical
from connector.inquiries.declared import read_fields
from connector.inquiries.erase import erase_inquiry, sweep_inquiries
from connector.inquiries.find import Wanted, find_inquiry
from connector.inquiries.logs import read_log
from connector.inquiries.open import Consent, open_inquiry
from connector.inquiries.states import IllegalStep, InquiryState
from connector.inquiries.views import Thread, view_inquiry, view_page
from privacy.core import clock
from privacy.core.errors import Invalid, NotFound
from privacy.mails.read_kept import read_kept
from privacy.vault.errors import OpenError
from privacy.vault.reseals import reseal_tenant
from privacy.vault.rotations import rotate_tenant
from tenants.sealed_fields import TENANT_NAME
from tests.tenancies import House, Tenancy

NAME, EMAIL, NUMBER = "Robin Canary", "robin.canary@example.org", "+46 31 390 06 01"
SAID = "A canary sings in here."


def opened(
    tenancy: Tenancy,
    *,
    service: str = "C",
    channel: Channel = Channel.FORM,
    consent: Consent | None = None,
    technical: Technical | None = None,
    **fields: str,
) -> uuid.UUID:
    typed = {"name": NAME, "email": EMAIL, "telephone": NUMBER, "message": SAID} | fields
    with tenancy.work() as work:
        asked = read_fields(service, {k: v for k, v in typed.items() if v}, language="sv")
        return open_inquiry(
            work,
            vault=tenancy.vault,
            service=service,
            channel=channel,
            asked=asked,
            consent=consent,
            technical=technical,
        ).id


def thread(tenancy: Tenancy, inquiry_id: uuid.UUID) -> Thread:
    with tenancy.work() as work:
        return view_inquiry(work, vault=tenancy.vault, inquiry_id=inquiry_id)


def name_tenant(tenancy: Tenancy) -> None:
    with tenancy.work() as work:
        sealed = TENANT_NAME.seal(tenancy.vault, work, work.tenant_id, "Consultants AB", version=1)
        work.connection.execute(
            text(
                "INSERT INTO tenants (tenant_id, name_sealed, name_version, services, state, "
                "mfa_required, created_at) VALUES (:t, :s, 1, '{C,V}', 'active', false, now())"
            ),
            {"t": work.tenant_id, "s": sealed},
        )


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr(clock, "_offset", timedelta(days=days))


@pytest.mark.promise("A10")
def test_a_thread_holds_what_was_said(house: House) -> None:
    inquiry_id = opened(house.alice)
    found = thread(house.alice, inquiry_id)
    assert (found.head.contact.name, found.head.contact.email) == (NAME, EMAIL)
    assert found.head.contact.language == "sv"
    assert [m.text for m in found.messages] == [SAID]
    assert found.head.state == "open"


@pytest.mark.promise("F2")
def test_nothing_of_it_lies_there_in_the_clear(house: House) -> None:
    opened(house.alice, technical=Technical(ip_address="192.0.2.77", user_agent="Canary/9"))
    with house.installation.superuser().connect() as connection:
        for table in ("inquiries", "inquiry_messages", "inquiry_logs", "ledger_events"):
            rows = str(connection.execute(text(f"SELECT t::text FROM {table} t")).all())
            for word in ("Canary", "canary", "3900601", "390 06 01", "192.0.2.77"):
                assert word not in rows, (table, word)
                assert word.encode().hex() not in rows, (table, word)


@pytest.mark.promise("B2")
def test_two_years_run_from_the_last_message(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    inquiry_id = opened(house.alice)
    first = thread(house.alice, inquiry_id).head.ends_on
    later(monkeypatch, 400)
    with house.alice.work() as work:
        add_note(work, vault=house.vault, inquiry_id=inquiry_id, text="Called, nobody there")
    assert thread(house.alice, inquiry_id).head.ends_on == first, "a note is no message"
    with house.alice.work() as work:
        add_heard(work, vault=house.vault, inquiry_id=inquiry_id, text="And now?")
    assert thread(house.alice, inquiry_id).head.ends_on == first + timedelta(days=400)
    later(monkeypatch, 729)
    with house.alice.work() as work:
        assert sweep_inquiries(work) == 0
    later(monkeypatch, 400 + 730)
    with house.alice.work() as work:
        with pytest.raises(NotFound):
            find_inquiry(work, inquiry_id)
        assert sweep_inquiries(work) == 1
        assert sweep_inquiries(work) == 0
    assert [house.installation.count(t) for t in ("inquiries", "inquiry_messages")] == [0, 0]


@pytest.mark.promise("A4")
def test_the_technical_log_ends_with_its_day(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    inquiry_id = opened(house.alice, technical=Technical(ip_address="192.0.2.77"))
    found = thread(house.alice, inquiry_id).technical
    assert found is not None
    assert found.ip_address == "192.0.2.77"
    later(monkeypatch, 29)
    assert thread(house.alice, inquiry_id).technical is not None
    later(monkeypatch, 30)
    kept = thread(house.alice, inquiry_id)
    assert kept.technical is None
    assert kept.messages[0].text == SAID, "the inquiry itself is kept longer"


@pytest.mark.promise("A10")
def test_an_answer_is_a_mail_with_the_reference(house: House) -> None:
    name_tenant(house.alice)
    inquiry_id = opened(house.alice)
    before = thread(house.alice, inquiry_id).head
    with house.alice.work() as work:
        answer_inquiry(
            work,
            vault=house.vault,
            inquiry_id=inquiry_id,
            text="Dear Robin,\nyes.\r\n\r\nSincerely",
            answers_to="desk@example.com",
            sending=False,
        )
    found = thread(house.alice, inquiry_id)
    assert found.head.state == "answered"
    assert [m.way for m in found.messages] == ["in", "out"]
    assert found.messages[1].mailed
    with house.alice.work() as work:
        mail_id = work.connection.execute(text("SELECT id FROM mails")).scalar_one()
        letter = read_kept(work, house.vault, mail_id=mail_id)
    assert letter.to == EMAIL
    assert letter.reply_to == "desk@example.com"
    assert letter.subject == f"Din förfrågan till Consultants AB [{before.reference}]"
    assert letter.body.startswith("Dear Robin,\nyes.\n\nSincerely\n")
    assert SAID not in letter.body


@pytest.mark.attack(53)
@pytest.mark.parametrize(
    "address", ["", "nobody", "a@example.com\r\nBcc: eve@example.net", "a@example.com, b@x.test"]
)
def test_replies_go_to_one_mailbox_only(house: House, address: str) -> None:
    name_tenant(house.alice)
    inquiry_id = opened(house.alice)
    with pytest.raises(Invalid), house.alice.work() as work:
        answer_inquiry(
            work, vault=house.vault, inquiry_id=inquiry_id, text="Yes", answers_to=address,
            sending=False,
        )  # fmt: skip
    assert house.installation.count("mails") == 0
    assert thread(house.alice, inquiry_id).head.state == "open"


def test_who_gave_no_address_is_called(house: House) -> None:
    name_tenant(house.alice)
    inquiry_id = opened(house.alice, email="")
    with pytest.raises(NoAddress), house.alice.work() as work:
        answer_inquiry(
            work, vault=house.vault, inquiry_id=inquiry_id, text="Yes",
            answers_to="desk@example.com", sending=False,
        )  # fmt: skip


def test_states_follow_each_other(house: House) -> None:
    inquiry_id = opened(house.alice)
    whole = thread(house.alice, inquiry_id).head.ends_on
    with house.alice.work() as work:
        move_inquiry(work, inquiry_id=inquiry_id, to=InquiryState.SPAM)
    short = thread(house.alice, inquiry_id).head.ends_on
    assert short == whole - timedelta(days=700), "spam goes after thirty days"
    with pytest.raises(IllegalStep), house.alice.work() as work:
        move_inquiry(work, inquiry_id=inquiry_id, to=InquiryState.CLOSED)
    with house.alice.work() as work:
        move_inquiry(work, inquiry_id=inquiry_id, to=InquiryState.OPEN)
        move_inquiry(work, inquiry_id=inquiry_id, to=InquiryState.CLOSED)
    assert thread(house.alice, inquiry_id).head.ends_on == whole


@pytest.mark.promise("D6")
def test_an_unofficial_channel_needs_consent_and_is_kept_for_a_short_time(house: House) -> None:
    channel = Channel.UNOFFICIAL
    with pytest.raises(Invalid):
        opened(house.alice, service="V", channel=channel)
    when = clock.now()
    consent = Consent(Unofficial.SKYPE, when)
    with pytest.raises(Invalid):
        opened(house.alice, service="C", channel=channel, consent=consent)
    tomorrow = Consent(Unofficial.SKYPE, when + timedelta(days=1))
    with pytest.raises(Invalid):
        opened(house.alice, service="V", channel=channel, consent=tomorrow)
    inquiry_id = opened(house.alice, service="V", channel=channel, consent=consent)
    head = thread(house.alice, inquiry_id).head
    assert (head.channel_name, head.consent_at) == ("skype", when)
    assert head.ends_on == clock.now().date() + timedelta(days=30)
    with house.alice.work() as work:
        withdraw_consent(work, inquiry_id=inquiry_id)
    with pytest.raises(NotFound):
        thread(house.alice, inquiry_id)
    assert house.installation.count("inquiry_messages") == 0


def test_erased_is_erased(house: House) -> None:
    kept = opened(house.alice, technical=Technical(ip_address="192.0.2.7"))
    gone = opened(house.alice, technical=Technical(ip_address="192.0.2.8"))
    with house.alice.work() as work:
        erase_inquiry(work, inquiry_id=gone, because="request")
    assert house.installation.count("inquiry_logs") == 1
    assert thread(house.alice, kept).technical is not None
    with house.alice.work() as work, pytest.raises(NotFound):
        erase_inquiry(work, inquiry_id=gone, because="request")


def test_a_person_is_found_by_address_and_number_in_any_spelling(house: House) -> None:
    inquiry_id = opened(house.alice)
    opened(house.alice, email="other@example.org", telephone="+46 31 390 06 02")
    for wanted in (
        Wanted(email="  ROBIN.Canary@Example.ORG "),
        Wanted(telephone="0046 31 3900601"),
        Wanted(telephone="031-390 06 01", region="SE"),
    ):
        with house.alice.work() as work:
            page = view_page(work, vault=house.vault, wanted=wanted, cursor=None, limit=10)
        assert [one.id for one in page.inquiries] == [inquiry_id]


def test_a_national_number_is_read_as_of_each_controllers_country(house: House) -> None:
    opened(house.alice, service="V", telephone="030 23125 012")
    wanted = Wanted(telephone="030 23125 012")
    with house.alice.work() as work:
        page = view_page(work, vault=house.vault, wanted=wanted, cursor=None, limit=50)
    assert [one.service for one in page.inquiries] == ["V"]


def test_pages_neither_repeat_nor_hide(house: House) -> None:
    made = {opened(house.alice) for _ in range(7)}
    seen: list[uuid.UUID] = []
    cursor = None
    while True:
        with house.alice.work() as work:
            page = view_page(work, vault=house.vault, wanted=Wanted(), cursor=cursor, limit=3)
        seen += [one.id for one in page.inquiries]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == made


@pytest.mark.attack(35)
@pytest.mark.attack(39)
def test_charlie_sees_nothing_of_alices(house: House) -> None:
    inquiry_id = opened(house.alice, technical=Technical(ip_address="192.0.2.7"))
    with house.charlie.work() as work:
        for wanted in (Wanted(), Wanted(email=EMAIL), Wanted(telephone=NUMBER)):
            page = view_page(work, vault=house.vault, wanted=wanted, cursor=None, limit=10)
            assert page.inquiries == []
        for act in (
            lambda: view_inquiry(work, vault=house.vault, inquiry_id=inquiry_id),
            lambda: erase_inquiry(work, inquiry_id=inquiry_id, because="request"),
            lambda: move_inquiry(work, inquiry_id=inquiry_id, to=InquiryState.CLOSED),
            lambda: add_note(work, vault=house.vault, inquiry_id=inquiry_id, text="x"),
        ):
            with pytest.raises(NotFound):
                act()
    assert len(thread(house.alice, inquiry_id).messages) == 1


@pytest.mark.attack(2)
@pytest.mark.attack(4)
def test_a_value_moved_to_another_row_does_not_open(house: House) -> None:
    first, second = opened(house.alice), opened(house.alice, name="Somebody Else")
    with house.installation.superuser().begin() as connection:
        connection.execute(
            text(
                "UPDATE inquiries SET contact_sealed = (SELECT contact_sealed FROM inquiries "
                "WHERE id = :first) WHERE id = :second"
            ),
            {"first": first, "second": second},
        )
    with pytest.raises(OpenError):
        thread(house.alice, second)


@pytest.mark.attack(7)
def test_threads_survive_a_rotation_of_the_tenants_key(house: House) -> None:
    inquiry_id = opened(house.alice)
    rotate_tenant(house.installation.engines.keeper, house.custody, tenant_id=house.alice.id)
    reseal_tenant(house.installation.engines.app, house.vault, tenant_id=house.alice.id)
    found = thread(house.alice, inquiry_id)
    assert found.messages[0].text == SAID
    with house.alice.work() as work:
        assert read_log(work, vault=house.vault, inquiry=find_inquiry(work, inquiry_id)) is None
