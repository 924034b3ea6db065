"""The key ring."""

from alembic import op

from migrations.ddl import APP, KEEPER, policy_for, shared_table, tenant_table

revision = "0002_vault"
down_revision = "0001_core"

_EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


def upgrade() -> None:
    _epochs()
    _ring()
    _floors()
    _check_and_version()
    _destructions()


def downgrade() -> None:
    for table in (
        "key_destructions",
        "key_ring_version",
        "key_check",
        "key_floors",
        "key_ring",
        "key_epochs",
    ):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION key_ring_leases_grow()")


def _epochs() -> None:
    op.execute(
        """
        CREATE TABLE key_epochs (
            number integer NOT NULL,
            state text NOT NULL,
            held boolean NOT NULL DEFAULT false,
            created_at timestamptz NOT NULL,
            ended_at timestamptz,
            CONSTRAINT pk_key_epochs PRIMARY KEY (number),
            CONSTRAINT ck_key_epochs_state CHECK (state IN ('current', 'ending', 'ended'))
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_key_epochs_current ON key_epochs (state) WHERE state = 'current'"
    )
    shared_table("key_epochs", reason="the installation has one epoch at a time")
    # An UPDATE right on one column that nothing reads: FOR SHARE asks for it.
    policy_for(APP, "key_epochs", "SELECT, UPDATE (held)")
    policy_for(KEEPER, "key_epochs", "SELECT, INSERT, UPDATE")


def _ring() -> None:
    # Half-filled pages: the nightly rewrap then changes rows in place (heap-only updates).
    op.execute(
        """
        CREATE TABLE key_ring (
            tenant_id uuid NOT NULL,
            key_id bytea NOT NULL,
            kind text NOT NULL,
            service text NOT NULL,
            data text NOT NULL,
            day date,
            version integer NOT NULL,
            epoch integer NOT NULL,
            wrapped bytea NOT NULL,
            commitment bytea NOT NULL,
            seals_leased bigint NOT NULL DEFAULT 0,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_key_ring PRIMARY KEY (tenant_id, key_id),
            CONSTRAINT uq_key_ring_tenant_id_kind_service_data_day_version
                UNIQUE NULLS NOT DISTINCT (tenant_id, kind, service, data, day, version),
            CONSTRAINT ck_key_ring_kind CHECK (kind IN ('tenant', 'day')),
            CONSTRAINT ck_key_ring_day CHECK ((kind = 'day') = (day IS NOT NULL)),
            CONSTRAINT ck_key_ring_key_id CHECK (octet_length(key_id) = 8),
            CONSTRAINT ck_key_ring_commitment CHECK (octet_length(commitment) = 32),
            CONSTRAINT ck_key_ring_seals_leased CHECK (seals_leased BETWEEN 0 AND 2147483648)
        ) WITH (fillfactor = 45)
        """
    )
    tenant_table("key_ring", app="SELECT, INSERT, UPDATE (seals_leased)")
    policy_for(KEEPER, "key_ring", _EVERYTHING)
    # A counter of seals that could go back would let a nonce repeat.
    op.execute(
        """
        CREATE FUNCTION key_ring_leases_grow() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'seals_leased only grows' USING ERRCODE = 'check_violation';
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION key_ring_leases_grow() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER key_ring_leases_grow BEFORE UPDATE OF seals_leased ON key_ring "
        "FOR EACH ROW WHEN (NEW.seals_leased < OLD.seals_leased) "
        "EXECUTE FUNCTION key_ring_leases_grow()"
    )


def _floors() -> None:
    op.execute(
        """
        CREATE TABLE key_floors (
            tenant_id uuid NOT NULL,
            min_available integer NOT NULL,
            min_open integer NOT NULL,
            min_seal integer NOT NULL,
            CONSTRAINT pk_key_floors PRIMARY KEY (tenant_id)
        )
        """
    )
    tenant_table("key_floors", app="SELECT")
    policy_for(KEEPER, "key_floors", _EVERYTHING)


def _check_and_version() -> None:
    op.execute(
        "CREATE TABLE key_check (epoch integer NOT NULL, proof bytea NOT NULL, "
        "CONSTRAINT pk_key_check PRIMARY KEY (epoch))"
    )
    shared_table("key_check", reason="one known value for each living epoch")
    policy_for(APP, "key_check", "SELECT")
    policy_for(KEEPER, "key_check", _EVERYTHING)
    op.execute(
        "CREATE TABLE key_ring_version (id smallint NOT NULL DEFAULT 1, "
        "version bigint NOT NULL DEFAULT 0, flushed bigint NOT NULL DEFAULT 0, "
        "CONSTRAINT pk_key_ring_version PRIMARY KEY (id), "
        "CONSTRAINT ck_key_ring_version_one CHECK (id = 1))"
    )
    op.execute("INSERT INTO key_ring_version DEFAULT VALUES")
    shared_table("key_ring_version", reason="the installation has one key ring")
    policy_for(APP, "key_ring_version", "SELECT, UPDATE (version)")
    policy_for(KEEPER, "key_ring_version", "SELECT, UPDATE")


def _destructions() -> None:
    op.execute(
        """
        CREATE TABLE key_destructions (
            tenant_id uuid NOT NULL,
            key_id bytea NOT NULL,
            kind text NOT NULL,
            service text NOT NULL,
            data text NOT NULL,
            day date,
            version integer NOT NULL,
            destroyed_at timestamptz NOT NULL,
            reason text NOT NULL,
            CONSTRAINT pk_key_destructions PRIMARY KEY (tenant_id, key_id)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_key_destructions_tenant_id_service_data_day "
        "ON key_destructions (tenant_id, service, data, day)"
    )
    tenant_table("key_destructions", app="SELECT")
    policy_for(KEEPER, "key_destructions", "SELECT, INSERT")
