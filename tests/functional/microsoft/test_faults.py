"""Each fault of the simulator against a read: its kind, and that nothing is lost or shown."""

import pytest

from connector.outbound.client import Limits
from connector.outbound.failures import Failure, FailureKind
from connector.providers.microsoft.partner_streams import read_partner
from connector.simulators.microsoft.faults import FaultName
from tests.functional.microsoft.worlds import World, world

KINDS = {
    FaultName.LATENCY: FailureKind.TRANSIENT,
    FaultName.TOO_MANY_REQUESTS: FailureKind.TRANSIENT,
    FaultName.SERVER_ERROR: FailureKind.TRANSIENT,
    FaultName.UNAVAILABLE: FailureKind.TRANSIENT,
    FaultName.HTML_PAGE: FailureKind.SYSTEM,
    FaultName.LOST_REQUEST: FailureKind.TRANSIENT,
    FaultName.LOST_ANSWER: FailureKind.TRANSIENT,
    FaultName.EXPIRED_TOKEN: FailureKind.CONFIGURATION,
    FaultName.DENIED: FailureKind.CONFIGURATION,
    FaultName.INVALID_GRANT: FailureKind.SYSTEM,
    FaultName.INVALID_CLIENT: FailureKind.CONFIGURATION,
    FaultName.TEMPORARILY_UNAVAILABLE: FailureKind.SYSTEM,
    FaultName.CURSOR_EXPIRED: FailureKind.TRANSIENT,
    FaultName.UNKNOWN_CODE: FailureKind.SYSTEM,
    FaultName.MALFORMED_JSON: FailureKind.SYSTEM,
    FaultName.TRUNCATED_JSON: FailureKind.SYSTEM,
    FaultName.WRONG_SHAPE: FailureKind.SYSTEM,
    FaultName.EMPTY_ANSWER: FailureKind.SYSTEM,
    FaultName.ANOTHER_HOST: FailureKind.SYSTEM,
}
HEALED = ("latency", "429", "500", "503", "lost_request", "lost_answer", "expired_token")
HASTY = Limits(connect_seconds=2, idle_seconds=0.3, total_seconds=1)


def test_every_fault_is_here() -> None:
    assert set(KINDS) == set(FaultName)


def _read(w: World, limits: Limits = HASTY) -> int:
    pages = read_partner(w.client(limits), "invoices", None)
    return sum(len(page.received) for page in pages)


@pytest.mark.parametrize("name", list(FaultName))
def test_a_fault_that_stays(name: FaultName) -> None:
    with world() as w:
        w.fault(name.value, times=-1, seconds=1, resource="invoices")
        with pytest.raises(Failure) as failed:
            _read(w)
        failure, keys = failed.value, w.desk.keys
        assert failure.kind is KINDS[name]
        said = f"{failure.message} {failure.log} {failure!r}"
        for secret in (keys.client_secret, keys.client_id, keys.tenant_id, "<html"):
            assert secret not in said


@pytest.mark.parametrize("name", HEALED)
def test_a_fault_that_passes(name: str) -> None:
    with world() as w:
        w.fault(name, seconds=1, resource="invoices")
        assert _read(w) == 24
        assert w.paused == ([] if name == "expired_token" else [2.0])


def test_retry_after_is_honoured() -> None:
    with world() as w:
        w.fault("429", seconds=40, resource="invoices")
        assert _read(w) == 24
        assert w.paused == [40.0]
        w.fault("429", seconds=400, resource="invoices")
        with pytest.raises(Failure) as failed:
            _read(w)
        assert failed.value.retry_after == 400
        assert w.paused == [40.0]


def test_nobody_waits_while_somebody_waits() -> None:
    """A test call makes no pauses."""
    with world() as w:
        w.fault("500", times=-1, resource="customers")
        with pytest.raises(Failure):
            w.connect().discover()
        assert w.desk.counts.get("customers") is None


def test_no_half_page_is_taken_for_a_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.providers.microsoft.partner_pages.SIZE", 10)
    with world(customers=30) as w:
        pages = read_partner(w.client(), "customers", None)
        first = next(pages)
        w.fault("truncated_json", resource="customers")
        with pytest.raises(Failure):
            next(pages)
        rest = list(read_partner(w.client(), "customers", first.cursor))
        found = [each.external_id for page in (first, *rest) for each in page.received]
        assert sorted(found) == sorted(w.desk.books.customers)


@pytest.mark.attack(46)
@pytest.mark.parametrize(
    "link", ["https://169.254.169.254/v1.0/x", "//evil.example.com/", 7, "https://127.0.0.1:1/"]
)
def test_links_that_lead_elsewhere_are_not_followed(
    link: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(calls=5) as w:
        delta = w.desk.graph._delta
        monkeypatch.setattr(
            w.desk.graph, "_delta", lambda question: delta(question) | {"@odata.nextLink": link}
        )
        with pytest.raises(Failure) as failed:
            list(w.connect("calls").read("call_records", None, now=w.now()))
        assert failed.value.kind is FailureKind.SYSTEM
