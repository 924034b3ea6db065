"""Posts of single calls are one statement, and count the same as steps do."""

import threading

from connector.accounts.kinds import AccountKind
from connector.accounts.refs import AccountRef
from connector.calls.ingest import ingest_calls
from connector.calls.outcomes import IngestOutcome
from connector.calls.shapes import IncomingCall
from privacy.core.clock import now
from tests.factories import a_call, days_ago
from tests.tenancies import House, Tenancy

MINUTES = "SELECT accepted, duplicates, expired, rejected FROM post_minutes"
TALLIES = "SELECT day, calls, seconds FROM call_tallies ORDER BY day"


def post(tenant: Tenancy, account: AccountRef, *calls: IncomingCall) -> IngestOutcome:
    with tenant.work() as work:
        sources = [str(call.source_id).encode() for call in calls]
        return ingest_calls(
            work, vault=tenant.vault, account=account, calls=calls, sources=sources, single=True
        )


def totals(house: House, statement: str) -> list[int]:
    rows = [[int(str(value)) for value in row] for row in house.rows(statement)]
    return [sum(column) for column in zip(*rows, strict=True)]


def test_new_known_expired_and_wrong_calls_of_one_post_are_told_apart(house: House) -> None:
    alice = house.alice
    account, known = alice.account(AccountKind.FREESWITCH), a_call(source_id="known")
    assert post(alice, account, known) == IngestOutcome(accepted=1)
    mixed = (a_call(), known, a_call(started_at=days_ago(3)), a_call(started_at=days_ago(90)))
    outcome = post(alice, account, *mixed, a_call(started_at=days_ago(-9)))
    counted = (outcome.accepted, outcome.duplicates, outcome.expired, len(outcome.rejections))
    assert counted == (2, 1, 1, 1)
    assert totals(house, MINUTES) == [3, 1, 1, 1]
    assert house.installation.count("calls") == house.installation.count("call_sources") == 3
    tallies = list(house.rows(TALLIES))
    assert [row[0] for row in tallies] == [days_ago(3).date(), known.started_at.date()]
    assert sum(int(str(row[1])) for row in tallies) == 3
    assert sum(int(str(row[2])) for row in tallies) == 3 * 60


def test_a_post_of_known_calls_alone_counts_nothing_twice(house: House) -> None:
    alice = house.alice
    account, call = alice.account(AccountKind.FREESWITCH), a_call()
    assert post(alice, account, call, call) == IngestOutcome(1, 1)
    assert post(alice, account, call) == IngestOutcome(duplicates=1)
    assert totals(house, MINUTES) == [1, 2, 0, 0]
    assert totals(house, "SELECT calls FROM call_tallies") == [1]


def test_a_newer_version_of_a_posted_call_still_replaces_it(house: House) -> None:
    alice = house.alice
    account = alice.account(AccountKind.FREESWITCH)
    post(alice, account, a_call(source_id="v"))
    assert post(alice, account, a_call(source_id="v", version=2)) == IngestOutcome(accepted=1)
    assert house.installation.count("calls") == 1
    assert totals(house, "SELECT calls FROM call_tallies") == [1]


def test_a_call_posted_by_many_at_once_is_there_once(house: House) -> None:
    alice = house.alice
    account, call = alice.account(AccountKind.FREESWITCH), a_call(started_at=now())
    outcomes: list[IngestOutcome] = []
    senders = [
        threading.Thread(target=lambda: outcomes.append(post(alice, account, call)))
        for _ in range(6)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(outcome.accepted for outcome in outcomes) == [0, 0, 0, 0, 0, 1]
    assert totals(house, MINUTES) == [1, 5, 0, 0]
