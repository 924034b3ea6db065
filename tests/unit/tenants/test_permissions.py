"""Permissions are data; the question is pure and denies by default."""

import uuid
from datetime import timedelta

import pytest

from privacy.core import clock
from privacy.core.db.work import ActorKind
from tenants.permissions import (
    ASSIGNABLE,
    GRANTS,
    KEY_SCOPES,
    MARKETPLACE,
    OWN,
    Permission,
    Role,
    allows,
    permissions_of,
)
from tenants.principals import STRANGER, Principal, PrincipalKind, Stage

TENANT = uuid.UUID(int=7)


def person(role: Role | None, stage: Stage = Stage.FULL) -> Principal:
    return Principal(PrincipalKind.USER, TENANT, uuid.uuid4(), role=role, stage=stage)


def test_every_role_has_grants_and_every_permission_a_role() -> None:
    assert set(GRANTS) == set(Role)
    assert frozenset().union(MARKETPLACE, *GRANTS.values()) == set(Permission)
    assert not MARKETPLACE & frozenset().union(*GRANTS.values())


def test_a_stranger_may_do_nothing() -> None:
    assert not any(allows(STRANGER, permission) for permission in Permission)


def test_an_auditor_reads_the_ledger_and_no_call() -> None:
    auditor = person(Role.AUDITOR)
    assert allows(auditor, Permission.LEDGER_READ)
    assert not allows(auditor, Permission.CALLS_READ)
    assert not allows(auditor, Permission.CALLS_SEARCH)


def test_an_auditor_changes_nothing_but_their_own_account() -> None:
    changing = {p for p in GRANTS[Role.AUDITOR] if not p.endswith((":read", ":own"))}
    assert changing == set()


def test_an_operator_sees_into_no_tenant() -> None:
    operator = person(Role.OPERATOR)
    for permission in (Permission.CALLS_READ, Permission.CALLS_SEARCH, Permission.ACCOUNTS_READ):
        assert not allows(operator, permission)


def test_no_tenant_role_reaches_the_operators_pages() -> None:
    operators_only = {
        Permission.TENANTS_MANAGE,
        Permission.JOBS_RETRY,
        Permission.MAILS_READ,
        Permission.MAILS_SEND,
        Permission.USERS_MANAGE,
    }
    for role in set(Role) - {Role.OPERATOR}:
        assert not GRANTS[role] & operators_only


@pytest.mark.attack(30)
@pytest.mark.parametrize("role", list(Role))
def test_a_half_finished_sign_in_may_do_nothing(role: Role) -> None:
    assert permissions_of(person(role, Stage.PASSWORD)) == frozenset()
    assert permissions_of(person(role, Stage.RENEW)) == {Permission.PASSWORD_OWN}
    assert permissions_of(person(role, Stage.ENROL)) == {Permission.SECOND_FACTOR_OWN}


def test_a_person_of_no_tenant_manages_their_own_account_only() -> None:
    assert permissions_of(person(None)) == OWN


def test_a_key_never_has_more_than_keys_can_have() -> None:
    greedy = Principal(
        PrincipalKind.API_KEY, TENANT, uuid.uuid4(), scopes=frozenset(p.value for p in Permission)
    )
    assert permissions_of(greedy) == KEY_SCOPES
    assert Permission.API_KEYS_WRITE not in KEY_SCOPES
    assert Permission.PEOPLE_WRITE not in KEY_SCOPES


def test_an_account_has_its_scopes() -> None:
    account = Principal(
        PrincipalKind.ACCOUNT, TENANT, uuid.uuid4(), scopes=frozenset({"calls:write"})
    )
    assert permissions_of(account) == {Permission.CALLS_WRITE}


def test_only_an_owner_makes_an_owner() -> None:
    assert [role for role, given in ASSIGNABLE.items() if Role.OWNER in given] == [Role.OWNER]


def test_a_principal_acts_under_its_own_kind() -> None:
    assert person(Role.ADMIN).actor.kind is ActorKind.USER
    assert person(Role.OPERATOR).actor.kind is ActorKind.OPERATOR
    assert STRANGER.actor.kind is ActorKind.NOBODY


def test_proof_of_identity_grows_stale() -> None:
    now = clock.now()
    proved = Principal(PrincipalKind.USER, TENANT, reauthenticated_at=now - timedelta(minutes=9))
    assert proved.is_fresh(now=now)
    assert not proved.is_fresh(now=now + timedelta(minutes=2))
    assert not person(Role.OWNER).is_fresh(now=now)
