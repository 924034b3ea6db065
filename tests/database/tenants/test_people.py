"""People: invitations, passwords by mail, roles, and what a crash in between leaves."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import text

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM
from privacy.core.errors import (
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    SiltaError,
    TooManyRequests,
    Unauthenticated,
)
from privacy.mails.kinds import MailKind
from privacy.vault.reseals import reseal_tenant
from privacy.vault.rotations import rotate_tenant
from tenants.api_keys.authenticate import authenticate_key
from tenants.api_keys.create import create_api_key
from tenants.invitations import accept as accepting
from tenants.invitations.accept import accept_invitation, peek_invitation
from tenants.invitations.invite import invite
from tenants.invitations.list import (
    pending_invitations,
    resend_invitation,
    revoke_invitation,
)
from tenants.memberships.change_role import change_role
from tenants.memberships.grant import grant_membership, note_membership
from tenants.memberships.homes import homes_of
from tenants.memberships.people import list_people
from tenants.memberships.remove import remove_member
from tenants.passwords.change import change_password
from tenants.passwords.force import force_new_password
from tenants.passwords.request_reset import request_reset
from tenants.passwords.reset import peek_reset, reset_password
from tenants.permissions import Permission, Role
from tenants.principals import Principal, PrincipalKind
from tenants.sign_in.principals import principal_of
from tenants.sign_in.visitors import SignedIn
from tenants.sign_in.with_password import sign_in
from tenants.tenants.create import create_tenant
from tenants.totp.enrol import begin_enrolment, pending_enrolment
from tenants.users.change_email import (
    confirm_email_change,
    peek_email_change,
    request_email_change,
)
from tenants.users.disable import set_user_active
from tests.database.tenants.conftest import PASSWORD, House, visitor
from tests.database.tenants.test_sign_in import in_parallel

NEW = "crooked barns over sunshine"


def enter(house: House, name: str, password: str = PASSWORD) -> SignedIn:
    return sign_in(house.desk, email=f"{name}@example.com", password=password, visitor=visitor())


def invited(house: House, email: str = "dora@example.com", role: Role = Role.AGENT) -> uuid.UUID:
    return invite(house.desk, principal=house.principal(house.alice), email=email, role=role)


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


@pytest.mark.attack(26)
def test_a_reset_is_asked_for_alike_by_everybody(house: House) -> None:
    rows = house.installation.count("single_use_links")
    request_reset(house.desk, email="nobody@example.com", visitor=visitor())
    assert house.installation.count("single_use_links") == rows
    request_reset(house.desk, email="Bob@Example.COM", visitor=visitor())
    assert house.installation.count("single_use_links") == rows + 1
    assert house.mailbox.last(MailKind.PASSWORD_RESET).to == "bob@example.com"


def test_resets_are_not_for_flooding_mailboxes(house: House) -> None:
    for _ in range(5):
        request_reset(house.desk, email="bob@example.com", visitor=visitor())
    with pytest.raises(TooManyRequests):
        request_reset(house.desk, email="bob@example.com", visitor=visitor())


@pytest.mark.attack(29)
def test_a_reset_by_mail_works_once_and_signs_out_everywhere(house: House) -> None:
    token = enter(house, "bob").started.token
    request_reset(house.desk, email="bob@example.com", visitor=visitor())
    older = house.mailbox.last(MailKind.PASSWORD_RESET).token
    request_reset(house.desk, email="bob@example.com", visitor=visitor())
    link = house.mailbox.last(MailKind.PASSWORD_RESET).token
    with pytest.raises(Gone):
        peek_reset(house.desk, token=older)
    with pytest.raises(Invalid):
        reset_password(house.desk, token=link, new="bob-example-2026")
    assert reset_password(house.desk, token=link, new=NEW) is not None
    with pytest.raises(Gone):
        reset_password(house.desk, token=link, new=PASSWORD)
    assert principal_of(house.desk, token=token) is None
    with pytest.raises(Unauthenticated):
        enter(house, "bob")
    assert enter(house, "bob", NEW).started.token


def test_an_invitation_link_sets_no_password(house: House) -> None:
    invited(house)
    with pytest.raises(Gone):
        reset_password(house.desk, token=house.mailbox.last(MailKind.INVITATION).token, new=NEW)


@pytest.mark.attack(29)
def test_changing_the_password_ends_the_other_sessions(house: House) -> None:
    elsewhere, here = enter(house, "bob").started.token, enter(house, "bob").started.token

    def change(current: str, new: str) -> str:
        return change_password(
            house.desk, token=here, current=current, new=new, visitor=visitor()
        ).token

    for current, new in (("wrong", NEW), (PASSWORD, "short"), (PASSWORD, PASSWORD)):
        with pytest.raises(Invalid):
            change(current, new)
    fresh = change(PASSWORD, NEW)
    assert principal_of(house.desk, token=elsewhere) is None
    assert principal_of(house.desk, token=here) is None
    assert principal_of(house.desk, token=fresh) is not None
    assert house.mailbox.last(MailKind.PASSWORD_CHANGED).to == "bob@example.com"


@pytest.mark.promise("F7")
def test_a_leaked_credential_is_closed_until_a_new_one_is_set(house: House) -> None:
    token = enter(house, "bob").started.token
    bob = house.principal(house.bob, Role.ADMIN)
    with house.desk.tenant(house.tenant, bob.actor) as work:
        key = create_api_key(
            house.desk.ring, work, name="Exchange", scopes=[Permission.CALLS_WRITE]
        )
    alice = house.principal(house.alice)
    assert force_new_password(house.desk, principal=alice, user_id=house.bob) == 1
    assert principal_of(house.desk, token=token) is None
    with pytest.raises(Unauthenticated):
        enter(house, "bob")
    with pytest.raises(Unauthenticated, match="does not work"):
        authenticate_key(house.desk.engine, raw=key.text, address="192.0.2.1")
    link = house.mailbox.last(MailKind.PASSWORD_FORCED).token
    reset_password(house.desk, token=link, new=NEW)
    assert enter(house, "bob", NEW).started.token


@pytest.mark.attack(34)
def test_nobody_forces_people_of_other_tenants(house: House) -> None:
    with pytest.raises(NotFound):
        force_new_password(
            house.desk, principal=house.principal(house.alice), user_id=house.charlie
        )
    assert enter(house, "charlie").started.token


@pytest.mark.attack(34)
def test_an_admin_closes_no_keys_of_another_tenant(house: House) -> None:
    bob = house.principal(house.bob, Role.ADMIN, house.other)
    with house.desk.installation(SYSTEM) as work:
        note_membership(work, user_id=house.bob, tenant_id=house.other)
    with house.desk.tenant(house.other, SYSTEM) as work:
        grant_membership(work, user_id=house.bob, role=Role.ADMIN)
    with house.desk.tenant(house.other, bob.actor) as work:
        key = create_api_key(
            house.desk.ring, work, name="Elsewhere", scopes=[Permission.CALLS_WRITE]
        )
    alice = house.principal(house.alice)
    assert force_new_password(house.desk, principal=alice, user_id=house.bob) == 0
    assert authenticate_key(house.desk.engine, raw=key.text, address="192.0.2.1").id == key.id
    assert force_new_password(house.desk, principal=bob, user_id=house.bob) == 1
    with pytest.raises(Unauthenticated, match="does not work"):
        authenticate_key(house.desk.engine, raw=key.text, address="192.0.2.1")


@pytest.mark.attack(30)
def test_somebody_without_a_tenant_forces_nobody(house: House) -> None:
    stray = Principal(PrincipalKind.USER, INSTALLATION_ID, house.bob, role=None)
    with pytest.raises(NotFound):
        force_new_password(house.desk, principal=stray, user_id=house.charlie)


def test_a_role_change_holds_at_once_and_signs_out(house: House) -> None:
    token = enter(house, "bob").started.token
    alice = house.principal(house.alice)
    change_role(house.desk, principal=alice, user_id=house.bob, role=Role.AUDITOR)
    assert principal_of(house.desk, token=token) is None
    people = list_people(house.desk, principal=alice)
    assert [(person.name, person.role) for person in people] == [
        ("Alice", Role.OWNER),
        ("Bob", Role.AUDITOR),
    ]


@pytest.mark.attack(34)
def test_roles_that_cannot_be_changed(house: House) -> None:
    alice = house.principal(house.alice)
    admin = house.principal(house.bob, Role.ADMIN)
    refused: list[tuple[type[SiltaError], dict[str, object]]] = [
        (Forbidden, {"principal": alice, "user_id": house.alice, "role": Role.AGENT}),
        (NotFound, {"principal": alice, "user_id": house.charlie, "role": Role.AGENT}),
        (Forbidden, {"principal": admin, "user_id": house.alice, "role": Role.AGENT}),
        (Forbidden, {"principal": alice, "user_id": house.bob, "role": Role.OPERATOR}),
    ]
    for error, given in refused:
        with pytest.raises(error):
            change_role(house.desk, **given)  # type: ignore[arg-type]


@pytest.mark.attack(44)
def test_two_owners_cannot_remove_each_other_at_once(house: House) -> None:
    dora = house.add(house.tenant, "dora", Role.OWNER)
    pairs = [(house.alice, dora), (dora, house.alice)]

    def remove() -> object:
        mine, other = pairs.pop()
        return remove_member(house.desk, principal=house.principal(mine), user_id=other)

    got = in_parallel(2, remove)
    assert sorted(map(str, got)) == ["0", "last_owner"]
    people = list_people(house.desk, principal=house.principal(house.alice))
    last = next(person.user_id for person in people if person.role is Role.OWNER)
    with pytest.raises(Conflict):
        remove_member(house.desk, principal=house.principal(last), user_id=last)


def test_a_removed_member_is_out_at_once(house: House) -> None:
    token = enter(house, "bob").started.token
    alice = house.principal(house.alice)
    assert remove_member(house.desk, principal=alice, user_id=house.bob) == 0
    assert principal_of(house.desk, token=token) is None
    found = principal_of(house.desk, token=enter(house, "bob").started.token)
    assert found is not None
    assert found[0].role is None
    with pytest.raises(NotFound):
        remove_member(house.desk, principal=alice, user_id=house.bob)


def test_the_password_hash_of_yesterday_does_not_open(house: House) -> None:
    """A database administrator who puts an older sealed hash back gains nothing (ATTACK 4)."""
    with house.installation.superuser().begin() as connection:
        old = connection.execute(
            text("SELECT password_sealed FROM users WHERE id = :id"), {"id": house.bob}
        ).scalar_one()
    token = enter(house, "bob").started.token
    change_password(house.desk, token=token, current=PASSWORD, new=NEW, visitor=visitor())
    with house.installation.superuser().begin() as connection:
        connection.execute(
            text("UPDATE users SET password_sealed = :old WHERE id = :id"),
            {"old": old, "id": house.bob},
        )
    with pytest.raises(SiltaError) as refused:
        enter(house, "bob")
    assert refused.value.code == "unreadable"


def test_a_half_made_principal_reaches_nobody(house: House) -> None:
    nobody = replace(house.principal(house.alice), role=None)
    with pytest.raises(Forbidden):
        change_role(house.desk, principal=nobody, user_id=house.bob, role=Role.AGENT)


@pytest.mark.promise("F7")
def test_the_login_can_be_changed_by_who_reads_the_new_mailbox(house: House) -> None:
    bob = house.principal(house.bob)
    request_email_change(house.desk, principal=bob, email="Robert@example.org")
    mail = house.mailbox.last(MailKind.EMAIL_CHANGE)
    assert mail.to == "Robert@example.org"
    assert peek_email_change(house.desk, token=mail.token) == mail.to
    assert enter(house, "bob").started.user_id == house.bob
    confirm_email_change(house.desk, token=mail.token)
    assert house.mailbox.last(MailKind.EMAIL_CHANGED).to == "bob@example.com"
    with pytest.raises(Unauthenticated):
        enter(house, "bob")
    found = sign_in(house.desk, email="robert@EXAMPLE.org", password=PASSWORD, visitor=visitor())
    assert found.started.user_id == house.bob
    with pytest.raises(Gone):
        confirm_email_change(house.desk, token=mail.token)


def test_an_address_with_an_account_cannot_be_taken(house: House) -> None:
    bob = house.principal(house.bob)
    request_email_change(house.desk, principal=bob, email="alice@example.com")
    with pytest.raises(Conflict):
        confirm_email_change(house.desk, token=house.mailbox.last(MailKind.EMAIL_CHANGE).token)
    assert enter(house, "bob").started.user_id == house.bob
    assert enter(house, "alice").started.user_id == house.alice


@pytest.mark.attack(29)
def test_an_operator_disables_a_user_everywhere(house: House) -> None:
    token = enter(house, "bob").started.token
    operator = house.principal(house.charlie, Role.OPERATOR, INSTALLATION_ID)
    alice = house.principal(house.alice)
    with pytest.raises(Forbidden):
        set_user_active(house.desk, principal=alice, user_id=house.bob, active=False)
    set_user_active(house.desk, principal=operator, user_id=house.bob, active=False)
    assert principal_of(house.desk, token=token) is None
    with pytest.raises(Unauthenticated):
        enter(house, "bob")
    set_user_active(house.desk, principal=operator, user_id=house.bob, active=True)
    assert principal_of(house.desk, token=token) is None
    assert enter(house, "bob").started.token


def test_names_and_secrets_are_sealed_anew_when_the_tenant_key_rotates(house: House) -> None:
    with house.desk.installation() as work:
        begin_enrolment(house.desk.ring, work, user_id=house.bob)
    for tenant in (INSTALLATION_ID, house.tenant):
        rotate_tenant(house.installation.engines.keeper, house.desk.custody, tenant_id=tenant)
        sealed = reseal_tenant(house.desk.engine, house.desk.ring, tenant_id=tenant)
        assert sealed > 0
    assert enter(house, "bob").started.user_id == house.bob
    with house.desk.installation() as work:
        assert pending_enrolment(house.desk.ring, work, user_id=house.bob) is not None
