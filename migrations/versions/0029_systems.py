"""Connected systems, second round: fields of one's own in web forms, and VAT codes of calls."""

from alembic import op

revision = "0029_systems"
down_revision = "0028_subjects"

_TABLE_OF_REGISTRATIONS = "registrants"


def upgrade() -> None:
    _abouts("'contact', 'inquiry', 'registration'")
    # Values end with their registration too, whoever ends it.
    op.execute(
        f"CREATE TRIGGER free_values_end AFTER DELETE ON {_TABLE_OF_REGISTRATIONS} "
        "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION free_values_end()"
    )
    for column in ("own_fields", "own_required"):
        op.execute(f"ALTER TABLE web_forms ADD COLUMN {column} uuid[] NOT NULL DEFAULT '{{}}'")
    op.execute("ALTER TABLE call_price_lists ADD COLUMN vat_code text NOT NULL DEFAULT ''")


def _abouts(abouts: str) -> None:
    name = "ck_free_fields_about"
    op.execute(f"ALTER TABLE free_fields DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE free_fields ADD CONSTRAINT {name} CHECK (about IN ({abouts}))")


def downgrade() -> None:
    op.execute("ALTER TABLE call_price_lists DROP COLUMN vat_code")
    for column in ("own_required", "own_fields"):
        op.execute(f"ALTER TABLE web_forms DROP COLUMN {column}")
    op.execute(f"DROP TRIGGER free_values_end ON {_TABLE_OF_REGISTRATIONS}")
    op.execute("DELETE FROM free_fields WHERE about = 'registration'")
    _abouts("'contact', 'inquiry'")
