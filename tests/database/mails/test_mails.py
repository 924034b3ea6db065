"""A mail's life: written with its cause, sealed, sent once, destroyed on time."""

import string
from datetime import timedelta
from importlib.resources import files

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from privacy.core import clock
from privacy.core.errors import NotFound
from privacy.mails.compose import SealingMailer, compose
from privacy.mails.destroy_expired import destroy_expired
from privacy.mails.errors import MailDeferred, MailRefused
from privacy.mails.kinds import MailKind
from privacy.mails.list_mails import list_kept, list_mails
from privacy.mails.read_kept import read_kept
from privacy.mails.send import MOST_ATTEMPTS
from privacy.mails.send_kept import send_kept
from privacy.mails.transport import SmtpTransport
from privacy.vault.errors import OpenError
from privacy.vault.reseals import reseal_tenant
from privacy.vault.rotations import rotate_tenant
from tests.database.mails.posts import LINK, TO, Fake, row, send, write
from tests.tenancies import House
from tests.unit.mails.mail_servers import Postbox, mail_server


def _events(house: House) -> list[object]:
    return [one[0] for one in house.rows("SELECT event FROM ledger_events ORDER BY id")]


def test_a_mail_leaves_once_and_its_text_goes(house: House) -> None:
    mail_id = write(house.alice)
    (job,) = house.rows("SELECT name, queue, payload FROM outbox_jobs")
    assert job == ("mail.send", "urgent", {"mail_id": str(mail_id)})
    transport = Fake()
    assert send(house.alice, transport, mail_id)
    assert not send(house.alice, transport, mail_id)
    ((taken_id, letter),) = transport.taken
    assert (taken_id, letter.to) == (mail_id, TO)
    assert LINK in letter.body
    stored = row(house, mail_id)
    assert stored["state"] == "sent"
    assert stored["sent_at"] is not None
    assert stored["body_sealed"] is stored["subject_sealed"] is None


def test_it_goes_over_a_real_server(house: House) -> None:
    mail_id = write(house.alice)
    with mail_server(Postbox()) as server:
        url = SecretStr(f"smtp://127.0.0.1:{server.port}")
        assert send(house.alice, SmtpTransport(url, "silta@example.org"), mail_id)
    (mail,) = server.postbox.mails
    assert mail["Message-ID"] == f"<{mail_id}@example.org>"
    assert LINK in mail.get_content()


def test_a_mail_exists_only_with_its_cause(house: House) -> None:
    def fail() -> None:
        with house.alice.work() as work:
            mailer = SealingMailer(house.vault, sending=True)
            mailer(work, to=TO, notice=MailKind.PASSWORD_CHANGED, language="en", values={})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert house.installation.count("mails") == 0
    assert house.installation.count("outbox_jobs") == 0


@pytest.mark.promise("F2")
def test_nothing_of_it_is_readable_at_rest(house: House) -> None:
    write(house.alice)
    with house.installation.superuser().connect() as connection:
        for table in ("mails", "outbox_jobs", "ledger_events"):
            for (stored,) in connection.execute(text(f"SELECT t::text FROM {table} t")):
                for telling in (TO, LINK, "canary", "new password"):
                    assert telling not in stored
                    assert telling.encode().hex() not in stored


def test_a_deferred_mail_waits_and_counts(house: House) -> None:
    mail_id = write(house.alice)
    transport = Fake([MailDeferred(), MailDeferred()])
    for _ in range(2):
        with pytest.raises(MailDeferred):
            send(house.alice, transport, mail_id)
    stored = row(house, mail_id)
    assert (stored["state"], stored["attempts"]) == ("waiting", 2)
    assert stored["failure_code"] == "mail_deferred"
    assert send(house.alice, transport, mail_id)
    assert row(house, mail_id)["failure_code"] is None


def test_it_fails_after_the_last_attempt_and_can_be_tried_again(house: House) -> None:
    mail_id = write(house.alice)
    transport = Fake([MailDeferred()] * MOST_ATTEMPTS)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(MailDeferred):
            send(house.alice, transport, mail_id)
    assert row(house, mail_id)["state"] == "failed"
    assert _events(house) == ["jobs:mail:failed"]
    assert send(house.alice, transport, mail_id)


def test_a_refused_mail_fails_at_once(house: House) -> None:
    mail_id = write(house.alice)
    with pytest.raises(MailRefused):
        send(house.alice, Fake([MailRefused()]), mail_id)
    assert row(house, mail_id)["state"] == "failed"
    with house.alice.work() as work:
        (listed,) = list_mails(work)
        assert (listed.state, listed.failure_code) == ("failed", "mail_refused")
    assert _events(house) == ["jobs:mail:failed"]


