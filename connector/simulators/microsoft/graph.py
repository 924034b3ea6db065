"""Graph's calls: lists by time, changes, batches, the log of telephone calls, subscriptions."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from connector.simulators.microsoft.call_books import CallBooks
from connector.simulators.microsoft.questions import Question
from connector.simulators.microsoft.refusals import Refusal, of_graph
from connector.simulators.microsoft.watches import Watches

RECORDS: Final = "/v1.0/communications/callRecords"
SIZE, MOST, MOST_ROWS, MOST_AT_ONCE = 60, 1000, 1000, 20
_SINCE = re.compile(r"startDateTime ge (\S+?)(?: and .*)?")
_PSTN = re.compile(
    r".*/get(?:PstnCalls|DirectRoutingCalls)\(fromDateTime=([^,]+),toDateTime=([^)]+)\)"
)
_SIZED = re.compile(r"odata\.maxpagesize=(\d{1,5})")


class Graph:
    """Answers for the books.

    `tells_changes`: whether there is a delta of call records; the documented one has none.
    `right`: which of the two permissions the application has.
    """

    def __init__(
        self, books: CallBooks, watches: Watches, *, tells_changes: bool, rights: frozenset[str]
    ) -> None:
        self.books = books
        self.watches = watches
        self.tells_changes = tells_changes
        self.rights = rights
        self.waits: dict[str, int] = {}
        """Records of which a batch says 429, so many times."""
        self._oldest = 0

    def forget(self) -> None:
        """Delta links given so far are no longer known."""
        self._oldest = len(self.books.changes) + 1

    def answer(self, question: Question) -> Any:
        """A document, or None for an empty answer. Raises Refusal."""
        path = question.path
        if path.startswith("/v1.0/subscriptions"):
            return self.watches.answer(question)
        if path == "/v1.0/$batch":
            return self._batch(question)
        if _PSTN.fullmatch(path):
            return self._rows(question)
        if path.startswith(RECORDS):
            self._check("call_records")
            return self._records(question, path.removeprefix(RECORDS).strip("/"))
        raise of_graph(404, "ResourceNotFound", "Resource not found")

    def _records(self, question: Question, rest: str) -> Any:
        if not rest:
            return self._list(question)
        if rest == "delta" and self.tells_changes:
            return self._delta(question)
        found = self.books.records.get(rest)
        if found is None:
            raise of_graph(404, "NotFound", "Call record not found")
        return found if "participants_v2" in question.query.get("$expand", "") else _bare(found)

    def _list(self, question: Question) -> dict[str, Any]:
        said = _SINCE.fullmatch(question.query.get("$filter", ""))
        since = _moment(said[1]) if said else question.now - timedelta(days=30)
        items = [each for each in self.books.records.values() if _started(each) >= since]
        return self._page(question, items, _bare)

    def _page(self, question: Question, items: list[Any], made: Any) -> dict[str, Any]:
        start, size = int(question.query.get("$skiptoken", "0")), _size(question)
        page: dict[str, Any] = {"value": [made(each) for each in items[start : start + size]]}
        if start + size < len(items):
            kept = "&".join(
                f"{name}={value.replace(' ', '%20')}"
                for name, value in question.query.items()
                if name != "$skiptoken"
            )
            link = f"{question.base}{question.path}?{kept}{'&' if kept else ''}"
            page["@odata.nextLink"] = f"{link}$skiptoken={start + size}"
        return page

    def _delta(self, question: Question) -> dict[str, Any]:
        """Changes from a place on. The first page after a place is empty, as can happen; a record
        that changed twice comes twice."""
        place = question.query.get("$deltatoken") or question.query.get("$skiptoken") or "0"
        start, size = int(place.lstrip("e")), _size(question)
        link = f"{question.base}{question.path}"
        if start and start < self._oldest:
            raise of_graph(410, "resyncRequired", "Resync is required")
        if question.query.get("$deltatoken"):
            return {"value": [], "@odata.nextLink": f"{link}?$skiptoken=e{start}"}
        changes = self.books.changes[start : start + size]
        page: dict[str, Any] = {"value": [self._change(*each) for each in changes]}
        end = start + len(changes)
        if end < len(self.books.changes):
            page["@odata.nextLink"] = f"{link}?$skiptoken={end}"
        else:
            page["@odata.deltaLink"] = f"{link}?$deltatoken={end}"
        return page

    def _change(self, key: str, deleted: bool) -> dict[str, Any]:
        if deleted or key not in self.books.records:
            return {"id": key, "@removed": {"reason": "deleted"}}
        return _bare(self.books.records[key])

    def _rows(self, question: Question) -> dict[str, Any]:
        self._check("pstn_calls")
        found = _PSTN.fullmatch(question.path)
        begin, end = (_moment(found[1]), _moment(found[2])) if found else (question.now,) * 2
        if end - begin > timedelta(days=90):
            raise of_graph(400, "BadRequest", "The range is longer than 90 days")
        direct = "getDirectRoutingCalls" in question.path
        log = self.books.direct if direct else self.books.rows
        items = [each for each in log if begin <= _started(each) <= end]
        start = int(question.query.get("$skip", "0"))
        some = items[start : start + MOST_ROWS]
        page: dict[str, Any] = {"@odata.count": len(some), "value": some}
        if start + MOST_ROWS < len(items):
            link = f"{question.base}{question.path}?$skip={start + MOST_ROWS}"
            page["@odata.nextLink"] = link
        return page

    def _batch(self, question: Question) -> dict[str, Any]:
        """GETs of single records, whatever the order of their answers."""
        asked = question.json.get("requests") if isinstance(question.json, dict) else None
        if not isinstance(asked, list) or not 0 < len(asked) <= MOST_AT_ONCE:
            raise of_graph(400, "BadRequest", "One to twenty requests are wanted")
        return {"responses": [self._part(question, each) for each in reversed(asked)]}

    def _part(self, question: Question, asked: dict[str, Any]) -> dict[str, Any]:
        path, _, query = str(asked.get("url", "")).partition("?")
        key = path.rpartition("/")[2]
        if self.waits.get(key, 0) > 0:
            self.waits[key] -= 1
            return {"id": asked["id"], "status": 429, "headers": {"Retry-After": "1"}, "body": {}}
        try:
            self._check("call_records")
            if not path.startswith(RECORDS.removeprefix("/v1.0")) or key not in self.books.records:
                raise of_graph(404, "NotFound", "Call record not found")
        except Refusal as refusal:
            return {"id": asked["id"], "status": refusal.status, "body": refusal.body}
        record = self.books.records[key]
        body = record if "participants_v2" in query else _bare(record)
        return {"id": asked["id"], "status": 200, "headers": {}, "body": body}

    def _check(self, right: str) -> None:
        if right not in self.rights:
            raise of_graph(403, "Forbidden", "The application lacks a permission")


def _bare(record: dict[str, Any]) -> dict[str, Any]:
    """As in lists: without participants."""
    return {name: value for name, value in record.items() if name != "participants_v2"}


def _size(question: Question) -> int:
    found = _SIZED.search(question.header("Prefer"))
    return min(max(int(found[1]), 1), MOST) if found else SIZE


def _started(document: dict[str, Any]) -> datetime:
    return _moment(document["startDateTime"])


def _moment(text: str) -> datetime:
    try:
        plain = re.sub(r"(\.\d{6})\d+", r"\1", text.replace("Z", "+00:00"))
        moment = datetime.fromisoformat(plain)
    except ValueError:
        raise of_graph(400, "BadRequest", "A time is not valid") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC)
