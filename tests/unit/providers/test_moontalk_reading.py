"""Pages of a Moontalk that does not keep the rules, or keeps only its own."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from connector.outbound.failures import Failure
from connector.providers.moontalk.client import MoontalkClient, NothingThere
from connector.providers.moontalk.fields import read_fields
from connector.providers.moontalk.progress import KEPT, Progress
from connector.providers.moontalk.reading import Reading
from connector.providers.moontalk.settings import MoontalkSettings
from connector.providers.port import Page
from privacy.core.errors import Invalid

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
GOOD = {"base_url": "https://moontalk.example.com", "key": "k", "size": "2"}
Query = Mapping[str, str]


class Fake:
    """Answers by a function, and remembers what it was asked."""

    def __init__(self, answer: Callable[[Query], Any]) -> None:
        self.answer = answer
        self.asked: list[dict[str, str]] = []

    def get(self, query: Query) -> Any:
        self.asked.append(dict(query))
        assert len(self.asked) < 50
        return self.answer(query)


def call(number: int, *, changed: datetime | None = NOW) -> dict[str, Any]:
    said = {"id": f"c-{number}", "start": "2026-03-29T10:00:00Z"}
    return said | ({"updated_at": changed.isoformat()} if changed else {})


def read(fake: Fake, cursor: Mapping[str, Any] | None = None, **said: str) -> list[Page]:
    source = read_fields(GOOD | said)
    reading = Reading(cast("MoontalkClient", fake), source, MoontalkSettings())
    return list(reading.pages(Progress.read(cursor).begun(source, NOW)))


def ids(pages: list[Page]) -> list[str]:
    return [one.external_id for page in pages for one in page.received]


def test_a_feed_without_time_goes_on_from_its_last_cursor() -> None:
    answers = {"": ([1, 2], "a"), "a": ([3], "b"), "b": ([], "b")}

    def answer(query: Query) -> Any:
        numbers, following = answers[query.get("cursor", "")]
        return {"calls": [call(n) for n in numbers], "next_cursor": following}

    fake = Fake(answer)
    pages = read(fake, since_parameter="-")
    assert ids(pages) == ["c-1", "c-2", "c-3"]
    assert pages[-1].cursor["place"] == "b"
    assert all("updated_since" not in query for query in fake.asked)
    again = Fake(answer)
    assert ids(read(again, pages[-1].cursor, since_parameter="-")) == []
    assert again.asked == [{"limit": "2", "cursor": "b"}]


def test_a_cursor_that_expired_is_let_go_of() -> None:
    def answer(query: Query) -> Any:
        if query.get("cursor"):
            raise NothingThere(log="gone")
        return {"calls": [call(1)], "next_cursor": None}

    cursor = {"began": NOW.isoformat(), "start": (NOW - KEPT).isoformat(), "place": "old"}
    assert ids(read(Fake(answer), cursor)) == ["c-1"]


def test_a_link_is_read_for_its_parameter_only() -> None:
    def answer(query: Query) -> Any:
        if query.get("cursor") == "x y":
            return {"calls": [call(2)]}
        link = "https://elsewhere.example.net/steal?cursor=x%20y"
        return {"calls": [call(1)], "next_cursor": link}

    assert ids(read(Fake(answer))) == ["c-1", "c-2"]


def test_a_page_that_names_itself_is_a_failure() -> None:
    fake = Fake(lambda _: {"calls": [call(1)], "next_cursor": "a"})
    with pytest.raises(Failure) as failed:
        read(fake)
    assert failed.value.code == "pages_go_round"


def test_a_list_that_ignores_page_numbers_ends() -> None:
    fake = Fake(lambda _: [call(1), call(2)])
    assert set(ids(read(fake, paging="page"))) == {"c-1", "c-2"}
    assert len(fake.asked) == 2


@pytest.mark.parametrize(
    ("calls", "code"),
    [
        ([call(1), call(2, changed=NOW - timedelta(1))], "changes_out_of_order"),
        ([call(1, changed=None), call(2, changed=None)], "no_time_of_change"),
        ([call(n) for n in range(5000)], "too_many_at_once"),
    ],
)
def test_paging_by_time_says_when_it_would_lose_calls(calls: list[Any], code: str) -> None:
    fake = Fake(lambda query: {"calls": calls[: int(query["limit"])]})
    with pytest.raises(Failure) as failed:
        read(fake, paging="since")
    assert failed.value.code == code


def test_more_at_one_moment_than_a_page_has_come_all_the_same() -> None:
    calls = [call(n) for n in range(7)] + [call(9, changed=NOW + timedelta(seconds=5))]
    fake = Fake(lambda query: {"calls": calls[: int(query["limit"])]})
    assert set(ids(read(fake, paging="since"))) == {each["id"] for each in calls}


def test_what_says_that_it_changes_tomorrow_takes_nobody_there() -> None:
    fake = Fake(lambda _: {"calls": [call(1, changed=NOW + timedelta(days=400))]})
    [page] = read(fake)
    assert page.cursor["since"] == NOW.isoformat()


def test_without_a_list_nothing_is_taken_for_a_call() -> None:
    for document in ({"id": "x", "start": "2026-03-29T10:00:00Z"}, {"calls": 7}, 7, "x", None):
        with pytest.raises(Failure) as failed:
            read(Fake(lambda _, said=document: said))  # type: ignore[misc]
        assert failed.value.code == "no_list_of_calls"
    assert ids(read(Fake(lambda _: {"calls": None}))) == []


@pytest.mark.attack(46)
@pytest.mark.parametrize(
    "place",
    [
        "http://moontalk.example.com",
        "https://user@moontalk.example.com",
        "https://169.254.169.254",
        "https://moontalk.example.com/path",
        "https://moontalk.example.com?x",
        "moontalk.example.com",
        "ftp://moontalk.example.com",
    ],
)
def test_addresses_that_are_none_are_refused(place: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_fields(GOOD | {"base_url": place})
    assert "base_url" in cast("dict[str, str]", refused.value.details["fields"])


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("header", "X-Key: a\r\nEvil"),
        ("header", "Content-Length"),
        ("key", "line\nbreak"),
        ("path", "/a b"),
        ("path", "//\\evil"),
        ("since_parameter", "a&b=c"),
        ("first_page", "7"),
    ],
)
def test_nothing_slips_into_a_request(field: str, text: str) -> None:
    with pytest.raises(Invalid):
        read_fields(GOOD | {field: text})
