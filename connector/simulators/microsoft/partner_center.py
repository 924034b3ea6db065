"""Partner Center, as documented: paging by a token in a header, a byte order mark before bodies,
and a next URL with two `?`."""

import re
from typing import Any, Final

from connector.simulators.microsoft.books import Books
from connector.simulators.microsoft.questions import Question
from connector.simulators.microsoft.refusals import Refusal, of_partner_center

MOST: Final = 500
_ID = re.compile(r"[0-9a-fA-F-]{32,36}")


class PartnerCenter:
    """Answers for the books. Continuation tokens are valid until `forget`."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._tokens: dict[str, int] = {}
        self._denied: set[str] = set()
        self.requests: list[tuple[str, str]] = []
        """Path and MS-RequestId of each question."""

    def forget(self) -> None:
        """No continuation token works any more."""
        self._tokens.clear()

    def deny(self, customer: str) -> None:
        """This customer has taken our rights back."""
        self._denied.add(customer)

    def answer(self, question: Question) -> Any:
        """A document. Raises Refusal."""
        self._check_headers(question)
        parts = question.path.strip("/").split("/")[1:]
        match parts:
            case ["customers"]:
                return self._page(question, list(self._books.customers.values()))
            case ["customers", key]:
                return self._customer(key)
            case ["customers", key, "subscriptions"]:
                return self._subscriptions(key)
            case ["invoices"]:
                return self._page(question, list(self._books.invoices.values()))
            case ["profiles", "billing"]:
                return self._profile(question)
        raise of_partner_center(404, "600009", "Resource not found")

    def _check_headers(self, question: Question) -> None:
        self.requests.append((question.path, question.header("MS-RequestId")))
        for name in ("MS-RequestId", "MS-CorrelationId"):
            if not _ID.fullmatch(question.header(name)):
                raise of_partner_center(400, "2000", f"{name} is missing or not valid")
        if question.header("MS-Contract-Version") not in ("", "v1"):
            raise of_partner_center(400, "2001", "Contract version is not supported")

    def _page(self, question: Question, items: list[dict[str, Any]]) -> dict[str, Any]:
        size = _whole(question.query.get("size", str(MOST)))
        start = self._start(question)
        page: dict[str, Any] = {
            "totalCount": str(len(items)),
            "items": items[start : start + size],
            "links": {"self": {"uri": question.path, "method": "GET", "headers": []}},
            "attributes": {"objectType": "Collection"},
        }
        if start + size < len(items):
            page["links"]["next"] = self._next(question, start + size, size)
        return page

    def _start(self, question: Question) -> int:
        if question.query.get("seekOperation", "") != "Next":
            return 0
        try:
            return self._tokens[question.header("MS-ContinuationToken")]
        except KeyError:
            raise of_partner_center(
                400, "InvalidContinuationToken", "The continuation token is not valid"
            ) from None

    def _next(self, question: Question, start: int, size: int) -> dict[str, Any]:
        token = f"tok-{len(self._tokens)}-{start}=="
        self._tokens[token] = start
        return {
            "uri": f"{question.path.removeprefix('/v1')}?size={size}?seekOperation=Next",
            "method": "GET",
            "headers": [{"key": "MS-ContinuationToken", "value": token}],
        }

    def _customer(self, key: str) -> dict[str, Any]:
        found = self._known(key)
        return found | {"billingProfile": self._books.billing.get(key)}

    def _subscriptions(self, key: str) -> dict[str, Any]:
        self._known(key)
        items = self._books.subscriptions.get(key, [])
        return {"totalCount": len(items), "items": items}

    def _known(self, key: str) -> dict[str, Any]:
        if key in self._denied:
            raise of_partner_center(403, "900421", "Access denied")
        if key not in self._books.customers:
            raise of_partner_center(404, "600009", "Customer not found")
        return self._books.customers[key]

    def _profile(self, question: Question) -> dict[str, Any]:
        """For an application with a user only."""
        if not question.user:
            raise of_partner_center(403, "900421", "App+User credentials are needed")
        return self._books.partner


def _whole(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= MOST:
        raise Refusal(400, {"code": "2002", "description": "size is out of range"})
    return int(text)
