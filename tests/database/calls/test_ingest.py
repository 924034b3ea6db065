"""Calls come in, once each, and are found again."""

from datetime import timedelta

import pytest

from connector.accounts.kinds import AccountKind
from connector.accounts.refs import AccountRef
from connector.calls.ingest import ingest_calls
from connector.calls.outcomes import IngestOutcome
from connector.calls.queries import Query
from connector.calls.rejections import RejectionCode
from connector.calls.search import search_calls
from connector.calls.shapes import IncomingCall
from connector.calls.tallies import calls_per_day
from connector.calls.view import view_call
from connector.calls.views import CallView
from privacy.core.clock import now
from privacy.core.errors import NotFound
from tests.factories import CALLED, CALLER, a_call, days_ago
from tests.tenancies import House, Tenancy


def send(tenant: Tenancy, account: AccountRef, *calls: IncomingCall) -> IngestOutcome:
    with tenant.work() as work:
        return ingest_calls(work, vault=tenant.vault, account=account, calls=calls)


def find(tenant: Tenancy, **query: object) -> list[CallView]:
    with tenant.work() as work:
        page = search_calls(work, vault=tenant.vault, query=Query(**query))  # type: ignore[arg-type]
        return page.calls


def test_call_is_found_by_either_number_in_any_spelling(house: House) -> None:
    alice = house.alice
    outcome = send(alice, alice.account(), a_call())
    assert outcome == IngestOutcome(accepted=1)
    for number in (CALLER, CALLED, "001 202 555 0123", "+44 20 7946 0345"):
        assert [view.record.caller for view in find(alice, number=number)] == [CALLER]
    assert find(alice, user_id="ext-17")[0].record.contact_person == "Person of a test"
    assert find(alice, number="+12025550199") == []


def test_redelivery_stores_nothing_twice(house: House) -> None:
    alice = house.alice
    account, calls = alice.account(), [a_call(), a_call()]
    send(alice, account, *calls)
    assert send(alice, account, *calls) == IngestOutcome(duplicates=2)
    assert send(alice, account, calls[0], a_call(), calls[0]) == IngestOutcome(1, 2)
    assert house.installation.count("calls") == 3


def test_highest_version_wins_in_any_order(house: House) -> None:
    alice = house.alice
    account = alice.account()
    first = a_call(source_id="v", company="Old", version=1)
    second = a_call(source_id="v", company="New", version=2)
    assert send(alice, account, second).accepted == 1
    assert send(alice, account, first).duplicates == 1
    third = a_call(source_id="v", company="Newest", version=3)
    assert send(alice, account, third, second).accepted == 1
    assert [view.record.company for view in find(alice, number=CALLER)] == ["Newest"]
    with alice.work() as work:
        tallies = calls_per_day(work, since=days_ago(1).date(), until=days_ago(0).date())
    assert [row[3] for row in tallies] == [1]


def test_later_version_stays_on_the_day_of_first_acceptance(house: House) -> None:
    alice = house.alice
    account = alice.account()
    send(alice, account, a_call(source_id="m", started_at=days_ago(5)))
    send(alice, account, a_call(source_id="m", started_at=days_ago(3), version=2))
    assert house.installation.count("calls") == 1
    [view] = find(alice, number=CALLER)
    assert view.day == days_ago(5).date()
    assert view.record.started_at == days_ago(3)


@pytest.mark.promise("B1")
def test_old_records_are_counted_and_not_stored(house: House) -> None:
    alice = house.alice
    outcome = send(alice, alice.account(), a_call(started_at=days_ago(30)), a_call())
    assert outcome == IngestOutcome(accepted=1, expired=1)
    oldest_kept = a_call(started_at=days_ago(29))
    assert send(alice, alice.account(name="Other"), oldest_kept).accepted == 1


def test_records_ahead_of_time_are_rejected_with_their_place(house: House) -> None:
    alice = house.alice
    ahead = a_call(started_at=now() + timedelta(hours=25), answered_at=None, ended_at=None)
    outcome = send(alice, alice.account(), a_call(), ahead)
    assert outcome.accepted == 1
    assert [(r.index, r.code) for r in outcome.rejections] == [(1, RejectionCode.STARTS_IN_FUTURE)]


def test_withheld_numbers_are_kept_and_find_nobody(house: House) -> None:
    alice = house.alice
    send(alice, alice.account(), a_call(caller="anonymous"))
    assert find(alice, number=CALLED)[0].record.caller == "anonymous"
    assert list(house.rows("SELECT caller_token FROM calls")) == [(None,)]


@pytest.mark.attack(34)
def test_another_tenant_finds_nothing_and_reads_nothing(house: House) -> None:
    alice, charlie = house.alice, house.charlie
    send(alice, alice.account(), a_call())
    [view] = find(alice, number=CALLER)
    assert find(charlie, number=CALLER) == []
    with charlie.work() as work, pytest.raises(NotFound):
        view_call(work, vault=charlie.vault, call_id=view.id)


@pytest.mark.attack(12)
def test_equal_numbers_have_unlike_tokens_over_days_and_tenants(house: House) -> None:
    for tenant in (house.alice, house.charlie):
        account = tenant.account()
        send(tenant, account, *(a_call(started_at=days_ago(n)) for n in range(1, 4)))
    tokens = [token for (token,) in house.rows("SELECT caller_token FROM calls")]
    assert len(set(tokens)) == len(tokens) == 6


def test_pages_follow_each_other_without_gap_or_repeat(house: House) -> None:
    alice = house.alice
    send(alice, alice.account(), *(a_call(started_at=days_ago(n % 4)) for n in range(1, 26)))
    seen: list[CallView] = []
    cursor: str | None = None
    with alice.work() as work:
        for query in (Query(number=CALLER), Query()):
            seen, cursor = [], None
            while True:
                page = search_calls(work, vault=alice.vault, query=query, cursor=cursor, limit=10)
                seen += page.calls
                cursor = page.next_cursor
                if cursor is None:
                    break
            assert len({view.id for view in seen}) == len(seen) == 25
            assert [v.day for v in seen] == sorted((v.day for v in seen), reverse=True)


def test_time_range_is_exact(house: House) -> None:
    alice = house.alice
    start = days_ago(2)
    moments = [start + timedelta(minutes=n) for n in range(5)]
    send(alice, alice.account(), *(a_call(started_at=moment) for moment in moments))
    found = find(alice, since=moments[1], until=moments[3])
    assert [view.record.started_at for view in found] == [moments[2], moments[1]]


def test_kamailio_rows_become_one_call_in_any_order(house: House) -> None:
    alice = house.alice
    account = alice.account(AccountKind.KAMAILIO)
    start = now().replace(microsecond=0) - timedelta(minutes=9)
    end = start + timedelta(minutes=2)
    bye = a_call(
        source_id="k", version=2, started_at=end, caller=None, called=None, answered_at=None,
        ended_at=end, user_id=None,
    )  # fmt: skip
    invite = a_call(source_id="k", version=1, started_at=start, answered_at=start, ended_at=None)
    assert send(alice, account, bye).accepted == 1
    assert send(alice, account, invite).accepted == 1
    assert send(alice, account, bye, invite).accepted == 0
    [view] = find(alice, number=CALLER)
    assert (view.record.started_at, view.record.ended_at) == (start, end)
    assert house.installation.count("calls") == 1
