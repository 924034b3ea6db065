"""What ended since an archive was made ends again when that archive, or a snapshot, is put back."""

import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from connector.accounts.change import delete_account, pause_account
from connector.accounts.kinds import AccountKind
from connector.events_out.endpoints import Wish, add_endpoint, delete_endpoint
from connector.events_out.find import find_endpoint
from connector.events_out.kinds import EventKind
from connector.free_fields.declare import Declaration, declare_field, end_field
from connector.free_fields.kinds import About, FieldType
from connector.free_fields.values import set_values
from connector.subjects.replays import erase_again, replay
from connector.syncs.models import AccountStream
from connector.syncs.streams import pause_stream
from privacy.consents.shapes import ConsentChannel
from privacy.consents.withdraw import withdraw_consent
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, UnitOfWork
from privacy.core.ids import new_id
from privacy.erasures.export import export_all
from privacy.erasures.journals import open_journal
from privacy.mails.kinds import MailKind
from tenants.api_keys.create import create_api_key
from tenants.api_keys.revoke import revoke_api_key
from tenants.api_keys.rotate import rotate_api_key
from tenants.invitations.invite import invite
from tenants.invitations.list import revoke_invitation
from tenants.marketplace_keys.create import create_marketplace_key, revoke_marketplace_key
from tenants.memberships.change_role import change_role
from tenants.memberships.grant import grant_membership
from tenants.memberships.remove import remove_member
from tenants.passwords.change import change_password
from tenants.passwords.force import force_new_password
from tenants.passwords.request_reset import request_reset
from tenants.passwords.reset import reset_password
from tenants.permissions import Permission, Role
from tenants.tenants.change import move_tenant
from tenants.users.change_email import confirm_email_change, request_email_change
from tenants.users.disable import set_user_active
from tests.database.registers.people import agree
from tests.database.tenants.conftest import House, visitor
from tests.database.tenants.sign_ins import enrol, enter
from tests.tenancies import Tenancy

_TABLES = (
    "users",
    "sign_in_sessions",
    "single_use_links",
    "recovery_codes",
    "known_devices",
    "memberships",
    "invitations",
    "api_keys",
    "marketplace_keys",
    "free_fields",
    "free_values",
    "connector_accounts",
    "account_secrets",
    "account_streams",
    "webhook_endpoints",
    "webhook_secrets",
    "tenants",
    "consents",
    "consent_events",
    "suppressions",
    "erasure_heads",
)
_FIELD = Declaration(
    About.CONTACT, "meter", "Meter", FieldType.TEXT, Purpose.DELIVERY, LegalBasis.CONTRACT
)
_ANOTHER = "violet lantern hums along"
_ALIVE = {
    "keys": "SELECT count(*) FROM api_keys WHERE revoked_at IS NULL AND overlap_until IS NULL",
    "marketplaces": "SELECT count(*) FROM marketplace_keys WHERE revoked_at IS NULL",
    "members": "SELECT user_id, role FROM memberships ORDER BY user_id",
    "states": "SELECT id, state FROM users ORDER BY id",
    "invitations": "SELECT count(*) FROM invitations WHERE state = 'pending'",
    "links": "SELECT count(*) FROM single_use_links WHERE used_at IS NULL",
    "fields": "SELECT count(*) FROM free_fields WHERE ended_at IS NULL",
    "values": "SELECT count(*) FROM free_values",
    "accounts": "SELECT count(*) FROM connector_accounts WHERE deleted_at IS NULL",
    "paused": "SELECT id, state, disabled_by FROM connector_accounts WHERE deleted_at IS NULL "
    "ORDER BY id",
    "streams": "SELECT stream, paused FROM account_streams ORDER BY stream",
    "endpoints": "SELECT name, state FROM webhook_endpoints ORDER BY name",
    "organisations": "SELECT tenant_id, state FROM tenants ORDER BY tenant_id",
    "credentials": "SELECT count(*) FROM connector_accounts WHERE credential_sealed NOTNULL",
    "secrets": "SELECT count(*) FROM account_secrets",
    "consents": "SELECT count(*) FROM consents c WHERE NOT EXISTS (SELECT FROM consent_events e "
    "WHERE e.consent_id = c.id AND e.act = 'withdrawn')",
}


def _told(name: str) -> Wish:
    return Wish(name, "https://events.example.com/in", [EventKind.CALL_RECEIVED])


