"""The signing key: made once, kept sealed, never exchanged unseen."""

import stat
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from privacy.core.errors import Misconfigured
from privacy.ledger.encoding import Head
from privacy.ledger.signing import (
    PRIVATE,
    PUBLIC,
    Identity,
    Signer,
    load_identity,
    load_signer,
    rewrap_signing_key,
)

HEAD = Head(uuid.UUID(int=7), 3, bytes(32), datetime(2026, 11, 1, tzinfo=UTC))


def mask(content: bytes) -> bytes:
    return bytes(byte ^ 0x5A for byte in content)


def other_mask(content: bytes) -> bytes:
    return bytes(byte ^ 0x33 for byte in content)


def load(folder: Path, pinned: str | None = None) -> Signer:
    return load_signer(folder, wrap=mask, unwrap=mask, pinned=pinned)


def test_it_is_made_once_and_opens_again(tmp_path: Path) -> None:
    made = load(tmp_path)
    again = load(tmp_path, str(made.identity))
    assert again.identity == made.identity == load_identity(tmp_path, pinned=None)
    head = replace(HEAD, signature=again.sign(HEAD))
    assert made.identity.signed(head)
    assert not made.identity.signed(replace(head, position=4))
    assert not made.identity.signed(replace(head, signature=b"short"))
    assert not replace(made.identity, origin=bytes(16)).signed(head)


def test_the_private_key_is_nowhere_in_the_open(tmp_path: Path) -> None:
    made = load(tmp_path)
    raw = made.private.private_bytes_raw()
    for path in tmp_path.iterdir():
        assert raw not in path.read_bytes()
        assert raw.hex().encode() not in path.read_bytes()
    assert stat.S_IMODE((tmp_path / PRIVATE).stat().st_mode) == 0o600
    assert raw.hex() not in repr(made)


def test_two_installations_are_two_identities(tmp_path: Path) -> None:
    assert load(tmp_path / "a").identity.origin != load(tmp_path / "b").identity.origin


def test_a_first_start_that_was_killed_is_finished(tmp_path: Path) -> None:
    made = load(tmp_path)
    (tmp_path / PUBLIC).unlink()
    (tmp_path / "ledger-signing.key.partial").write_bytes(b"half")
    assert load(tmp_path).identity == made.identity
    assert (tmp_path / PUBLIC).exists()


@pytest.mark.attack(59)
def test_a_missing_or_exchanged_key_stops_the_boot(tmp_path: Path) -> None:
    made = load(tmp_path / "ours")
    stranger = load(tmp_path / "theirs")
    with pytest.raises(Misconfigured):
        load(tmp_path / "ours", str(stranger.identity))
    with pytest.raises(Misconfigured):
        load(tmp_path / "empty", str(made.identity))
    (tmp_path / "ours" / PUBLIC).write_text(str(stranger.identity))
    with pytest.raises(Misconfigured):
        load(tmp_path / "ours")
    (tmp_path / "ours" / PRIVATE).unlink()
    with pytest.raises(Misconfigured):
        load(tmp_path / "ours")
    with pytest.raises(Misconfigured):
        load_identity(tmp_path / "empty", pinned=None)


def test_a_new_root_key_seals_it_anew(tmp_path: Path) -> None:
    made = load(tmp_path)
    rewrap_signing_key(tmp_path, unwrap=mask, wrap=other_mask)
    again = load_signer(tmp_path, wrap=other_mask, unwrap=other_mask, pinned=None)
    assert again.identity == made.identity


@pytest.mark.parametrize("value", ["", "00+", "zz+AAAA", f"{'00' * 16}+AAAA", f"00+{'A' * 43}="])
def test_an_unreadable_identity_is_refused(value: str) -> None:
    with pytest.raises(Misconfigured):
        Identity.parse(value)
