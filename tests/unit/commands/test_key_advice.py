"""Which folder is without its keys, and what brings them back while nothing runs."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from jobs.commands import key_advice
from jobs.installation import Installation
from privacy.core.errors import Misconfigured
from privacy.core.settings import Settings
from privacy.vault.errors import NoKey


class _Opened:
    """An installation of which only the settings are asked."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.custody = SimpleNamespace()


class _Bundles:
    """An escrow without a copy."""

    def get(self, _: str) -> None:
        """Nothing."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    places = {"keys_folder": "keys", "escrow_epoch_folder": "epochs"}
    made: dict[str, Any] = {name: tmp_path / place for name, place in places.items()}
    made["escrow_bundle_folder"] = tmp_path / "bundles"
    made["anchor_folder"] = tmp_path / "anchors"
    for place in made.values():
        place.mkdir()
        (place / "epoch-1.key").touch()
    return Settings.model_construct(**made)


def test_an_empty_keys_folder_is_named_with_its_way_back(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.keys_folder / "epoch-1.key").unlink()

    def fail(_: object) -> bool:
        raise NoKey

    monkeypatch.setattr(key_advice, "set_up", fail)
    with pytest.raises(Misconfigured) as refused:
        key_advice.with_advice(cast("Installation", _Opened(settings)), tmp_path)
    told = str(refused.value)
    assert told.startswith("A key is missing from the key ring.")
    assert f"The keys folder {settings.keys_folder} holds no keys" in told
    assert "silta dev --servers" in told
    assert "silta keys restore" in told
    assert "\n" not in told


def test_an_empty_escrow_is_named_with_its_way_back(settings: Settings, tmp_path: Path) -> None:
    (settings.escrow_epoch_folder / "epoch-1.key").unlink()
    told = key_advice.advice_on(settings, tmp_path)
    assert str(settings.escrow_epoch_folder) in told
    assert str(settings.escrow_bundle_folder) not in told
    assert "silta keys escrow" in told


def test_a_ledger_that_was_signed_gets_no_new_key(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_advice, "set_up", lambda _: pytest.fail("not before the key is back"))
    opened = _Opened(settings)
    opened.custody = SimpleNamespace(escrow=SimpleNamespace(bundles=_Bundles()))
    with pytest.raises(Misconfigured, match=r"ledger-signing\.key is missing"):
        key_advice.with_advice(cast("Installation", opened), tmp_path)


def test_full_folders_need_no_advice(settings: Settings, tmp_path: Path) -> None:
    assert key_advice.advice_on(settings, tmp_path) == ""