def _stream(work: UnitOfWork, account_id: uuid.UUID) -> AccountStream:
    return AccountStream(
        tenant_id=work.tenant_id,
        account_id=account_id,
        stream="customers",
        kind="contacts",
        next_due_at=work.now,
    )


class Snapshot:
    """Rows as they were, put back under a service that nobody tells."""

    def __init__(self, house: House, tables: Sequence[str] = _TABLES) -> None:
        self._house, self._tables = house, tables
        with house.installation.superuser().begin() as connection:
            for table in tables:
                connection.execute(text(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}"))

    def put_back(self) -> None:
        with self._house.installation.superuser().begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in self._tables:
                connection.execute(text(f"DELETE FROM {table}"))
                connection.execute(text(f"INSERT INTO {table} SELECT * FROM kept_{table}"))


class Things:
    """One of each that can end."""

    def __init__(self, house: House) -> None:
        self.house, desk = house, house.desk
        tenancy = Tenancy(house.installation, desk.ring, house.tenant)
        self.account = tenancy.account(AccountKind.FREESWITCH).id
        self.paused = tenancy.account(AccountKind.FREESWITCH, name="second").id
        with desk.tenant(house.tenant, SYSTEM) as work:
            self.keys = [
                create_api_key(desk.ring, work, name=name, scopes=[Permission.CALLS_WRITE]).id
                for name in ("closed", "rotated")
            ]
            self.field = declare_field(work, declaration=_FIELD)
            set_values(
                work,
                vault=desk.ring,
                about=About.CONTACT,
                record_id=new_id(),
                given={"meter": "12"},
            )
            self.consent = agree(work, tenancy)
            self.endpoints = [
                add_endpoint(work, vault=desk.ring, wish=_told(name)).id
                for name in ("removed", "broken")
            ]
            work.session.add(_stream(work, self.paused))
        with desk.installation(SYSTEM) as work:
            self.marketplace = create_marketplace_key(work, name="Shop").id
        alice = house.principal(house.alice)
        self.invitation = invite(desk, principal=alice, email="d@example.com", role=Role.AGENT)
        self.dave, self.erin, self.frank = (
            house.add(house.tenant, name, Role.ADMIN) for name in ("dave", "erin", "frank")
        )
        request_reset(desk, email="frank@example.com", visitor=visitor())
        self.link = house.mailbox.last(MailKind.PASSWORD_RESET).token

    def end(self) -> None:
        """Everything, as people do it."""
        house, desk, alice = self.house, self.house.desk, self.house.principal(self.house.alice)
        operator = house.principal(house.charlie, Role.OPERATOR, INSTALLATION_ID)
        with desk.tenant(house.tenant, SYSTEM) as work:
            revoke_api_key(work, key_id=self.keys[0])
            rotate_api_key(desk.ring, work, key_id=self.keys[1], overlap=timedelta())
            end_field(work, field_id=self.field)
            delete_account(work, account_id=self.account)
            pause_account(work, account_id=self.paused)
            pause_stream(work, account_id=self.paused, stream="customers")
            delete_endpoint(work, endpoint_id=self.endpoints[0])
            find_endpoint(work, self.endpoints[1], lock=True).state = "disabled"
            revoke_invitation(work, invitation_id=self.invitation)
            withdraw_consent(work, desk.ring, consent_id=self.consent, channel=ConsentChannel.FORM)
        with desk.tenant(house.other, SYSTEM) as work:
            move_tenant(work, state="suspended")
        with desk.installation(SYSTEM) as work:
            revoke_marketplace_key(work, key_id=self.marketplace)
        remove_member(desk, principal=alice, user_id=house.bob)
        change_role(desk, principal=alice, user_id=self.dave, role=Role.AGENT)
        set_user_active(desk, principal=operator, user_id=self.erin, active=False)
        reset_password(desk, token=self.link, new=_ANOTHER)


def open_(house: House) -> Any:
    """Opens units of work, as a replay does."""

    def opened(tenant_id: uuid.UUID) -> AbstractContextManager[UnitOfWork]:
        return house.desk.tenant(tenant_id, SYSTEM)

    return opened


def to_escrow(house: House) -> None:
    """As the job does."""
    journal = open_journal(house.desk.custody)
    for tenant_id in (INSTALLATION_ID, house.tenant, house.other):
        with house.desk.tenant(tenant_id, SYSTEM) as work:
            export_all(work, journal)


def _alive(house: House) -> dict[str, list[Any]]:
    with house.installation.superuser().connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(text(query))]
            for name, query in _ALIVE.items()
        }