def test_without_a_server_the_operator_is_shown_it_and_the_ledger_told(house: House) -> None:
    mail_id = write(house.alice, sending=False)
    assert house.installation.count("outbox_jobs") == 0
    with house.alice.work() as work:
        (listed,) = list_kept(work)
        assert (listed.id, listed.kind) == (mail_id, "password_reset")
        letter = read_kept(work, house.vault, mail_id=mail_id)
    assert (letter.to, LINK in letter.body) == (TO, True)
    assert _events(house) == ["console:mail:viewed"]
    assert not send(house.alice, Fake(), mail_id)  # kept is not waiting


def test_a_mail_that_a_server_takes_is_not_shown(house: House) -> None:
    mail_id = write(house.alice)
    with house.alice.work() as work, pytest.raises(NotFound):
        read_kept(work, house.vault, mail_id=mail_id)


def test_kept_mails_leave_once_there_is_a_server(house: House) -> None:
    mail_id = write(house.alice, sending=False)
    write(house.charlie, sending=False)
    with house.alice.work() as work:
        send_kept(work, mail_id=mail_id)
        with pytest.raises(NotFound):
            send_kept(work, mail_id=mail_id)
    transport = Fake()
    assert send(house.alice, transport, mail_id)
    assert len(transport.taken) == 1


def test_a_mail_past_its_time_is_not_served_and_then_destroyed(house: House) -> None:
    waiting, kept = write(house.alice), write(house.alice, sending=False)
    clock.set_offset(timedelta(days=7, minutes=1))
    try:
        assert not send(house.alice, Fake(), waiting)
        with house.alice.work() as work:
            assert list_mails(work) == []
            with pytest.raises(NotFound):
                read_kept(work, house.vault, mail_id=kept)
            with pytest.raises(NotFound):
                send_kept(work, mail_id=kept)
            assert destroy_expired(work) == 2
            assert destroy_expired(work) == 0
    finally:
        clock.set_offset(timedelta())
    assert house.installation.count("mails") == 0
    assert _events(house) == ["retention:mails:destroyed"]


@pytest.mark.attack(2)
def test_a_column_moved_to_another_mail_does_not_open(house: House) -> None:
    one, other = write(house.alice), write(house.alice)
    with house.installation.superuser().begin() as connection:
        connection.execute(
            text(
                "UPDATE mails SET body_sealed = "
                "(SELECT body_sealed FROM mails WHERE id = :o) WHERE id = :i"
            ),
            {"o": other, "i": one},
        )
    transport = Fake()
    with pytest.raises(MailRefused):
        send(house.alice, transport, one)
    assert not transport.taken
    assert row(house, one)["failure_code"] == "mail_unreadable"


@pytest.mark.attack(2)
def test_address_and_text_cannot_change_places(house: House) -> None:
    mail_id = write(house.alice, sending=False)
    with house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE mails SET to_sealed = body_sealed"))
    with house.alice.work() as work, pytest.raises(OpenError):
        read_kept(work, house.vault, mail_id=mail_id)


@pytest.mark.attack(7)
def test_mails_are_sealed_anew_when_the_tenant_key_rotates(house: House) -> None:
    mail_id = write(house.alice, sending=False)
    before = row(house, mail_id)
    rotate_tenant(house.installation.engines.keeper, house.custody, tenant_id=house.alice.id)
    reseal_tenant(house.installation.engines.app, house.vault, tenant_id=house.alice.id)
    after = row(house, mail_id)
    sealed = [name for name in before if name.endswith("_sealed") and before[name] is not None]
    assert all(before[name] != after[name] for name in sealed)
    with house.alice.work() as work:
        assert read_kept(work, house.vault, mail_id=mail_id).to == TO


def test_mails_page_newest_first(house: House) -> None:
    made = sorted((write(house.alice) for _ in range(5)), reverse=True)
    with house.alice.work() as work:
        first = list_mails(work, limit=3)
        rest = list_mails(work, limit=3, cursor=first[-1].id)
    assert [mail.id for mail in first + rest] == made


def test_every_kind_can_be_composed(house: House) -> None:
    folder = files("privacy.mails").joinpath("templates")
    texts = [folder.joinpath(f"{kind}.txt").read_text() for kind in MailKind]
    values = {name: "7" for text in texts for name in string.Template(text).get_identifiers()}
    with house.alice.work() as work:
        for kind in MailKind:
            compose(work, house.vault, to=TO, kind=kind, values=values, sending=False)
        assert len(list_kept(work)) == len(MailKind)
