import os
import pickle
import stat
from base64 import b64encode
from pathlib import Path

import pytest
from pydantic import SecretStr

from privacy.core.settings import Settings
from privacy.vault import roots
from privacy.vault.errors import RootKeyRefused

LINE = f"silta-root-1 {b64encode(bytes(32)).decode()}"


def test_a_new_file_is_private_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "root.key"
    made = roots.create_root_file(path)
    assert made.current == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert roots.read_root_file(path) == made
    with pytest.raises(RootKeyRefused):
        roots.create_root_file(path)
    assert roots.read_root_file(path) == made


def test_versions_come_and_go(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    first = roots.create_root_file(path)
    second = roots.add_root_version(path)
    assert second.versions[1] == first.versions[1]
    assert second.current == 2
    assert second.versions[2] != first.versions[1]
    assert dict(roots.drop_old_roots(path).versions) == {2: second.versions[2]}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n;\n",
        "silta-root-1 short",
        "silta-root-1 " + b64encode(bytes(31)).decode(),
        "silta-root-1 " + b64encode(bytes(33)).decode(),
        "silta-root-0 " + b64encode(bytes(32)).decode(),
        "root-1 " + b64encode(bytes(32)).decode(),
        LINE + "\n" + LINE,
        LINE + " more",
        LINE + "\nrubbish",
    ],
)
def test_malformed_roots_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(RootKeyRefused) as refusal:
        roots.parse_roots(text, source="SILTA_ROOT_KEY")
    assert "SILTA_ROOT_KEY" in refusal.value.message
    assert "\n" not in refusal.value.message
    assert b64encode(bytes(31)).decode()[:12] not in refusal.value.message


def test_entries_are_lines_or_separated_by_semicolons() -> None:
    second = f"silta-root-12 {b64encode(b'x' * 32).decode()}"
    for text in (f"{LINE};{second}", f"{LINE}\n{second}\n", f" {second} ; {LINE} "):
        assert dict(roots.parse_roots(text, source="x").versions) == {1: bytes(32), 12: b"x" * 32}
    assert roots.parse_roots(f"{LINE};{second}", source="x").current == 12


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "root.key"
    roots.create_root_file(path)
    path.chmod(mode)
    with pytest.raises(RootKeyRefused, match="chmod 600"):
        roots.read_root_file(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    roots.create_root_file(path)
    os.chown(path, 12345, -1)
    with pytest.raises(RootKeyRefused, match="chown"):
        roots.read_root_file(path)


def test_no_file_and_no_setting_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RootKeyRefused, match="SILTA_ROOT_KEY_FILE"):
        roots.read_root_file(tmp_path / "absent")
    with pytest.raises(RootKeyRefused, match=r"is not a file|cannot be read"):
        roots.read_root_file(tmp_path)
    with pytest.raises(RootKeyRefused, match="there is no root key"):
        roots.load_roots(_settings())


def test_the_environment_can_hold_the_root_and_the_file_too(tmp_path: Path) -> None:
    given = _settings(root_key=SecretStr(LINE))
    assert dict(roots.load_roots(given).versions) == {1: bytes(32)}
    made = roots.create_root_file(tmp_path / "root.key")
    assert roots.load_roots(_settings(root_key_file=tmp_path / "root.key")) == made


@pytest.mark.attack(10)
def test_roots_neither_print_nor_pickle() -> None:
    made = roots.parse_roots(LINE, source="x")
    assert repr(made) == "<RootKeys [1]>"
    with pytest.raises(TypeError):
        pickle.dumps(made)


def _settings(**given: object) -> Settings:
    base = {"database_url": "postgresql+psycopg:///x", "redis_url": "redis://localhost"}
    return Settings.model_validate(base | given)
