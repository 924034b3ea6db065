"""Compare two sides: what their catalogues say, and every row of every table.

Rows are counted and digested as the backup role sees them, row-level security on, on both sides
at once. Digests are PostgreSQL's own hash and the same on the same major version only.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

from sqlalchemy import text

from privacy.backups.manifests import Tally
from privacy.backups.tallies import check_coverage, take_tallies
from privacy.moves.errors import SidesDiffer
from privacy.moves.sides import Side

_MAJOR = text("SELECT current_setting('server_version_num')::int / 10000")
_PUBLIC: Final = "relnamespace = 'public'::regnamespace"
_TABLE: Final = (
    "SELECT 'table', relname, relkind::text, relrowsecurity::text, relforcerowsecurity::text, "
    f"pg_get_userbyid(relowner) FROM pg_class WHERE {_PUBLIC} AND relkind IN ('r', 'p', 'S', 'v')"
)
_RIGHT: Final = (
    "SELECT 'right', c.relname, pg_get_userbyid(a.grantee), a.privilege_type, '', '' "
    f"FROM pg_class c, aclexplode(c.relacl) a WHERE c.{_PUBLIC} AND a.grantee <> c.relowner "
    "AND c.relkind IN ('r', 'p', 'S', 'v')"
)
_COLUMN: Final = (
    "SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), "
    "a.attnotnull::text || a.attidentity::text, coalesce(pg_get_expr(d.adbin, d.adrelid), '') "
    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d "
    f"ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.{_PUBLIC} AND a.attnum > 0 "
    "AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v')"
)
_CONSTRAINT: Final = (
    "SELECT 'constraint', c.relname, pg_get_constraintdef(k.oid), k.contype::text, '', '' "
    f"FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.{_PUBLIC} "
    "AND k.contype IN ('p', 'u', 'f', 'c')"
)
_POLICY: Final = (
    "SELECT 'policy', tablename, policyname, cmd || permissive || roles::text, "
    "coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies WHERE schemaname = 'public'"
)
_INDEX: Final = (
    "SELECT 'index', tablename, regexp_replace(indexdef, ' INDEX \\S+ ', ' INDEX '), '', '', '' "
    "FROM pg_indexes WHERE schemaname = 'public'"
)
_TRIGGER: Final = (
    "SELECT 'trigger', c.relname, t.tgname, t.tgtype::text, p.proname, t.tgenabled::text "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
    f"WHERE c.{_PUBLIC} AND NOT t.tgisinternal"
)
_FUNCTION: Final = (
    "SELECT 'function', proname, md5(prosrc), prosecdef::text, '', '' FROM pg_proc "
    "WHERE pronamespace = 'public'::regnamespace"
)
_ROLE: Final = (
    "SELECT 'role', rolname, rolsuper::text, rolbypassrls::text, rolreplication::text, "
    "rolcreaterole::text FROM pg_roles WHERE starts_with(rolname, 'silta_') "
    "AND rolname <> 'silta_drill'"
)
_AND: Final = " UNION ALL "
_SHAPE = text(
    _TABLE
    + _AND
    + _RIGHT
    + _AND
    + _COLUMN
    + _AND
    + _CONSTRAINT
    + _AND
    + _POLICY
    + _AND
    + _INDEX
    + _AND
    + _TRIGGER
    + _AND
    + _FUNCTION
    + _AND
    + _ROLE
)


class Compared(NamedTuple):
    """What was found to be equal."""

    tables: int
    rows: int


def compare_shapes(giver: Side, taker: Side) -> None:
    """Tables, columns, constraints, policies, rights, triggers, roles. Raises SidesDiffer."""
    there, here = _shape(giver), _shape(taker)
    different = sorted(there ^ here)
    if different:
        what = " ".join(different[0][:3])
        raise SidesDiffer(
            f"{len(different)} facts of the schema differ, first: {what} "
            f"({'missing' if different[0] in there else 'not'} on the old side's like)."
        )


def compare_rows(giver: Side, taker: Side) -> Compared:
    """Counts and digests of every table and partition but the keys'. Raises SidesDiffer."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        there, here = pool.map(_tallies, (giver, taker))
    alike = there[0] == here[0]
    names = sorted(there[1].keys() | here[1].keys())
    wrong = [n for n in names if not _equal(there[1].get(n), here[1].get(n), digests=alike)]
    if wrong:
        raise SidesDiffer(f"{len(wrong)} tables differ, {wrong[0]} first. The old side serves on.")
    return Compared(len(names), sum(one.rows for one in there[1].values()))


def _equal(there: Tally | None, here: Tally | None, *, digests: bool) -> bool:
    if there is None or here is None:
        return False
    return there == here if digests else there.rows == here.rows


def _tallies(side: Side) -> tuple[int, dict[str, Tally]]:
    with side.engines.backup.connect() as connection:
        check_coverage(connection)
        major: int = connection.execute(_MAJOR).scalar_one()
        return major, take_tallies(connection)


def _shape(side: Side) -> set[tuple[str, ...]]:
    with side.mover() as connection:
        return {tuple(map(str, row)) for row in connection.execute(_SHAPE)}
