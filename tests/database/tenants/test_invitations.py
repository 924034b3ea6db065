"""Two people who invite the same person at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from privacy.core.errors import Conflict, TooManyRequests
from tenants.invitations.invite import invite, write_invitation
from tenants.invitations.list import pending_invitations, resend_invitation
from tenants.invitations.sweep import sweep_invitations
from tenants.permissions import Role
from tests.database.tenants.conftest import House

ADDRESS = "newcomer@example.com"


def test_one_of_two_invitations_wins_and_the_other_is_told(house: House) -> None:
    alice, begun = house.principal(house.alice), threading.Event()

    def second() -> None:
        begun.set()
        invite(house.desk, principal=alice, email=ADDRESS, role=Role.ADMIN)

    with ThreadPoolExecutor(1) as other:
        with house.desk.tenant(house.tenant, alice.actor) as work:
            write_invitation(house.desk, work, address=ADDRESS, role=Role.AGENT)
            late = other.submit(second)
            begun.wait(5)
            with pytest.raises(TimeoutError):
                late.result(timeout=0.5)
        with pytest.raises(Conflict) as told:
            late.result(timeout=10)
    assert told.value.code == "already_invited"
    with house.desk.tenant(house.tenant) as work:
        (waiting,) = pending_invitations(house.desk.ring, work)
    assert (waiting.email, waiting.role) == (ADDRESS, Role.AGENT)


def test_nobody_is_buried_in_invitations(house: House) -> None:
    """Not by one tenant that sends and sends again, whatever role it offers."""
    alice = house.principal(house.alice)
    for _ in range(5):
        invite(house.desk, principal=alice, email=ADDRESS, role=Role.AGENT)
    with pytest.raises(TooManyRequests) as told:
        invite(house.desk, principal=alice, email=ADDRESS, role=Role.AGENT)
    assert told.value.code == "too_many_mails"
    with house.desk.tenant(house.tenant) as work:
        (waiting,) = pending_invitations(house.desk.ring, work)
    with pytest.raises(TooManyRequests):
        resend_invitation(house.desk, principal=alice, invitation_id=waiting.id)
    invite(house.desk, principal=alice, email="other@example.com", role=Role.AGENT)


@pytest.mark.promise("B4")
def test_who_did_not_come_is_forgotten(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = house.principal(house.alice)
    invite(house.desk, principal=alice, email=ADDRESS, role=Role.AGENT)
    for days, gone in ((7, 0), (36, 0), (38, 1)):
        monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=days))
        with house.desk.tenant(house.tenant) as work:
            assert sweep_invitations(work) == gone
            assert len(pending_invitations(house.desk.ring, work)) == 1 - gone
