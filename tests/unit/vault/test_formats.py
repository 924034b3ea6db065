"""What is stored, spelled out a second time: a change here makes stored data unreadable."""

from base64 import b64decode
from datetime import date, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.core import clock
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.vault import sealing
from privacy.vault.derivations import canonical, derive
from privacy.vault.epoch_files import wrap_epoch
from privacy.vault.errors import OpenError
from privacy.vault.index_keys import IndexKey
from privacy.vault.keys import DayKey, ScopeKey, TenantIndex, end_of
from privacy.vault.labels import Index, Label, Scope
from privacy.vault.leases import SMALLEST, SealLease
from privacy.vault.meanings import Place
from privacy.vault.roots import RootKeys
from privacy.vault.wrapping import KeyKind, KeyName, Wrapper
from tests.unit.vault.keys import day_key, endless, today

ROOT = bytes(range(32))
ALICE = UUID(int=1)


def test_labels_are_what_they_were() -> None:
    assert {label.value for label in Label} >= {
        "epoch-under-root",
        "key-under-epoch",
        "key-check",
        "bundle-mac",
        "commit",
        "day-seal",
        "day-index",
        "scope-seal",
        "tenant-index",
    }


def test_an_epoch_under_its_root() -> None:
    line = wrap_epoch(RootKeys({3: ROOT}), 12, b"k" * 32)
    head, number, root, text = line.decode().split()
    assert (head, number, root) == ("silta-epoch-1", "12", "root-3")
    wrapped = b64decode(text)
    aad = canonical(b"silta epoch 1", INSTALLATION_ID.bytes, b"12", b"3")
    cipher = AESGCM(derive(ROOT, Label.EPOCH_UNDER_ROOT))
    assert cipher.decrypt(wrapped[:12], wrapped[12:], aad) == b"k" * 32


def test_a_day_key_under_its_epoch() -> None:
    wrapper = Wrapper(9, ROOT)
    name = KeyName(ALICE, KeyKind.DAY, "moontalk", "calls", date(2026, 3, 1), 1)
    row = wrapper.make(name, clock.now())
    parts = [b"day", b"moontalk", b"calls", b"2026-03-01", (1).to_bytes(8, "big")]
    aad = canonical(b"silta key 1", INSTALLATION_ID.bytes, ALICE.bytes, row.key_id, *parts)
    cipher = AESGCM(derive(ROOT, Label.KEY_UNDER_EPOCH))
    key = cipher.decrypt(row.wrapped[1:13], row.wrapped[13:], aad + (9).to_bytes(8, "big"))
    assert row.wrapped[:1] == b"\x01"
    assert key == wrapper.unwrap(row)
    assert derive(key, Label.COMMIT) == row.commitment
    assert (row.epoch, row.seals_leased) == (9, 0)


def test_a_tenant_keys_date_is_empty() -> None:
    wrapper = Wrapper(9, ROOT)
    row = wrapper.make(KeyName(ALICE, KeyKind.TENANT, "", "seal", None, 300), clock.now())
    parts = [b"tenant", b"", b"seal", b"", (300).to_bytes(8, "big")]
    aad = canonical(b"silta key 1", INSTALLATION_ID.bytes, ALICE.bytes, row.key_id, *parts)
    cipher = AESGCM(derive(ROOT, Label.KEY_UNDER_EPOCH))
    assert cipher.decrypt(row.wrapped[1:13], row.wrapped[13:], aad + (9).to_bytes(8, "big"))


def test_a_scope_key_is_derived_under_its_label() -> None:
    key = ScopeKey(b"12345678", ROOT, Scope.MAILS, 4, endless())
    meaning = Place("mail", ALICE, "mails", "body").row(b"\x01" * 16, 258)
    sealed = sealing.seal(key, meaning, b"hello")
    cipher = AESGCM(derive(ROOT, Label.SCOPE_SEAL, "mails"))
    assert cipher.decrypt(sealed[9:21], sealed[21:], meaning.aad()).startswith(b"hello\x80\0")
    assert sealing.open(key, meaning, sealed) == b"hello"
    assert (key.scope, key.version) == (Scope.MAILS, 4)


def test_meanings_are_canonical() -> None:
    aad = Place("call", ALICE, "calls", "body").row(b"row-id", 258).aad()
    version = (258).to_bytes(8, "big")
    parts = (b"silta sealed 1", b"call", ALICE.bytes, b"calls", b"body", version, b"row-id")
    assert aad == canonical(*parts)


def test_indexes_are_derived_under_their_labels() -> None:
    key = DayKey(b"12345678", ROOT, today(), 30, endless())
    index = derive(derive(ROOT, Label.DAY_INDEX), Label.DAY_INDEX, "number")
    assert key.index(Index.NUMBER).token(b"x") == IndexKey(index).token(b"x")
    assert key.day == today()
    digest = TenantIndex(ROOT, Index.EMAIL).digest(b"")
    assert digest != TenantIndex(derive(ROOT, Label.TENANT_INDEX), Index.EMAIL).digest(b"")


@pytest.mark.attack(68)
def test_a_day_ends_with_the_last_of_its_calendar_days(monkeypatch: pytest.MonkeyPatch) -> None:
    key = day_key(age=29)
    end = end_of(key.day, 30)
    assert key.ends_at == end
    assert (end.hour, end.minute, end.date() - key.day) == (0, 0, timedelta(days=30))
    assert end_of(date(2028, 2, 28), 2).date() == date(2028, 3, 1)  # a leap day between
    assert end_of(date(2026, 3, 28), 3).isoformat() == "2026-03-31T00:00:00+00:00"  # no DST
    monkeypatch.setattr("privacy.vault.keys.clock.now", lambda: end - timedelta(microseconds=1))
    assert key.alive()
    monkeypatch.setattr("privacy.vault.keys.clock.now", lambda: end)
    assert not key.alive()


def test_a_lease_is_used_to_its_end_and_extended_by_what_is_missing() -> None:
    sizes: list[int] = []
    lease = SealLease(sizes.append)
    lease.take(SMALLEST)
    assert sizes == [SMALLEST]
    lease.take(SMALLEST * 10)
    assert sizes == [SMALLEST, SMALLEST * 10]
    lease.take(1)
    lease.take(10**8)
    assert sum(sizes) - lease._left == SMALLEST * 11 + 1 + 10**8


def test_batches_of_unequal_length_are_refused() -> None:
    key = day_key()
    place = Place("call", ALICE, "calls", "body")
    with pytest.raises(ValueError, match="zip"):
        sealing.seal_many(key, [b""], [b"", b""])
    with pytest.raises(ValueError, match="zip"):
        place.aads([b"1", b"2"], [1])
    sealed = sealing.seal_many(key, [b"", b""], [b"", b""])
    with pytest.raises(OpenError):
        sealing.open_many(key, [b""], sealed)
