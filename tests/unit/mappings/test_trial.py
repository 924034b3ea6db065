"""A mapping tried on a sample: what would be stored, what would not, and nothing else."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.mappings.trial import try_mapping
from connector.providers.moontalk.settings import TARGETS, MoontalkSettings
from connector.providers.settings import read_settings
from privacy.core.errors import Invalid

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
ODD = {
    "meta": {"Ref": "A-1"},
    "parties": [{"nr": "+1 202 555 0143"}, {"nr": "020 7946 0018"}],
    "way": "Eingehend",
    "von": "29.03.2026",
    "t": {"begin": 1774778400000, "end": "nonsense"},
    "secret": "canary",
}
PATHS = {
    "source_id": ("meta.ref",),
    "caller": ("parties[0].nr",),
    "called": ("parties.1.nr",),
    "direction": ("way",),
    "started_at": ("t.begin",),
    "ended_at": ("t.end",),
}


def settings(**said: Any) -> MoontalkSettings:
    return read_settings(MoontalkSettings, {"region": "GB", **said})


def test_a_sample_is_mapped_and_what_made_no_sense_is_named() -> None:
    chosen = settings(paths=PATHS, times="epoch_ms", directions={"eingehend": "inbound"})
    trial = try_mapping(chosen, json.dumps({"items": [ODD]}), now=NOW)
    [tried] = trial.calls
    assert tried.record is not None
    assert tried.record.caller == "+12025550143"
    assert tried.record.called == "+442079460018"
    assert tried.record.direction == "inbound"
    assert tried.record.started_at == datetime(2026, 3, 29, 10, tzinfo=UTC)
    assert tried.record.ended_at is None
    assert [each.target for each in tried.fields if each.unread] == ["ended_at"]
    assert {each.path: each.target for each in trial.paths}["parties.0.nr"] == "caller"
    assert {each.path: each.target for each in trial.paths}["secret"] is None


def test_rejections_say_why_and_repeat_nothing() -> None:
    trial = try_mapping(settings(times="epoch_s"), '[{"start": "canary"}, 7, {"a": 1}]', now=NOW)
    told = [each.rejection for each in trial.calls]
    assert [one.code for one in told if one] == ["missing_start", "wrong_shape", "missing_start"]
    assert "not written as the mapping says" in told[0].reason  # type: ignore[union-attr]
    assert "canary" not in repr(told)
    assert try_mapping(settings(), "{", now=NOW).problem
    assert try_mapping(settings(), "", now=NOW).problem
    assert try_mapping(settings(), "x" * 300_000, now=NOW).problem


@pytest.mark.parametrize(
    ("times", "sent", "expected"),
    [
        ("rfc3339", "2026-03-29T12:00:00+02:00", datetime(2026, 3, 29, 10, tzinfo=UTC)),
        ("rfc3339", "2026-03-29T12:00:00", None),
        ("epoch_s", "1774778400", datetime(2026, 3, 29, 10, tzinfo=UTC)),
        ("epoch_s", "1774778400000", None),
        ("epoch_ms", "1774778400000", datetime(2026, 3, 29, 10, tzinfo=UTC)),
        ("local", "2026-03-29 13:00:00", datetime(2026, 3, 29, 10, tzinfo=UTC)),
        ("local", "1774778400", None),
        ("any", "1774778400", datetime(2026, 3, 29, 10, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_chosen(times: str, sent: str, expected: datetime | None) -> None:
    chosen = settings(times=times, time_zone="Europe/Helsinki")
    [tried] = try_mapping(chosen, json.dumps({"start": sent}), now=NOW).calls
    assert (tried.record.started_at if tried.record else None) == expected


def test_what_is_missing_has_defaults_and_what_is_never_sent_is_not_looked_for() -> None:
    chosen = settings(direction="outbound", called="+442079460018", paths={"caller": ()})
    [tried] = try_mapping(chosen, '{"start": 1774778400, "from": "+12025550143"}', now=NOW).calls
    assert tried.record is not None
    assert (tried.record.direction, tried.record.caller) == ("outbound", None)
    assert tried.record.called == "+442079460018"


@pytest.mark.parametrize(
    "bad",
    [
        {"paths": {"password": ["x"]}},
        {"paths": {"caller": "x"}},
        {"paths": {"caller": ["  "]}},
        {"times": "sometimes"},
        {"directions": {"x": "sideways"}},
        {"direction": "up"},
        {"unknown": 1},
        {"records": [""]},
    ],
)
def test_a_mapping_that_cannot_be_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        settings(**bad)


NAMES = st.sampled_from(["a", "b", "from", "start", "0", "Ü_x", "type", "end", "id", ""])
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.sampled_from(["1774778400", "2026-03-29T10:00:00Z", "inbound", "+12025550143", "9" * 30]),
)  # fmt: skip
TREES = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=15,
)
CHOSEN = st.builds(
    MoontalkSettings,
    paths=st.dictionaries(
        st.sampled_from(sorted(TARGETS)),
        st.lists(
            st.sampled_from(["a", "b.0", "a[1].from", "start", "0.id", "Ü_x"]), max_size=2
        ).map(tuple),
        max_size=4,
    ),
    times=st.sampled_from(["any", "rfc3339", "epoch_s", "epoch_ms", "local"]),
    direction=st.sampled_from([None, "inbound", "internal"]),
)


@pytest.mark.attack(55)
@given(CHOSEN, TREES)
def test_nothing_is_raised_and_nothing_invented(chosen: MoontalkSettings, tree: Any) -> None:
    """Every text of a mapped call stands in the sample, whatever the mapping is."""
    sample = json.dumps(tree)
    trial = try_mapping(chosen, sample, now=NOW)
    said = set(_texts(json.loads(sample, parse_int=str, parse_float=str)))
    for tried in trial.calls:
        for each in tried.fields:
            assert each.sent is None or each.sent in said
        if tried.record is not None:
            texts = (tried.record.source_id, tried.record.user_id, tried.record.company)
            assert all(text is None or text in said for text in texts)


def _texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for inner in node.values() for text in _texts(inner)]
    if isinstance(node, list):
        return [text for inner in node for text in _texts(inner)]
    if isinstance(node, bool):
        return [str(node).lower()]
    return [str(node), str(node).strip(), str(node)[:1000].strip()]


@given(st.text(max_size=300))
def test_any_text(sample: str) -> None:
    try_mapping(MoontalkSettings(), sample, now=NOW)
