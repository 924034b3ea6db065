"""The matrix: what goes wrong, how each simulator is told to do it, and where accounts end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from connector.accounts.states import AccountState
from tests.faults.trials import Trial

_S = AccountState


class Ends(NamedTuple):
    """Where an account stands: at once, an hour later, and on the third day. `outage`: told as
    "unavailable" and "back"."""

    at_once: AccountState
    after_an_hour: AccountState
    on_the_third_day: AccountState
    outage: bool = False


UNNOTICED = Ends(_S.CONNECTED, _S.CONNECTED, _S.CONNECTED)
OUTAGE = Ends(_S.CONNECTED, _S.DEGRADED, _S.DEGRADED, outage=True)
CREDENTIAL = Ends(_S.NEEDS_REAUTH, _S.NEEDS_REAUTH, _S.NEEDS_REAUTH)
DOUBT = Ends(_S.DEGRADED, _S.DEGRADED, _S.NEEDS_REAUTH)
ERROR = Ends(_S.ERROR, _S.ERROR, _S.ERROR)


@dataclass(frozen=True)
class Order:
    """A simulator's name of a fault, and which requests meet it: of these resources, or all."""

    fault: str
    resources: tuple[str, ...] = ("",)
    seconds: float = 300.0
    times: int = -1


@dataclass(frozen=True)
class Trouble:
    """One row of the matrix.

    Args:
        orders: how each system is told, by its name; those that are missing cannot have it.
        ends: where accounts end; `others` where some system's differ.
        cut, hasty: what happens on the wire instead, to every system, or besides.
    """

    name: str
    words: str
    ends: Ends
    orders: Mapping[str, Order] = field(default_factory=dict)
    others: Mapping[str, Ends] = field(default_factory=dict)
    cut: bool = False
    hasty: bool = False

    def met_by(self, system: str) -> bool:
        """Whether this can happen to a system."""
        return self.cut or system in self.orders

    def ends_of(self, system: str) -> Ends:
        """Where accounts of a system end."""
        return self.others.get(system, self.ends)

    def begin(self, trial: Trial, system: str) -> None:
        """From the next request on, until `Trial.mend`."""
        trial.wire.cut, trial.wire.hasty = self.cut, self.hasty
        order = self.orders.get(system)
        if order is None:
            return
        said = {"times": order.times, "seconds": order.seconds}
        for resource in order.resources:
            trial.site.order(order.fault, resource=resource, **said)


def _all(fault: str, seconds: float = 300.0) -> dict[str, Order]:
    every = ("netvisor", "microsoft", "microsoft_calls", "moontalk")
    return {system: Order(fault, seconds=seconds) for system in every}


def _json(fault: str, **others: str) -> dict[str, Order]:
    """Microsoft's sign-in stays well: it is the documents that are spoilt."""
    found = {name: Order(other) for name, other in others.items()}
    return found | _documents(fault) | {"moontalk": Order(fault)}


def _documents(fault: str, times: int = -1) -> dict[str, Order]:
    """At Microsoft, whatever is not the sign-in."""
    return {
        "microsoft": Order(fault, ("customers", "subscriptions", "invoices"), times=times),
        "microsoft_calls": Order(
            fault, ("callrecords", "pstncalls", "directcalls", "$batch"), times=times
        ),
    }


def _sign_in(fault: str) -> dict[str, Order]:
    order = Order(fault, ("token",))
    return {"microsoft": order, "microsoft_calls": order}


TROUBLES = (
    Trouble("refused", "connection refused", OUTAGE, cut=True),
    Trouble(
        "latency",
        "no answer within the time limit",
        OUTAGE,
        _all("latency", seconds=0.1),
        hasty=True,
    ),
    Trouble("429", "429 with Retry-After", OUTAGE, _all("429")),
    Trouble("500", "500", OUTAGE, _all("500")),
    Trouble(
        "503",
        "503, maintenance",
        OUTAGE,
        {**_all("503"), "netvisor": Order("maintenance")},
    ),
    Trouble(
        "throttling",
        "throttling: too many messages at a time; the sign-in says wait",
        OUTAGE,
        {"netvisor": Order("technical_error"), **_sign_in("temporarily_unavailable")},
    ),
    Trouble("lost_request", "the request gets lost", OUTAGE, _all("lost_request")),
    Trouble("lost_answer", "the answer gets lost", OUTAGE, _all("lost_answer")),
    Trouble(
        "duplicate",
        "the transaction id was used before",
        OUTAGE,
        {"netvisor": Order("duplicate_transaction")},
    ),
    Trouble(
        "wrong_secret",
        "wrong MAC, wrong secret, wrong key",
        CREDENTIAL,
        {
            "netvisor": Order("wrong_mac"),
            "moontalk": Order("wrong_key"),
            **_sign_in("invalid_client"),
        },
    ),
    Trouble(
        "revoked",
        "the sign-in was taken back",
        CREDENTIAL,
        _sign_in("invalid_grant"),
    ),
    Trouble(
        "expired",
        "the access token has expired",
        UNNOTICED,
        _documents("expired_token", times=1),
    ),
    Trouble(
        "never_accepted",
        "every access token is said to have expired",
        CREDENTIAL,
        _documents("expired_token"),
    ),
    Trouble(
        "denied",
        "the right to read is missing (403)",
        DOUBT,
        _documents("denied") | {"moontalk": Order("denied"), "netvisor": Order("service_access")},
        {"netvisor": ERROR},
    ),
    Trouble(
        "malformed",
        "malformed XML or JSON",
        ERROR,
        _json("malformed_json", netvisor="malformed_xml"),
    ),
    Trouble(
        "truncated", "half an answer", ERROR, _json("truncated_json", netvisor="truncated_xml")
    ),
    Trouble("empty", "an empty answer", ERROR, _json("empty_answer", netvisor="empty_answer")),
    Trouble(
        "shape", "an answer of another shape", ERROR, _json("wrong_shape", netvisor="bare_text")
    ),
    Trouble(
        "page", "a page for people instead of data", ERROR, _json("html_page", netvisor="html_page")
    ),
    Trouble("attack", "XML with a DTD", ERROR, {"netvisor": Order("dtd_attack")}),
    Trouble(
        "elsewhere",
        "a redirect to another host",
        ERROR,
        _json("another_host", netvisor="another_host"),
    ),
    Trouble(
        "unknown",
        "an error with a code that nobody has listed",
        ERROR,
        _documents("unknown_code") | {"netvisor": Order("unknown_code")},
    ),
)
