"""Joining: invitations, first owners, and what a crash in between leaves."""

import uuid

import pytest
from sqlalchemy import text

from privacy.core.errors import Conflict, Forbidden, Gone, NotFound
from privacy.mails.kinds import MailKind
from tenants.invitations import accept as accepting
from tenants.invitations.accept import accept_invitation, peek_invitation
from tenants.invitations.invite import invite
from tenants.invitations.list import pending_invitations, resend_invitation, revoke_invitation
from tenants.memberships.homes import homes_of
from tenants.permissions import Role
from tenants.sign_in.principals import principal_of
from tenants.tenants.create import create_tenant
from tests.database.tenants.conftest import House
from tests.database.tenants.newcomers import NEW, enter, invited
from tests.database.tenants.sign_ins import in_parallel


def test_an_invitation_becomes_a_member(house: House) -> None:
    invited(house)
    mail = house.mailbox.last(MailKind.INVITATION)
    assert (mail.to, mail.values["tenant"]) == ("dora@example.com", "Alpha Oy")
    offer = peek_invitation(house.desk, token=mail.token)
    assert (offer.email, offer.role, offer.is_new) == ("dora@example.com", Role.AGENT, True)
    user_id = accept_invitation(house.desk, token=mail.token, name="Dora", password=NEW)
    found = principal_of(house.desk, token=enter(house, "dora", NEW).started.token)
    assert found is not None
    assert (found[0].id, found[0].tenant_id, found[0].role) == (user_id, house.tenant, "agent")


def test_a_link_is_looked_at_as_often_as_scanners_like_and_used_once(house: House) -> None:
    invited(house)
    token = house.mailbox.last(MailKind.INVITATION).token
    for _ in range(3):
        peek_invitation(house.desk, token=token)

    def accept() -> object:
        return accept_invitation(house.desk, token=token, name="Dora", password=NEW)

    got = in_parallel(4, accept)
    assert sum(1 for one in got if isinstance(one, uuid.UUID)) == 1
    with pytest.raises(Gone):
        peek_invitation(house.desk, token=token)


def test_somebody_with_an_account_joins_a_second_tenant(house: House) -> None:
    invited(house, "Charlie@Example.com", Role.AUDITOR)
    token = house.mailbox.last(MailKind.INVITATION).token
    assert not peek_invitation(house.desk, token=token).is_new
    assert accept_invitation(house.desk, token=token) == house.charlie
    homes = homes_of(house.desk, user_id=house.charlie)
    assert {(home.name, home.role) for home in homes} == {
        ("Beta AB", Role.OWNER),
        ("Alpha Oy", Role.AUDITOR),
    }


def test_a_crash_after_the_link_was_used_is_mended_at_the_next_sign_in(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited(house)
    token = house.mailbox.last(MailKind.INVITATION).token

    def crash(*_: object, **__: object) -> bool:
        raise RuntimeError("killed here")

    monkeypatch.setattr(accepting, "settle_invitation", crash)
    with pytest.raises(RuntimeError):
        accept_invitation(house.desk, token=token, name="Dora", password=NEW)
    monkeypatch.undo()
    found = principal_of(house.desk, token=enter(house, "dora", NEW).started.token)
    assert found is not None
    assert found[0].role == "agent"


def test_a_removed_member_does_not_come_back_by_an_old_invitation(house: House) -> None:
    invited(house)
    token = house.mailbox.last(MailKind.INVITATION).token
    dora = accept_invitation(house.desk, token=token, name="Dora", password=NEW)
    with house.installation.superuser().begin() as connection:
        # What a crash in the middle of the removal leaves: the hint without the membership.
        connection.execute(text("DELETE FROM memberships WHERE user_id = :id"), {"id": dora})
    assert homes_of(house.desk, user_id=dora) == []


def test_a_revoked_invitation_leads_nowhere(house: House) -> None:
    invitation_id = invited(house)
    token = house.mailbox.last(MailKind.INVITATION).token
    with house.desk.tenant(house.tenant) as work:
        revoke_invitation(work, invitation_id=invitation_id)
    with pytest.raises(Gone):
        accept_invitation(house.desk, token=token, name="Dora", password=NEW)
    with pytest.raises(NotFound), house.desk.tenant(house.tenant) as work:
        revoke_invitation(work, invitation_id=invitation_id)


def test_a_new_invitation_voids_the_older_one(house: House) -> None:
    invited(house)
    first = house.mailbox.last(MailKind.INVITATION).token
    second_id = invited(house, "DORA@example.com", Role.ADMIN)
    with pytest.raises(Gone):
        peek_invitation(house.desk, token=first)
    alice = house.principal(house.alice)
    resend_invitation(house.desk, principal=alice, invitation_id=second_id)
    with house.desk.tenant(house.tenant) as work:
        pending = pending_invitations(house.desk.ring, work)
    assert [(one.email, one.role) for one in pending] == [("DORA@example.com", Role.ADMIN)]
    offer = peek_invitation(house.desk, token=house.mailbox.last(MailKind.INVITATION).token)
    assert offer.role is Role.ADMIN


@pytest.mark.attack(34)
def test_who_may_invite_whom(house: House) -> None:
    admin = house.principal(house.bob, Role.ADMIN)
    agent = house.principal(house.bob, Role.AGENT)
    for principal, role in ((admin, Role.OWNER), (agent, Role.AGENT), (admin, Role.OPERATOR)):
        with pytest.raises(Forbidden):
            invite(house.desk, principal=principal, email="eve@example.com", role=role)
    with pytest.raises(Conflict):
        invited(house, "bob@example.com")
    with pytest.raises(NotFound):
        resend_invitation(
            house.desk,
            principal=house.principal(house.charlie, tenant=house.other),
            invitation_id=invited(house),
        )


def test_a_new_tenant_invites_its_owner(house: House) -> None:
    tenant = create_tenant(
        house.desk, name="Gamma GmbH", services=["T"], owner_email="gina@example.com"
    )
    token = house.mailbox.last(MailKind.INVITATION).token
    gina = accept_invitation(house.desk, token=token, name="Gina", password=NEW)
    homes = homes_of(house.desk, user_id=gina)
    assert [(home.tenant_id, home.role) for home in homes] == [(tenant, Role.OWNER)]


def test_making_a_tenant_can_be_repeated_after_a_crash(house: House) -> None:
    tenant = uuid.uuid4()
    for _ in range(2):
        create_tenant(house.desk, name="Delta", services=["T"], tenant_id=tenant)
    assert house.installation.count("tenants") == 4
