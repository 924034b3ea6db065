"""Ends of credentials and of fields are journaled, so that no restored database revives them.

As with erasures, triggers write the notes, in the transaction that ends something: no use case
can forget to. They name rows by their ids, and say what is left in words, moments and NULLs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from alembic import op

from migrations.ddl import APP

revision = "0030_restored"
down_revision = "0029_systems"


@dataclass(frozen=True)
class _Ending:
    """`said`: columns that the note has; `column=` says NULL, `column=word` says the word,
    `other>column` takes the value of another column, and `column<` what it was before."""

    table: str
    name: str
    on: str
    when: str
    said: str
    relation: str | None = None
    act: str = "ended"


def _changed(column: str) -> str:
    return f"OLD.{column} IS DISTINCT FROM NEW.{column}"


def _change(table: str, column: str, said: str, *, when: str = "") -> _Ending:
    condition = " AND ".join(filter(None, (_changed(column), when)))
    return _Ending(table, f"ending_{column}", "UPDATE", condition, said)


def _gone(table: str, said: str) -> _Ending:
    return _Ending(table, "ending_deleted", "DELETE", "", said, act="deleted")


_ENDINGS: Sequence[_Ending] = (
    _change("api_keys", "revoked_at", "id,revoked_at"),
    _change("api_keys", "overlap_until", "id,overlap_until"),
    _change("marketplace_keys", "revoked_at", "id,revoked_at,callback_url=,callback_key_sealed="),
    _change("memberships", "role", "user_id,created_at,role"),
    # Who comes again has another membership than the one that ended.
    _gone("memberships", "user_id,created_at"),
    _change("users", "state", "id,state"),
    # A version names what ended: a restored row that has another is not meant.
    _change(
        "users",
        "password_version",
        "id,password_version<,password_sealed=",
        when="OLD.password_sealed NOTNULL",
    ),
    # The new factor is not known to an archive: neither it nor the lack of it is to suffice.
    _change(
        "users",
        "totp_confirmed_at",
        "id,totp_version<,password_sealed=",
        when="NEW.totp_sealed NOTNULL",
    ),
    _change(
        "users",
        "totp_version",
        "id,totp_version<,totp_sealed=,totp_confirmed_at=",
        when="NEW.totp_sealed IS NULL AND OLD.totp_sealed NOTNULL",
    ),
    # An archive has the older address, and a mail there would open the account.
    _change(
        "users",
        "email_digest",
        "id,identity_version<,state=disabled",
        when=_changed("identity_version"),
    ),
    _gone("users", "id"),
    _change(
        "registrants",
        "password_version",
        "id,password_version<,password_sealed=",
        when="OLD.password_sealed NOTNULL",
    ),
    # All ten of a set were made at one moment.
    _gone("recovery_codes", "user_id,created_at"),
    _change("single_use_links", "used_at", "id,used_at"),
    _change("invitations", "state", "id,state,settled_at"),
    _change("free_fields", "ended_at", "id,ended_at"),
    _change("connector_accounts", "deleted_at", "id,deleted_at"),
    _change("service_subscriptions", "state", "id,state,state_at,ends_at"),
    _Ending(
        "service_subscriptions",
        "ending_added",
        "INSERT",
        "NEW.state = 'ending'",
        "id,service,state,parameters,account_id,created_at,state_at,ends_at",
        act="added",
    ),
    # An operator called the end off.
    _gone("service_subscriptions", "id,created_at"),
    _gone("account_secrets", "account_id,generation"),
    _Ending(
        "consent_events",
        "ending_withdrawn",
        "INSERT",
        "NEW.act = 'withdrawn'",
        "consent_id>id",
        relation="consents",
    ),
)


def upgrade() -> None:
    _allow("'deleted', 'changed', 'added', 'ended'")
    op.execute(
        """
        CREATE FUNCTION ending_noted() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            made jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
            tenant uuid := (made ->> 'tenant_id')::uuid;
            said jsonb;
        BEGIN
            SELECT jsonb_object_agg(
                CASE WHEN k LIKE '%>%' THEN split_part(k, '>', 2)
                     ELSE split_part(split_part(k, '=', 1), '<', 1) END,
                CASE WHEN k LIKE '%=%' THEN to_jsonb(nullif(split_part(k, '=', 2), ''))
                     WHEN k LIKE '%<' THEN to_jsonb(OLD) -> split_part(k, '<', 1)
                     ELSE made -> split_part(k, '>', 1) END
            ) INTO said FROM unnest(string_to_array(TG_ARGV[2], ',')) AS k;
            INSERT INTO erasure_journal (tenant_id, id, relation, act, rows, at) VALUES
                (tenant, gen_random_uuid(), TG_ARGV[0], TG_ARGV[1], jsonb_build_array(said),
                 clock_timestamp());
            INSERT INTO outbox_jobs (tenant_id, id, name, queue, payload, run_at, created_at)
            VALUES (tenant, gen_random_uuid(), 'erasures.export', 'urgent', '{}', now(), now());
            RETURN NULL;
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION ending_noted() FROM PUBLIC")
    for one in _ENDINGS:
        # The owner deletes tenants, and their end is repeated by itself.
        when = " AND ".join(filter(None, (f"current_user = '{APP}'", one.when)))
        given = f"'{one.relation or one.table}', '{one.act}', '{one.said}'"
        op.execute(
            f"CREATE TRIGGER {one.name} AFTER {one.on} ON {one.table} FOR EACH ROW "
            f"WHEN ({when}) EXECUTE FUNCTION ending_noted({given})"
        )


def _allow(words: str) -> None:
    name = "ck_erasure_journal_act"
    op.execute(f"ALTER TABLE erasure_journal DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE erasure_journal ADD CONSTRAINT {name} CHECK (act IN ({words}))")


def downgrade() -> None:
    for one in _ENDINGS:
        op.execute(f"DROP TRIGGER {one.name} ON {one.table}")
    op.execute("DROP FUNCTION ending_noted()")
    # What only this word could say is not known below.
    op.execute("DELETE FROM erasure_journal WHERE act = 'ended'")
    _allow("'deleted', 'changed', 'added'")
