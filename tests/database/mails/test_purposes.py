"""No marketing mail leaves without a consent, or against an objection; codes always do (C10)."""

import uuid
from types import MappingProxyType

import pytest

from privacy.mails import purposes
from privacy.mails.compose import compose
from privacy.mails.errors import MailSuppressed
from privacy.mails.kinds import MailKind
from privacy.profiles.parts import Objection
from privacy.suppressions.purposes import ALWAYS, Sending
from tests.database.mails.posts import LINK, Fake, row, send
from tests.database.registers.people import ADDRESS, agree, object_to
from tests.tenancies import House, Tenancy

KIND = MailKind.SUBSCRIPTION_ENDED


def write(tenancy: Tenancy, service: str = "V", kind: MailKind = KIND) -> uuid.UUID:
    values = {"tenant": "Example Ltd", "service": "V", "link": LINK, "minutes": "30"}
    with tenancy.work() as work:
        return compose(
            work,
            tenancy.vault,
            to=ADDRESS,
            kind=kind,
            values=values,
            services=[service],
            sending=True,
        )


@pytest.fixture
def _newsletter(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if one of the mails were a newsletter: the service has none of its own."""
    marketing = dict(purposes.PURPOSES) | {KIND: Sending.DIRECT_MARKETING}
    monkeypatch.setattr(purposes, "PURPOSES", MappingProxyType(marketing))


@pytest.mark.promise("C10")
def test_every_mail_of_the_service_is_one_that_always_goes() -> None:
    assert set(purposes.PURPOSES) == set(MailKind)
    assert set(purposes.PURPOSES.values()) <= ALWAYS


@pytest.mark.promise("C10")
@pytest.mark.usefixtures("_newsletter")
def test_a_newsletter_is_written_with_consent_only(house: House) -> None:
    with pytest.raises(MailSuppressed):
        write(house.alice)
    with house.alice.work() as work:
        agree(work, house.alice)
    assert send(house.alice, Fake(), write(house.alice))
    for service in ("C", "M"):
        with pytest.raises(MailSuppressed):
            write(house.alice, service)


@pytest.mark.promise("C6")
@pytest.mark.promise("C10")
@pytest.mark.usefixtures("_newsletter")
def test_an_objection_stops_a_newsletter_that_waits(house: House) -> None:
    alice, transport = house.alice, Fake()
    with alice.work() as work:
        agree(work, alice)
    waiting = write(alice)
    with alice.work() as work:
        object_to(work, alice, Objection.DIRECT_MARKETING)
    with pytest.raises(MailSuppressed):
        send(alice, transport, waiting)
    assert transport.taken == []
    stored = row(house, waiting)
    assert (stored["state"], stored["failure_code"]) == ("failed", "mail_suppressed")
    code = write(alice, kind=MailKind.PASSWORD_RESET)
    assert send(alice, transport, code)
