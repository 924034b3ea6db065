"""What every provider keeps, a foreign one too."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import msgspec
import pytest

from connector.accounts.kinds import KINDS, AccountKind
from connector.outbound.failures import Failure, FailureKind
from connector.providers.moontalk.ways import Paging
from connector.providers.port import Page
from connector.synced.shapes import SHAPES, RecordKind
from privacy.core.errors import Invalid
from tests.conformance.cases import Bench, Case, Desk, Shelf
from tests.conformance.microsoft import MicrosoftCallsCase, MicrosoftCase
from tests.conformance.moontalk import MoontalkCase
from tests.conformance.named import named_cases
from tests.conformance.netvisor import NetvisorCase

OURS: tuple[Case, ...] = (
    NetvisorCase(),
    MicrosoftCase(),
    MicrosoftCallsCase(),
    *(MoontalkCase(paging) for paging in Paging),
)
FOREIGN = named_cases("tests.conformance.foreign.case:CASE")
"""As whoever names theirs in CONFORMANCE_CASES."""
CASES = (*OURS, *FOREIGN, *named_cases())
LATER = timedelta(hours=6)


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    case: Case = request.param
    with case.bench() as bench:
        yield Desk(case, bench)


def read(desk: Desk, shelf: Shelf, stream: str) -> None:
    shelf.read(desk.connect(), stream, desk.bench.now())


@pytest.mark.parametrize("case", OURS, ids=lambda case: case.name)
def test_ours_are_kinds_of_accounts(case: Case) -> None:
    assert KINDS[AccountKind(case.provider.name)].pulled


def test_a_foreign_one_is_in_no_registry_of_ours() -> None:
    [case] = FOREIGN
    assert case.provider.name not in set(AccountKind)


def test_it_says_what_it_is(desk: Desk) -> None:
    provider = desk.case.provider
    assert provider.name
    fields = [field.name for field in provider.credential]
    assert len(set(fields)) == len(fields)
    assert any(field.secret for field in provider.credential)
    assert all(field.label for field in provider.credential)
    assert not any(field.default for field in provider.credential if field.secret)
    names = [stream.name for stream in provider.streams]
    assert len(set(names)) == len(names)
    assert set(desk.bench.streams) <= set(names)
    assert set(desk.bench.credential) <= set(fields)


def test_good_credentials_pass_the_check_and_the_test_call(desk: Desk) -> None:
    bench, provider = desk.bench, desk.case.provider
    provider.check(bench.credential, bench.settings)
    assert provider.recipients(bench.credential, bench.settings)
    found = desk.connect().discover()
    assert found.external_key
    assert set(bench.streams) <= set(found.streams)
    assert set(found.streams) <= {stream.name for stream in provider.streams}
    assert desk.connect().discover().external_key == found.external_key


def test_malformed_credentials_are_explained_without_asking(desk: Desk) -> None:
    bench = desk.bench
    assert bench.malformed
    for field, credential in bench.malformed.items():
        with pytest.raises(Invalid) as refused:
            desk.case.provider.check(credential, bench.settings)
        said = refused.value.details["fields"]
        assert isinstance(said, dict)
        assert field in said, field
        assert len(str(said[field])) > 10
        assert_no_secret(bench, json.dumps(said))


def test_bad_credentials_are_explained_and_are_no_outage(desk: Desk) -> None:
    bench = desk.bench
    assert bench.bad
    for name, credential in bench.bad.items():
        with pytest.raises(Failure) as refused:
            desk.connect(credential).discover()
        failure = refused.value
        assert failure.kind is FailureKind.CONFIGURATION, name
        assert len(failure.message) > 20
        for text in (failure.message, failure.log, failure.advice, repr(failure)):
            assert_no_secret(bench, text)


def test_an_outage_is_transient_and_says_nothing_of_the_credential(desk: Desk) -> None:
    desk.bench.fail_next()
    with pytest.raises(Failure) as failed:
        desk.connect().discover()
    assert failed.value.kind is FailureKind.TRANSIENT
    assert failed.value.credential.value == "none"
    assert_no_secret(desk.bench, failed.value.message + failed.value.log)


def test_everything_is_read_with_declared_shapes(desk: Desk) -> None:
    kinds = {stream.name: stream.kind for stream in desk.case.provider.streams}
    for stream in desk.bench.streams:
        shelf = Shelf()
        read(desk, shelf, stream)
        assert set(shelf.things) == desk.bench.ids(stream), stream
        assert shelf.cursor, stream
        for one in shelf.things.values():
            if kinds[stream] is not RecordKind.CALLS:
                assert isinstance(one.record, SHAPES[kinds[stream]])
            assert one.external_id


def test_pages_are_small_and_cursors_are_plain(desk: Desk) -> None:
    for stream in desk.bench.streams:
        desk.bench.many(stream)
        for page in desk.connect().read(stream, None, now=desk.bench.now()):
            assert len(page.received) <= 1000
            assert json.loads(json.dumps(dict(page.cursor))) == dict(page.cursor)


def test_reading_again_changes_nothing(desk: Desk) -> None:
    for stream in desk.bench.streams:
        shelf = Shelf()
        read(desk, shelf, stream)
        before = dict(shelf.things)
        read(desk, shelf, stream)
        desk.bench.pass_time(LATER)
        read(desk, shelf, stream)
        assert shelf.things == before, stream


def test_what_changed_comes_and_ties_are_not_lost(desk: Desk) -> None:
    for stream in desk.bench.streams:
        shelf = Shelf()
        read(desk, shelf, stream)
        desk.bench.pass_time(LATER)
        pair = desk.bench.change_two_at_once(stream)
        if pair is None:
            continue
        # A run at the very moment of the change, and one after it: neither loses one of the two.
        seen: set[str] = set()
        for _ in range(2):
            for page in desk.connect().read(stream, shelf.cursor, now=desk.bench.now()):
                shelf.take(page)
                seen |= {one.external_id for one in page.received}
            desk.bench.pass_time(timedelta(seconds=1))
        assert set(pair) <= seen, stream
        assert set(shelf.things) == desk.bench.ids(stream)


def test_an_interrupted_read_goes_on_and_ends_alike(desk: Desk) -> None:
    for stream in desk.bench.streams:
        desk.bench.many(stream)
        shelf, whole = Shelf(), Shelf()
        read(desk, whole, stream)
        for _ in range(100):
            pages = shelf.pages
            shelf.read(desk.connect(), stream, desk.bench.now(), most=1)
            if set(shelf.things) == set(whole.things) or shelf.pages == pages:
                break
        read(desk, shelf, stream)
        assert shelf.things == whole.things, stream


def test_an_interrupted_read_does_not_begin_anew(desk: Desk) -> None:
    for stream in desk.bench.streams:
        desk.bench.many(stream)
        whole = Shelf()
        read(desk, whole, stream)
        if whole.pages < 3:
            continue
        shelf = Shelf()
        shelf.read(desk.connect(), stream, desk.bench.now(), most=whole.pages - 1)
        before = shelf.received
        read(desk, shelf, stream)
        assert shelf.received - before < before, stream
        assert shelf.things == whole.things


def test_deletions_are_seen(desk: Desk) -> None:
    for stream in desk.bench.streams:
        shelf = Shelf()
        read(desk, shelf, stream)
        desk.bench.pass_time(LATER)
        gone = desk.bench.delete(stream)
        if gone is None:
            continue
        read(desk, shelf, stream)
        desk.bench.pass_time(timedelta(days=40))
        read(desk, shelf, stream)
        assert gone not in shelf.things, stream
        assert set(shelf.things) == desk.bench.ids(stream)


def test_a_full_read_finds_what_was_deleted_long_ago(desk: Desk) -> None:
    for stream in desk.bench.streams:
        shelf = Shelf()
        read(desk, shelf, stream)
        gone = desk.bench.delete(stream)
        shelf.cursor = None
        read(desk, shelf, stream)
        if gone is not None:
            assert gone not in shelf.things, stream


def test_a_kept_document_is_mapped_again_alike(desk: Desk) -> None:
    for stream in desk.bench.streams:
        shelf = Shelf()
        read(desk, shelf, stream)
        for one in shelf.things.values():
            if one.document:
                again = desk.case.provider.remap(stream, one.document)
                assert again is not None
                assert (again.external_id, again.record) == (one.external_id, one.record)
        assert desk.case.provider.remap(stream, b'{"no": "document of ours"}') is None
        assert desk.case.provider.remap(stream, b"\xff") is None


@pytest.mark.attack(52)
def test_no_output_holds_a_secret(desk: Desk) -> None:
    bench, connection = desk.bench, desk.connect()
    assert_no_secret(bench, repr(connection) + repr(desk.case.provider))
    assert_no_secret(bench, repr(connection.discover()))
    for stream in bench.streams:
        for page in connection.read(stream, None, now=bench.now()):
            assert_no_secret(bench, _told(page))


def _told(page: Page) -> str:
    return msgspec.json.encode(page).decode() + repr(page)


def assert_no_secret(bench: Bench, text: str) -> None:
    """Neither raw nor in an encoding that people undo."""
    low = text.lower()
    assert bench.secrets
    for secret in bench.secrets:
        raw = secret.encode()
        shifted = [base64.b64encode(bytes(n) + raw).decode()[4:-4] for n in range(3)]
        spellings = (secret, raw.hex(), quote(secret, safe=""), base64.b32encode(raw).decode())
        for spelling in (*spellings, *shifted):
            assert spelling.lower() not in low
