"""Every table with tenants' rows has a decision: in a tenant's archive, or not and why."""

import pytest
from sqlalchemy import LargeBinary

from connector.exports.decisions import DERIVED, LEFT, SPECIAL, TAKEN
from connector.exports.tables import sealed_columns
from migrations.metadata import metadata

_TABLES = {table.name: table for table in metadata.sorted_tables if "tenant_id" in table.c}


def test_every_table_is_decided_upon_once() -> None:
    decided = [*TAKEN, *SPECIAL, *DERIVED, *LEFT]
    assert sorted(decided) == sorted(_TABLES), "decide in connector.exports.decisions"
    assert all(len(reason) > 10 for one in (SPECIAL, DERIVED, LEFT) for reason in one.values())


def test_what_is_said_of_columns_is_true() -> None:
    for name, taken in TAKEN.items():
        columns = set(_TABLES[name].c.keys())
        assert taken.never | taken.anew | set(taken.put) <= columns, name
        assert not taken.never & taken.anew, name


@pytest.mark.parametrize("name", sorted(name for name, one in TAKEN.items() if not one.evidence))
def test_bytes_in_a_file_are_opened_or_mean_the_same_everywhere(name: str) -> None:
    """Neither ciphertext nor keyed digests leave: nobody else could read or make them."""
    taken, opened = TAKEN[name], set(sealed_columns(name))
    for column in _TABLES[name].c:
        if isinstance(column.type, LargeBinary) and column.name not in opened:
            known = column.name in taken.never | taken.anew
            words = column.info["holds"]
            assert known or "SHA-256" in getattr(words, "reason", ""), f"{name}.{column.name}"


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_no_credential_is_taken(name: str) -> None:
    sealed = sealed_columns(name)
    secret = {column for column, one in sealed.items() if one.scope.value == "credentials"}
    secret |= {column for column in sealed if "password" in column}
    assert secret <= TAKEN[name].never
