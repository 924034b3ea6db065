"""Every column says what it holds; everything sealed can be sealed again, or ends with its day."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from sqlalchemy import Column, Table

from migrations.metadata import metadata
from privacy.core.db.declarations import Impersonal, Personal
from tests.architecture.sources import ROOT

CATEGORIES = {category.fides_key for category in DEFAULT_TAXONOMY.data_category}
SEALED = re.compile(r"(?:^|_)sealed$")


def _columns() -> Iterator[tuple[str, Column[Any]]]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            yield f"{table.name}.{column.name}", column


def test_every_column_is_declared() -> None:
    bare = [name for name, column in _columns() if "holds" not in column.info]
    assert bare == []


def test_personal_columns_are_of_the_taxonomy() -> None:
    held = {name: column.info["holds"] for name, column in _columns()}
    personal = {name: holds for name, holds in held.items() if isinstance(holds, Personal)}
    assert {name: h.category for name, h in personal.items() if h.category not in CATEGORIES} == {}
    assert len(personal) > 10


def test_who_says_impersonal_says_why() -> None:
    for name, column in _columns():
        holds = column.info["holds"]
        if isinstance(holds, Impersonal):
            assert len(holds.reason) > 4, name


def _sealed() -> Iterator[tuple[Table, str]]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if SEALED.search(column.name):
                yield table, column.name


def _by_day(table: Table) -> bool:
    """Sealed under its day's key: it never needs another one, and ends with it."""
    return "day" in table.primary_key.columns


@pytest.mark.attack(7)
def test_what_no_day_ends_can_be_sealed_again() -> None:
    """In a process that knows what every command knows, nothing more."""
    program = (
        "import jobs.installation; from privacy.vault.reseals import registered; "
        "print(*(one.name for one in registered()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = set(done.stdout.split())
    left = [
        f"{table.name}.{column}"
        for table, column in _sealed()
        if not _by_day(table) and f"{table.name}.{column}" not in names
    ]
    assert left == []
    known = {f"{table.name}.{column}" for table, column in _sealed()}
    assert names <= known


@pytest.mark.attack(4)
def test_what_is_sealed_counts_its_versions() -> None:
    """Unless it is written once: its row's life is short, or its version never changes."""
    once = {"invitations", "single_use_links", "api_keys", "mails", "call_sources",
            "inquiries", "inquiry_messages", "inquiry_logs", "registration_checks"}  # fmt: skip
    once |= {"outgoing_documents"}
    once |= {"consents", "consent_events", "objections"}
    once |= {"disclosures", "breaches", "breach_notes"}
    once |= {"confirmations", "notices"}
    once |= {"identity_documents", "legal_holds"}
    once |= {"subject_requests", "subject_parts", "subject_day_parts"}
    once |= {"export_parts", "export_day_parts"}
    for table, column in _sealed():
        counted = any(name.endswith("version") for name in table.columns.keys())  # noqa: SIM118
        assert counted or table.name in once, f"{table.name}.{column}"
