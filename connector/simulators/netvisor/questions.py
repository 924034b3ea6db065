"""One request: its resource, its query with names in lower case, its body."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connector.outbound.failures import Failure
from connector.providers.netvisor.documents import Node, read_nodes
from connector.providers.netvisor.values import read_key, read_moment
from connector.simulators.netvisor.books import Books
from connector.simulators.netvisor.refusals import invalid

MOST_KEYS = 500


@dataclass(frozen=True, slots=True)
class Question:
    """`zone`: in which moments without one are read, as of the company's own."""

    books: Books
    query: dict[str, str]
    body: bytes
    method: str
    now: datetime
    zone: ZoneInfo
    list_limit: int

    def moment(self, name: str) -> datetime | None:
        """A moment of the query, aware. Raises Refusal."""
        try:
            said = read_moment(self.query.get(name))
        except ValueError:
            raise invalid(f"Parameter {name} is not a date") from None
        return said.replace(tzinfo=self.zone).astimezone(UTC) if said else None

    def key(self, *names: str) -> int | None:
        """A key of the query. Raises Refusal."""
        for name in names:
            if self.query.get(name):
                return self._key(self.query[name])
        return None

    def keys(self, name: str) -> list[int]:
        """Keys of the query, joined by commas; 500 at most. Raises Refusal."""
        found = [self._key(part) for part in self.query.get(name, "").split(",") if part.strip()]
        if len(found) > MOST_KEYS:
            raise invalid("At most 500 keys at a time")
        return found

    def document(self, name: str) -> Node:
        """The request's one element of this name within its root. Raises Refusal."""
        if self.method != "POST":
            raise invalid("Send the document by POST")
        try:
            found = list(read_nodes(self.body, frozenset({name})))
        except Failure:
            raise invalid("The document is not well-formed, or has a DTD") from None
        if len(found) != 1:
            raise invalid(f"Expected one {name}")
        return found[0]

    @staticmethod
    def _key(text: str) -> int:
        try:
            return read_key(text) or 0
        except ValueError:
            raise invalid("A key is a number") from None
