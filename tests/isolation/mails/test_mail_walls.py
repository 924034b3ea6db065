"""Nobody reads, sends or destroys another tenant's mail."""

import pytest
from sqlalchemy import text

from privacy.core.errors import NotFound
from privacy.mails.destroy_expired import destroy_expired
from privacy.mails.list_mails import list_mails
from privacy.mails.read_kept import read_kept
from privacy.vault.errors import OpenError
from tests.database.mails.posts import Fake, send, write
from tests.tenancies import House


@pytest.mark.attack(34)
def test_charlie_cannot_list_read_or_send_alices_mail(house: House) -> None:
    kept, waiting = write(house.alice, sending=False), write(house.alice)
    transport = Fake()
    with house.charlie.work() as work:
        assert list_mails(work) == []
        with pytest.raises(NotFound):
            read_kept(work, house.vault, mail_id=kept)
        assert destroy_expired(work) == 0
    assert not send(house.charlie, transport, waiting)
    assert not transport.taken
    assert house.installation.count("mails") == 2


@pytest.mark.attack(35)
@pytest.mark.parametrize("role", ["app", "owner"])
def test_without_a_tenant_there_are_no_mails(house: House, role: str) -> None:
    write(house.alice)
    with getattr(house.installation.engines, role).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM mails")).scalar_one() == 0


@pytest.mark.attack(2)
def test_a_mail_moved_to_another_tenant_does_not_open(house: House) -> None:
    mail_id = write(house.alice, sending=False)
    write(house.charlie, sending=False)
    with house.installation.superuser().begin() as connection:
        connection.execute(
            text("UPDATE mails SET tenant_id = :to WHERE id = :id"),
            {"to": house.charlie.id, "id": mail_id},
        )
    with house.charlie.work() as work, pytest.raises(OpenError):
        read_kept(work, house.vault, mail_id=mail_id)
