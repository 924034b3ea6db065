"""The first start makes what is missing, and never what was lost."""

from pathlib import Path

import pytest

from jobs.commands.dev import make_root_key
from privacy.core.errors import Misconfigured


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SILTA_ROOT_KEY", raising=False)
    monkeypatch.setenv("SILTA_ROOT_KEY_FILE", str(tmp_path / "root.key"))
    monkeypatch.setenv("SILTA_KEYS_FOLDER", str(tmp_path / "keys"))
    return tmp_path


def test_a_first_start_makes_a_root_key_and_the_next_keeps_it(folder: Path) -> None:
    assert "keep a copy" in str(make_root_key())
    first = (folder / "root.key").read_bytes()
    assert make_root_key() is None
    assert (folder / "root.key").read_bytes() == first


def test_a_lost_root_key_is_asked_for_and_not_made_anew(folder: Path) -> None:
    (folder / "keys").mkdir()
    (folder / "keys" / "epoch-2.key").write_text("sealed")
    with pytest.raises(Misconfigured, match="Put it back"):
        make_root_key()
    assert not (folder / "root.key").exists()
