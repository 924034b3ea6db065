"""The wall around tenants, read from PostgreSQL's catalogue: a new table is covered unasked."""

from collections import defaultdict

import pytest

from jobs.embedded.roles import APP, BACKUP, OWNER, ROLES
from migrations.ddl import NEVER_ARCHIVED
from tests.architecture.catalogue import RUNTIME, Catalogue
from tests.servers import Servers

DEFINERS: dict[str, str] = {}
"""SECURITY DEFINER functions, and why each is safe. There are none."""

NO_TENANT_FIRST = {
    # Looked up, or swept, over all tenants by roles that are made for it.
    "ix_outbox_jobs_due": "the relay looks over all tenants",
    "ix_outbox_jobs_open": "the relay looks over all tenants",
    "ix_outbox_jobs_over": "the relay prunes over all tenants",
    "ix_api_key_directory_digest": "looked up before a tenant is known",
    "ix_account_secrets_digest": "looked up before a tenant is known",
    "ix_change_watches_digest": "looked up before a tenant is known",
    "ix_mail_addresses_digest": "looked up before a tenant is known",
    "ix_web_form_directory_digest": "looked up before a tenant is known",
    "ix_ledger_pending_arrival": "the sequencer takes events in their order",
}
"""Plain indexes of tenant tables that lead with something else; uniqueness never may."""


@pytest.fixture(scope="module")
def catalogue(servers: Servers, migrated: str) -> Catalogue:
    return Catalogue(servers, migrated)


@pytest.mark.attack(35)
def test_every_table_is_walled_even_against_its_owner(catalogue: Catalogue) -> None:
    assert len(catalogue.parents) > 30
    open_tables = [t.name for t in catalogue.tables if not (t.walled and t.forced)]
    assert open_tables == []


@pytest.mark.attack(35)
def test_every_table_has_a_policy_and_is_the_owners(catalogue: Catalogue) -> None:
    with_policy = set(catalogue.rows("SELECT polrelid::regclass::text FROM pg_policy"))
    assert {t.name for t in catalogue.tables} - with_policy == set()
    assert {t.owner for t in catalogue.tables} == {OWNER}


@pytest.mark.attack(35)
def test_policies_of_tenant_tables_compare_with_the_bound_tenant(catalogue: Catalogue) -> None:
    """A policy of the application may not be `true` on a table with tenants."""
    tables = {t.name for t in catalogue.tables if t.has_tenant}
    policies = catalogue.rows(
        "SELECT tablename, policyname, roles::text[], coalesce(qual, ''), "
        "coalesce(with_check, '') FROM pg_policies WHERE schemaname = 'public'"
    )
    for table, name, roles, using, check in policies:
        if table not in tables:
            continue
        if name == "tenant":
            assert "app.tenant_id" in using, table
            assert "tenant_id" in using, table
            assert check in ("", using), table
        elif name == "lookup":
            assert "app.lookup_digest" in using, table
            assert roles == [APP], table
        else:
            assert roles == [name], f"{table}: {name} is for {roles}"
            assert name != APP, f"{table}: the application sees one tenant at a time"


@pytest.mark.attack(39)
def test_the_tenant_leads_every_key(catalogue: Catalogue) -> None:
    """Primary keys, unique constraints and foreign keys, on both of their sides."""
    keys = catalogue.rows(
        "SELECT c.conrelid::regclass::text, c.conname, c.contype::text, "
        "(SELECT attname FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = c.conkey[1]), "
        "(SELECT attname FROM pg_attribute WHERE attrelid = c.confrelid AND attnum = c.confkey[1]) "
        "FROM pg_constraint c WHERE c.contype IN ('p', 'u', 'f') "
        "AND c.connamespace = 'public'::regnamespace"
    )
    tables = {t.name for t in catalogue.tables if t.has_tenant}
    wrong = [
        (table, name)
        for table, name, kind, first, there in keys
        if table in tables and (first != "tenant_id" or (kind == "f" and there != "tenant_id"))
    ]
    assert wrong == []
    assert {table for table, _, kind, *_ in keys if kind == "p"} >= tables


