"""Charlie's tenant sees nothing of Alice's, by any way to the tables of this floor."""

import uuid

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from migrations.metadata import metadata
from privacy.core.db.base import Base
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import lookup
from tenants.api_keys.create import create_api_key
from tenants.api_keys.text import digest_of
from tenants.invitations.invite import invite
from tenants.permissions import Permission, Role
from tenants.sealed_fields import API_KEY_NAME, USER_EMAIL
from tenants.sign_in.with_password import sign_in
from tests.database.tenants.conftest import PASSWORD, House, house, visitor

__all__ = ["house"]

OURS = sorted(
    mapper.local_table.name  # type: ignore[attr-defined]
    for mapper in Base.registry.mappers
    if mapper.class_.__module__.startswith("tenants.")
)


@pytest.fixture
def full(house: House) -> House:
    """Something in every table."""
    alice = house.principal(house.alice)
    with house.desk.tenant(house.tenant, alice.actor) as work:
        create_api_key(house.desk.ring, work, name="k", scopes=[Permission.CALLS_WRITE])
    invite(house.desk, principal=alice, email="dora@example.com", role=Role.AGENT)
    sign_in(house.desk, email="alice@example.com", password=PASSWORD, visitor=visitor())
    return house


@pytest.mark.attack(38)
def test_with_no_tenant_bound_every_table_is_empty(full: House) -> None:
    with full.desk.engine.connect() as connection:
        for table in OURS:
            count = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            assert count == 0, table


@pytest.mark.attack(34)
def test_another_tenant_sees_no_row_of_ours(full: House) -> None:
    with full.desk.tenant(full.other) as work:
        for table in OURS:
            found = work.connection.execute(text(f"SELECT DISTINCT tenant_id FROM {table}"))
            assert set(found.scalars()) <= {full.other}, table


@pytest.mark.attack(40)
def test_nothing_is_moved_or_written_into_another_tenant(full: House) -> None:
    for table in OURS:
        with full.desk.tenant(full.other) as work:
            changed = work.connection.execute(
                text(f"UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id = :other"),
                {"other": full.tenant},
            )
            assert changed.rowcount == 0, table
    with pytest.raises(DBAPIError, match="row-level security"), full.desk.tenant(full.other) as w:
        w.connection.execute(
            text("INSERT INTO memberships VALUES (:tenant, :user, 'owner', now())"),
            {"tenant": full.tenant, "user": full.charlie},
        )


@pytest.mark.attack(34)
def test_nobody_makes_an_operator_from_within_a_tenant(full: House) -> None:
    with pytest.raises(DBAPIError), full.desk.tenant(full.other) as work:
        work.connection.execute(
            text("UPDATE memberships SET role = 'operator' WHERE user_id = :user"),
            {"user": full.charlie},
        )
    with pytest.raises(DBAPIError), full.desk.tenant(INSTALLATION_ID) as work:
        work.connection.execute(
            text("INSERT INTO memberships VALUES (:tenant, :user, 'owner', now())"),
            {"tenant": INSTALLATION_ID, "user": full.charlie},
        )


@pytest.mark.attack(39)
def test_the_key_directory_answers_for_a_known_digest_only(full: House) -> None:
    with full.desk.tenant(full.tenant) as work:
        key = create_api_key(full.desk.ring, work, name="k2", scopes=[Permission.CALLS_WRITE])
    for digest, rows in ((digest_of(key.text), 1), (digest_of("silta_other"), 0), (b"", 0)):
        with lookup(full.desk.engine, digest=digest) as session:
            for table, expected in (("api_key_directory", rows), ("api_keys", 0), ("tenants", 0)):
                found = session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
                assert found == expected, table


@pytest.mark.attack(2)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE users a SET email_sealed = b.email_sealed FROM users b "
        "WHERE a.id = :alice AND b.id = :bob",
        "UPDATE users SET email_sealed = name_sealed WHERE id = :alice",
        "UPDATE users SET identity_version = identity_version + 1 WHERE id = :alice",
    ],
)
def test_a_sealed_value_moved_elsewhere_does_not_open(full: House, statement: str) -> None:
    with full.installation.superuser().begin() as connection:
        connection.execute(text(statement), {"alice": full.alice, "bob": full.bob})
    with full.desk.installation() as work:
        row = work.connection.execute(
            text("SELECT email_sealed, identity_version FROM users WHERE id = :id"),
            {"id": full.alice},
        ).one()
        with pytest.raises(Exception, match="cannot be opened"):
            USER_EMAIL.open(full.desk.ring, work, full.alice, row[0], version=row[1])


@pytest.mark.attack(2)
def test_a_sealed_value_of_another_tenant_does_not_open(full: House) -> None:
    row_id = uuid.uuid4()
    with full.desk.tenant(full.tenant) as work:
        sealed = API_KEY_NAME.seal(full.desk.ring, work, row_id, "Exchange")
        assert API_KEY_NAME.open(full.desk.ring, work, row_id, sealed) == "Exchange"
    with (
        full.desk.tenant(full.other) as work,
        pytest.raises(Exception, match="cannot be opened"),
    ):
        API_KEY_NAME.open(full.desk.ring, work, row_id, sealed)


def test_no_name_or_address_of_a_person_is_in_the_clear(full: House) -> None:
    with full.installation.superuser().connect() as connection:
        for table in (*OURS, "ledger_events", "outbox_jobs"):
            dump = b"".join(
                bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                for row in connection.execute(text(f"SELECT * FROM {table}"))
                for value in row
            ).lower()
            for secret in (b"alice", b"dora", b"192.0.2", b"portal.example", b"alpha oy"):
                assert secret not in dump, table


def test_the_tables_of_this_floor_are_known() -> None:
    assert set(OURS) <= set(metadata.tables)
    assert len(OURS) == 15
