import itertools

import pytest

from privacy.vault.derivations import canonical, derive
from privacy.vault.labels import Index, Label, Scope


@pytest.mark.attack(6)
def test_every_purpose_has_a_key_of_its_own() -> None:
    key = bytes(range(32))
    derived = [derive(key, label) for label in Label]
    derived += [derive(key, Label.SCOPE_SEAL, scope) for scope in Scope]
    derived += [derive(key, Label.DAY_INDEX, kind) for kind in Index]
    derived += [derive(key, Label.TENANT_INDEX, kind) for kind in Index]
    assert len(set(derived)) == len(derived)
    assert key not in derived


@pytest.mark.attack(6)
def test_no_label_is_spelled_twice() -> None:
    for names in (Label, Scope, Index):
        assert len({name.value for name in names}) == len(names.__members__)


@pytest.mark.attack(2)
def test_no_two_ways_to_cut_give_the_same_bytes() -> None:
    text = b"abcdef"
    cuts = [
        canonical(text[:i], text[i:j], text[j:])
        for i, j in itertools.combinations_with_replacement(range(len(text) + 1), 2)
    ]
    assert len(set(cuts)) == len(cuts)
    assert canonical(b"a") != canonical(b"a", b"")