@pytest.mark.attack(39)
def test_the_tenant_leads_every_unique_index(catalogue: Catalogue) -> None:
    indexes = catalogue.rows(
        "SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, i.indisunique, "
        "(SELECT attname FROM pg_attribute WHERE attrelid = i.indrelid AND attnum = i.indkey[0]) "
        "FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
    )
    tables = {t.name for t in catalogue.tables if t.has_tenant}
    other = {(i, unique) for table, i, unique, first in indexes if table in tables
             and first != "tenant_id"}  # fmt: skip
    assert [index for index, unique in other if unique] == []
    assert {index for index, _ in other} == set(NO_TENANT_FIRST)


def test_tables_without_a_tenant_say_why_and_hold_no_tenants_data(catalogue: Catalogue) -> None:
    for table in catalogue.parents:
        columns = catalogue.rows(
            "SELECT attname FROM pg_attribute WHERE attrelid = :oid AND attnum > 0 "
            "AND NOT attisdropped",
            oid=table.oid,
        )
        assert table.has_tenant == ("tenant_id" in columns), table.name
        if not table.has_tenant:
            assert len(table.comment) > 20, table.name


@pytest.mark.attack(36)
def test_partitions_are_walled_and_granted_to_nobody(catalogue: Catalogue) -> None:
    assert len(catalogue.partitions) > 30
    granted = defaultdict(set)
    for table in catalogue.partitions:
        assert table.walled, table.name
        assert table.forced, table.name
    names = [table.name for table in catalogue.partitions]
    for role in set(RUNTIME) - {BACKUP}:
        granted[role] = set(
            catalogue.rows(
                "SELECT relname FROM pg_class WHERE relname = ANY (:names) AND "
                "(has_table_privilege(:role, oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE') "
                " OR has_any_column_privilege(:role, oid, 'SELECT,INSERT,UPDATE'))",
                names=names,
                role=role,
            )
        )
    assert dict(granted) == {role: set() for role in set(RUNTIME) - {BACKUP}}


@pytest.mark.promise("F4")
def test_backups_read_every_table_and_partition_and_write_none(catalogue: Catalogue) -> None:
    """A table that the backup role cannot see is silently empty in every archive."""
    relations = catalogue.rows(
        "SELECT relname, relkind::text, "
        "has_table_privilege(:role, oid, 'SELECT'), "
        "CASE relkind WHEN 'S' THEN has_sequence_privilege(:role, oid, 'USAGE,UPDATE') "
        "ELSE has_table_privilege(:role, oid, 'INSERT,UPDATE,DELETE,TRUNCATE') "
        "OR has_any_column_privilege(:role, oid, 'INSERT,UPDATE') END "
        "FROM pg_class WHERE relkind IN ('r', 'p', 'S') AND relnamespace = 'public'::regnamespace",
        role=BACKUP,
    )
    assert [name for name, _, reads, writes in relations if not reads or writes] == []
    seen = catalogue.rows(
        "SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = :role "
        "AND roles::text[] = ARRAY[CAST(:role AS text)] AND cmd = 'SELECT' AND qual = 'true' "
        "AND permissive = 'PERMISSIVE'",
        role=BACKUP,
    )
    kept_out = {*NEVER_ARCHIVED, "alembic_version"}
    assert {n for n, kind, *_ in relations if kind != "S"} - set(seen) == kept_out
    restrictive = "SELECT policyname FROM pg_policies WHERE permissive <> 'PERMISSIVE'"
    assert catalogue.rows(restrictive) == []


@pytest.mark.attack(41)
@pytest.mark.parametrize("role", RUNTIME)
def test_no_role_at_run_time_truncates_refers_or_makes_anything(
    catalogue: Catalogue, role: str
) -> None:
    for table, rights in catalogue.rights(role).items():
        assert rights & {"TRUNCATE", "REFERENCES", "TRIGGER"} == set(), table
    assert catalogue.rows(
        "SELECT has_schema_privilege(:role, 'public', 'CREATE'), "
        "has_database_privilege(:role, current_database(), 'CREATE'), "
        "has_database_privilege(:role, current_database(), 'TEMP')",
        role=role,
    ) == [(False, False, False)]


@pytest.mark.attack(41)
def test_everybody_is_granted_nothing(catalogue: Catalogue) -> None:
    """PUBLIC means every role, those of tomorrow included."""
    granted = catalogue.rows(
        "SELECT c.relname, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a "
        "WHERE a.grantee = 0 AND c.relnamespace = 'public'::regnamespace "
        "UNION ALL SELECT p.proname, a.privilege_type FROM pg_proc p, "
        "aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
        "WHERE a.grantee = 0 AND p.pronamespace = 'public'::regnamespace"
    )
    assert granted == []