def _passwords(house: House) -> set[uuid.UUID]:
    query = text("SELECT id FROM users WHERE password_sealed IS NULL")
    with house.installation.superuser().connect() as connection:
        return set(connection.execute(query).scalars())


@pytest.mark.attack(64)
@pytest.mark.promise("F7")
def test_nothing_that_ended_opens_anything_in_a_restored_database(house: House) -> None:
    """Neither after a restore, nor where a disk was put back under the service."""
    things = Things(house)
    enter(house, "frank")
    snapshot, before = Snapshot(house), _alive(house)
    things.end()
    ended = _alive(house)
    assert [name for name in before if before[name] == ended[name]] == []
    to_escrow(house)
    desk = house.desk
    with desk.installation(SYSTEM) as work:
        begun = work.now - timedelta(hours=1)
    for _ in range(2):
        snapshot.put_back()
        assert _alive(house) == before
        assert erase_again(open_(house), desk.ring, desk.custody) > 10
        # The new key is of a time that this database does not know.
        assert _alive(house) == ended | {"keys": [(0,)]}
        assert _passwords(house) == {things.frank}, "the older password opens nothing"
        assert house.installation.count("known_devices") == 0
        living = text("SELECT count(*) FROM sign_in_sessions WHERE ended_at IS NULL")
        with house.installation.superuser().connect() as connection:
            assert connection.execute(living).scalar() == 0
        snapshot.put_back()
        replay(open_(house), desk.ring, desk.custody, since=begun, marks={})
        assert _alive(house) == ended | {"keys": [(0,)]}


@pytest.mark.attack(64)
def test_a_changed_address_and_a_changed_factor_do_not_fall_back(house: House) -> None:
    """An archive has the mailbox that somebody left, and the factor that somebody lost."""
    here = enter(house, "bob").started.token
    snapshot, desk = Snapshot(house), house.desk
    enrol(house, here)
    request_email_change(desk, principal=house.principal(house.alice), email="a@example.org")
    confirm_email_change(desk, token=house.mailbox.last(MailKind.EMAIL_CHANGE).token)
    force_new_password(desk, principal=house.principal(house.charlie), user_id=house.charlie)
    to_escrow(house)
    snapshot.put_back()
    erase_again(open_(house), desk.ring, desk.custody)
    assert _passwords(house) == {house.bob, house.charlie}
    disabled = text("SELECT id FROM users WHERE state = 'disabled'")
    with house.installation.superuser().connect() as connection:
        assert connection.execute(disabled).scalars().all() == [house.alice]


@pytest.mark.attack(64)
def test_what_began_again_is_not_ended_by_an_older_note(house: House) -> None:
    """Somebody left and came back; somebody was disabled and is not any more."""
    alice, desk = house.principal(house.alice), house.desk
    operator = house.principal(house.charlie, Role.OPERATOR, INSTALLATION_ID)
    remove_member(desk, principal=alice, user_id=house.bob)
    with desk.tenant(house.tenant, SYSTEM) as work:
        grant_membership(work, user_id=house.bob, role=Role.AGENT)
    for active in (False, True):
        set_user_active(desk, principal=operator, user_id=house.bob, active=active)
    to_escrow(house)
    before = _alive(house)
    with desk.installation(SYSTEM) as work:
        begun = work.now
    replay(open_(house), desk.ring, desk.custody, since=begun, marks={})
    assert _alive(house) == before


@pytest.mark.attack(64)
def test_an_ending_is_on_its_way_to_escrow_when_it_commits(house: House) -> None:
    to_escrow(house)
    query = text("SELECT count(*) FROM outbox_jobs WHERE name = 'erasures.export'")
    with house.installation.superuser().connect() as connection:
        before = connection.execute(query).scalar_one()
    token = enter(house, "bob").started.token
    change_password(
        house.desk, token=token, current="kettle rowing vivid plum", new=_ANOTHER, visitor=visitor()
    )
    with house.installation.superuser().connect() as connection:
        assert connection.execute(query).scalar_one() == before + 1
