import os
from pathlib import Path

import pytest

from privacy.vault.epoch_files import root_version_of, unwrap_epoch, wrap_epoch
from privacy.vault.errors import KeyPortFailed, NoKey
from privacy.vault.ports import FileKeyPort
from privacy.vault.roots import RootKeys

ROOTS = RootKeys({1: bytes(32)})
BOTH = RootKeys({1: bytes(32), 2: b"2" * 32})
NEW = RootKeys({2: b"2" * 32})
KEY = bytes(range(32))


def test_epochs_come_back_and_go(tmp_path: Path) -> None:
    port = FileKeyPort(tmp_path / "keys", ROOTS)
    for number in (9, 10):
        port.create_epoch(number, os.urandom(32))
    port.create_epoch(11, KEY)
    assert port.epochs() == [9, 10, 11]
    assert port.read_epoch(11) == KEY
    assert FileKeyPort(tmp_path / "keys", ROOTS).read_epoch(11) == KEY
    port.destroy_epoch(11)
    port.destroy_epoch(11)
    assert port.epochs() == [9, 10]
    with pytest.raises(NoKey):
        port.read_epoch(11)


def test_the_folder_holds_no_key_in_the_clear(tmp_path: Path) -> None:
    FileKeyPort(tmp_path / "keys", ROOTS).create_epoch(1, KEY)
    content = (tmp_path / "keys" / "epoch-1.key").read_bytes()
    assert KEY not in content
    assert KEY.hex().encode() not in content


@pytest.mark.attack(2)
def test_an_epoch_key_opens_as_itself_only() -> None:
    line = wrap_epoch(ROOTS, 5, KEY)
    assert unwrap_epoch(ROOTS, 5, line) == KEY
    renamed = line.replace(b"silta-epoch-1 5", b"silta-epoch-1 6")
    reversioned = line.replace(b"root-1", b"root-2")
    attempts = [
        (ROOTS, 6, line),
        (ROOTS, 6, renamed),
        (BOTH, 5, reversioned),
        (NEW, 5, line),
        (RootKeys({1: b"x" * 32}), 5, line),
        (ROOTS, 5, line[:-2] + b"\n"),
        (ROOTS, 5, b""),
        (ROOTS, 5, b"silta-epoch-1 5 root-1 AAAA\n"),
        (ROOTS, 5, wrap_epoch(ROOTS, 5, b"short")),
    ]
    for given, number, text in attempts:
        with pytest.raises(KeyPortFailed):
            unwrap_epoch(given, number, text)


def test_a_missing_root_version_is_named() -> None:
    with pytest.raises(KeyPortFailed, match="version 1"):
        unwrap_epoch(NEW, 5, wrap_epoch(ROOTS, 5, KEY))


@pytest.mark.attack(8)
def test_root_rotation_can_be_repeated_and_lets_the_old_root_go(tmp_path: Path) -> None:
    old = FileKeyPort(tmp_path / "keys", ROOTS)
    for number in (1, 2, 3):
        old.create_epoch(number, bytes([number]) * 32)
    both = FileKeyPort(tmp_path / "keys", BOTH)
    both.create_epoch(2, bytes([2]) * 32)  # as a killed rotation leaves it
    assert both.rewrap_epochs() == 2
    assert both.rewrap_epochs() == 0
    new = FileKeyPort(tmp_path / "keys", NEW)
    assert [new.read_epoch(n) for n in (1, 2, 3)] == [bytes([n]) * 32 for n in (1, 2, 3)]
    with pytest.raises(KeyPortFailed):
        old.read_epoch(1)


def test_a_damaged_file_has_no_root_version() -> None:
    assert root_version_of(wrap_epoch(BOTH, 1, KEY)) == 2
    with pytest.raises(KeyPortFailed):
        root_version_of(b"rubbish")