@pytest.mark.attack(41)
def test_no_right_can_be_passed_on(catalogue: Catalogue) -> None:
    passed = catalogue.rows(
        "SELECT c.relname FROM pg_class c, aclexplode(c.relacl) a WHERE a.is_grantable "
        "AND a.grantee <> c.relowner AND c.relnamespace = 'public'::regnamespace"
    )
    assert passed == []


@pytest.mark.attack(35)
def test_roles_are_plain(catalogue: Catalogue) -> None:
    found = catalogue.rows(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, "
        "rolinherit FROM pg_roles WHERE rolname = ANY (:roles)",
        roles=list(ROLES),
    )
    assert {row[0] for row in found} == set(ROLES)
    assert {row[0] for row in found if any(row[1:])} == set()


@pytest.mark.attack(35)
def test_no_role_is_a_member_of_another(catalogue: Catalogue) -> None:
    member = catalogue.rows(
        "SELECT pg_get_userbyid(member), pg_get_userbyid(roleid) FROM pg_auth_members "
        "WHERE pg_get_userbyid(member) = ANY (:roles)",
        roles=list(ROLES),
    )
    assert member == []


@pytest.mark.attack(37)
def test_functions_run_as_whoever_calls_them(catalogue: Catalogue) -> None:
    definers = catalogue.rows(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    assert set(definers) == set(DEFINERS)


@pytest.mark.attack(37)
def test_views_see_what_whoever_asks_may_see(catalogue: Catalogue) -> None:
    views = catalogue.rows(
        "SELECT relname, relkind::text, coalesce(reloptions::text, '') FROM pg_class "
        "WHERE relkind IN ('v', 'm', 'f') AND relnamespace = 'public'::regnamespace"
    )
    assert [v for v in views if v[1] != "v" or "security_invoker=true" not in v[2]] == []


@pytest.mark.attack(37)
def test_there_is_nothing_outside_of_the_one_schema(catalogue: Catalogue) -> None:
    """What another schema holds would escape every rule above."""
    schemas = catalogue.rows(
        "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' "
        "AND nspname <> 'information_schema'"
    )
    assert schemas == ["public"]
    assert catalogue.rows("SELECT extname FROM pg_extension") == ["plpgsql"]
    assert catalogue.rows("SELECT evtname FROM pg_event_trigger") == []
    assert catalogue.rows("SELECT pubname FROM pg_publication") == []


@pytest.mark.attack(41)
def test_the_owner_leaves_nothing_open_for_tables_to_come(catalogue: Catalogue) -> None:
    assert catalogue.rows("SELECT defaclobjtype FROM pg_default_acl") == []


@pytest.mark.attack(35)
def test_what_each_role_may_do_is_said_once(catalogue: Catalogue) -> None:
    """A matrix to be read by people: a right more shows up in a review of this file."""
    whole = {
        (role, table): rights
        for role in RUNTIME
        if role not in (APP, BACKUP)
        for table, rights in catalogue.rights(role).items()
        if rights
    }
    everything = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
    assert whole == {
        ("silta_relay", "outbox_jobs"): {"DELETE"},
        ("silta_relay", "heartbeats"): {"SELECT", "INSERT", "UPDATE"},
        ("silta_keeper", "key_ring"): everything,
        ("silta_keeper", "key_floors"): everything,
        ("silta_keeper", "key_check"): everything,
        ("silta_keeper", "key_epochs"): {"SELECT", "INSERT", "UPDATE"},
        ("silta_keeper", "key_ring_version"): {"SELECT", "UPDATE"},
        ("silta_keeper", "key_destructions"): {"SELECT", "INSERT"},
        ("silta_keeper", "ledger_events"): {"INSERT"},
        ("silta_keeper", "ledger_pending"): {"INSERT"},
        ("silta_keeper", "database_home"): everything,
        ("silta_sequencer", "ledger_events"): {"SELECT"},
        ("silta_sequencer", "ledger_pending"): {"SELECT", "DELETE"},
        ("silta_sequencer", "ledger_links"): {"SELECT", "INSERT"},
        ("silta_sequencer", "ledger_heads"): {"SELECT", "INSERT", "UPDATE"},
    }
