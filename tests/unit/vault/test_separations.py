"""Small things whose change nobody would see, and which would break what was stored before."""

import uuid

from privacy.vault.derivations import derive
from privacy.vault.index_keys import IndexKey
from privacy.vault.keys import TenantIndex
from privacy.vault.labels import Index, Label
from privacy.vault.leases import SMALLEST, SealLease
from privacy.vault.meanings import Meaning, Place

ROOT = bytes(range(32))
PLACE = Place("call", uuid.UUID(int=1), "calls", "sealed")


def test_a_tenant_index_has_a_key_of_its_own_label() -> None:
    assert TenantIndex(ROOT, Index.EMAIL)._secret == derive(ROOT, Label.TENANT_INDEX, Index.EMAIL)


def test_a_value_without_versions_is_of_version_zero() -> None:
    row = uuid.UUID(int=2)
    named = Meaning("call", PLACE.tenant_id, "calls", row, "sealed", 0)
    assert PLACE.row(row) == Meaning("call", PLACE.tenant_id, "calls", row, "sealed") == named


def test_short_tokens_are_the_upper_bits_of_long_ones() -> None:
    messages = [str(n).encode() for n in range(50)]
    long, short = IndexKey(ROOT), IndexKey(ROOT, token_bits=12)
    assert short.tokens(messages) == [token >> 52 for token in long.tokens(messages)]
    assert [short.token(m) for m in messages] == short.tokens(messages)


def test_a_lease_asks_for_what_is_missing_and_no_more() -> None:
    asked: list[int] = []
    lease = SealLease(asked.append)
    lease.take(SMALLEST)
    assert asked == [SMALLEST]
    lease.take(SMALLEST * 100)
    assert asked == [SMALLEST, SMALLEST * 100]
