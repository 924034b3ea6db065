"""Passwords: reset by mail, changed, closed when they leaked."""

import pytest
from sqlalchemy import text

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM
from privacy.core.errors import (
    Gone,
    Invalid,
    NotFound,
    SiltaError,
    TooManyRequests,
    Unauthenticated,
)
from privacy.mails.kinds import MailKind
from tenants.api_keys.authenticate import authenticate_key
from tenants.api_keys.create import create_api_key
from tenants.memberships.grant import grant_membership, note_membership
from tenants.passwords.change import change_password
from tenants.passwords.force import force_new_password
from tenants.passwords.request_reset import request_reset
from tenants.passwords.reset import peek_reset, reset_password
from tenants.permissions import Permission, Role
from tenants.principals import Principal, PrincipalKind
from tenants.sign_in.principals import principal_of
from tests.database.tenants.conftest import PASSWORD, House, visitor
from tests.database.tenants.newcomers import NEW, enter, invited


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
