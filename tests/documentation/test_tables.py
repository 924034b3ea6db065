"""Tables in the documentation say what the code does."""

from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from jobs.embedded.roles import script
from privacy.core.settings import Settings
from privacy.vault.labels import Label
from tenants.permissions import GRANTS, Permission, Role
from tests.documentation.pages import DOCS, keyed
from tests.documentation.tables import (
    COLUMNS,
    EXPORTS,
    MARKED,
    block,
    exported_table,
    impersonal_table,
    marks,
    personal_table,
)

ROLES = (Role.OWNER, Role.ADMIN, Role.AGENT, Role.AUDITOR)
REFRESH = "run: .venv/bin/python -m tests.documentation.tables"


def _default(name: str) -> str:
    default = Settings.model_fields[name].default
    if default is PydanticUndefined:
        return "required"
    return "none" if default is None else f"`{default}`"


def test_every_setting_is_explained() -> None:
    told = keyed(DOCS / "operators" / "settings.md", 3, r"`SILTA_[A-Z_]+`")
    wanted = {f"`SILTA_{name.upper()}`": _default(name) for name in Settings.model_fields}
    assert {name: cells[0] for name, cells in told.items()} == wanted
    assert all(len(cells[1]) > 10 for cells in told.values())


def test_secrets_are_called_secret() -> None:
    told = keyed(DOCS / "operators" / "settings.md", 3, r"`SILTA_[A-Z_]+`")
    secret = {
        f"`SILTA_{name.upper()}`"
        for name, field in Settings.model_fields.items()
        if "SecretStr" in str(field.annotation)
    }
    assert {name for name, cells in told.items() if cells[1].endswith("Secret.")} == secret


def test_roles_can_do_what_the_table_says() -> None:
    told = keyed(DOCS / "admins" / "README.md", 6, r"`[a-z_]+:[a-z_]+`")
    wanted = {
        f"`{right.value}`": ["✓" if right in GRANTS[role] else "" for role in ROLES]
        for right in Permission
        if any(right in GRANTS[role] for role in ROLES)
    }
    assert {name: cells[1:] for name, cells in told.items()} == wanted


def test_every_label_is_explained() -> None:
    told = keyed(DOCS / "auditors" / "encryption.md", 2, r"`[a-z-]+`")
    assert set(told) == {f"`{label.value}`" for label in Label}


def test_the_roles_script_is_ours() -> None:
    assert (DOCS / "operators" / "roles.sql").read_text() == script()


@pytest.mark.promise("F2")
def test_every_column_is_listed() -> None:
    assert block(COLUMNS, "personal") == personal_table(), REFRESH
    assert block(COLUMNS, "impersonal") == impersonal_table(), REFRESH


def test_every_field_of_an_archive_is_listed() -> None:
    assert block(EXPORTS, "fields") == exported_table(), REFRESH


def test_plain_personal_columns_are_explained() -> None:
    plain = {line.split("`")[1] for line in personal_table().splitlines() if "**plain**" in line}
    assert plain == {"api_keys.networks", "sign_in_sessions.device", "users.language"}


@pytest.mark.parametrize("name", sorted(MARKED))
def test_named_tests_carry_the_mark(name: str) -> None:
    """New tests may be missing from the page; none may be named that does not carry the mark."""
    path, key = MARKED[name]
    told, marked = keyed(path, 3, key), marks(name)
    assert set(marked) <= set(told), f"add a row to {path.name}, then {REFRESH}"
    for number, (_, cell) in told.items():
        named = {file.strip(" `") for file in cell.split(",") if file.strip()}
        assert named <= set(marked.get(number, [])), f"{number}: {REFRESH}"
        assert named or number not in marked, f"{number}: {REFRESH}"


def test_pages_are_there() -> None:
    for path in (COLUMNS, *(path for path, _ in MARKED.values())):
        assert isinstance(path, Path)
        assert path.exists()
