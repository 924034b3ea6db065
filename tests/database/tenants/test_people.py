"""People of a tenant: roles, removal, addresses, and an operator who disables."""

from dataclasses import replace

import pytest

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.errors import Conflict, Forbidden, Gone, NotFound, SiltaError, Unauthenticated
from privacy.mails.kinds import MailKind
from privacy.vault.reseals import reseal_tenant
from privacy.vault.rotations import rotate_tenant
from tenants.memberships.change_role import change_role
from tenants.memberships.people import list_people
from tenants.memberships.remove import remove_member
from tenants.permissions import Role
from tenants.sign_in.principals import principal_of
from tenants.sign_in.with_password import sign_in
from tenants.totp.enrol import begin_enrolment, pending_enrolment
from tenants.users.change_email import confirm_email_change, peek_email_change, request_email_change
from tenants.users.disable import set_user_active
from tests.database.tenants.conftest import PASSWORD, House, visitor
from tests.database.tenants.newcomers import enter
from tests.database.tenants.sign_ins import in_parallel


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
