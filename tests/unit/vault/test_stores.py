import os
import stat
from pathlib import Path

import pytest

from privacy.core.errors import Misconfigured
from privacy.vault import folders
from privacy.vault.errors import EscrowFailed
from privacy.vault.stores import (
    DirectoryStore,
    check_deletable,
    delete_and_verify,
    put_and_read_back,
)


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "escrow")


def test_objects_come_back_and_go(store: DirectoryStore, tmp_path: Path) -> None:
    store.put("additions/1/a", b"one")
    store.put("additions/1/b", b"two")
    store.put("bundle/1", b"three")
    store.put("bundle/1", b"four")
    assert store.get("bundle/1") == b"four"
    assert store.names() == ["additions/1/a", "additions/1/b", "bundle/1"]
    assert store.names("additions/1/") == ["additions/1/a", "additions/1/b"]
    store.delete("additions/1/a")
    store.delete("additions/1/a")
    assert store.get("additions/1/a") is None
    store.delete("additions/1/b")
    assert not (tmp_path / "escrow/additions/1").exists()


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../b", ".hidden", "a//b", "", "A"])
def test_names_cannot_leave_the_folder(store: DirectoryStore, name: str) -> None:
    for act in (store.get, store.delete, lambda n: store.put(n, b"")):
        with pytest.raises(ValueError, match="not an object's name"):
            act(name)


def test_files_and_folders_are_private(store: DirectoryStore, tmp_path: Path) -> None:
    store.put("bundle/1", b"x")
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "escrow").rglob("*")}
    assert modes == {"bundle": 0o700, "1": 0o600}
    assert stat.S_IMODE((tmp_path / "escrow").stat().st_mode) == 0o700


def test_a_folder_that_others_enter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    with pytest.raises(Misconfigured, match="chmod 700"):
        DirectoryStore(tmp_path / "open")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(mode=0o700)
    os.chown(tmp_path / "theirs", 12345, -1)
    with pytest.raises(Misconfigured, match="chown"):
        DirectoryStore(tmp_path / "theirs")


def test_a_killed_write_leaves_the_old_file_and_goes_with_it(
    store: DirectoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("bundle/1", b"old")
    with monkeypatch.context() as killed:
        killed.setattr(Path, "rename", _killed)
        with pytest.raises(KeyboardInterrupt):
            store.put("bundle/1", b"new")
    assert store.get("bundle/1") == b"old"
    assert store.names() == ["bundle/1"]
    assert (tmp_path / "escrow/bundle/.1.part").read_bytes() == b"new"
    store.delete("bundle/1")
    assert list((tmp_path / "escrow").rglob("*")) == []


@pytest.mark.attack(9)
def test_what_is_destroyed_is_overwritten_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seen = tmp_path / "epoch-1.key", list[Path]()
    folders.write_durably(path, b"secret" * 10)
    held = path.open("rb")
    monkeypatch.setattr(Path, "unlink", lambda path, **_: seen.append(path))
    folders.destroy_file(path)
    assert path in seen
    content = held.read()
    held.close()
    assert len(content) == 60
    assert b"secret" not in content


class Forgetful(DirectoryStore):
    """Says yes and keeps nothing."""

    def put(self, name: str, content: bytes) -> None:
        pass


class Undying(DirectoryStore):
    """A versioned bucket: a deleted object is still there."""

    def delete(self, name: str) -> None:
        pass


def test_escrow_is_believed_only_when_it_gives_back(tmp_path: Path) -> None:
    with pytest.raises(EscrowFailed):
        put_and_read_back(Forgetful(tmp_path / "a"), "x", b"1")
    with pytest.raises(EscrowFailed):
        check_deletable(Forgetful(tmp_path / "a"))


@pytest.mark.attack(9)
def test_a_place_that_cannot_delete_is_found_out(tmp_path: Path) -> None:
    store = Undying(tmp_path / "a")
    with pytest.raises(EscrowFailed, match="keeps what it was told to delete"):
        check_deletable(store)
    store.put("x", b"1")
    with pytest.raises(EscrowFailed):
        delete_and_verify(store, "x")
    check_deletable(DirectoryStore(tmp_path / "b"))


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
