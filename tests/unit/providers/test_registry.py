"""Every mapping keeps the port's promises, a new one too."""

import pytest

from connector.accounts.kinds import KINDS
from connector.calls.shapes import IncomingCall
from connector.mappings.settings import MAPPED
from connector.providers.base import Delivery, MappingError, RawCall, Skipped
from connector.providers.registry import FILES, MAPPINGS
from connector.providers.settings import AccountSettings, read_settings


def test_every_kind_that_posts_has_a_mapping() -> None:
    posting = {kind.value for kind, facts in KINDS.items() if facts.posts}
    assert set(MAPPINGS) == posting | {kind.value for kind in MAPPED}
    assert set(FILES) <= set(MAPPINGS)


@pytest.mark.parametrize("name", sorted(MAPPINGS))
def test_settings_have_defaults(name: str) -> None:
    kind = MAPPINGS[name].settings_type
    assert read_settings(kind, {}) == kind()
    settings = read_settings(kind, {"region": "SE", "time_zone": "Europe/Stockholm"})
    assert isinstance(settings, AccountSettings)
    assert settings.zone.key == "Europe/Stockholm"


@pytest.mark.parametrize("name", sorted(MAPPINGS))
def test_an_empty_delivery_makes_no_call(name: str) -> None:
    mapping = MAPPINGS[name]
    try:
        found = list(mapping.split(Delivery(body=b""), mapping.settings_type()))
    except MappingError:
        return
    assert not [one for one in found if isinstance(one, RawCall) and one.fields]


@pytest.mark.parametrize("name", sorted(MAPPINGS))
def test_an_empty_raw_call_is_refused_or_skipped(name: str) -> None:
    mapping = MAPPINGS[name]
    mapped = mapping.map(RawCall(3, {}), mapping.settings_type())
    assert not isinstance(mapped, IncomingCall)
    assert isinstance(mapped, Skipped) or mapped.code in {"missing_start", "wrong_shape"}
    assert mapped.index == 3
