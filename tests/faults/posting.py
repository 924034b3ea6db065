"""What goes wrong on an exchange's side, and where its account ends after three minutes of it."""

from typing import Any

import pytest

from connector.simulators.exchanges.exchange import FaultName, Kind

LABELS = {
    Kind.FREESWITCH: "FreeSWITCH",
    Kind.ASTERISK: "Asterisk",
    Kind.TWILIO: "Twilio",
    Kind.KAMAILIO: "Kamailio",
    Kind.THREECX: "3CX",
}
WORDS = {
    FaultName.REPEATED: "everything is sent twice",
    FaultName.OUT_OF_ORDER: "the end is told before the beginning",
    FaultName.TRUNCATED: "the body breaks off",
    FaultName.GARBAGE: "another program posts to the address",
    FaultName.WRONG_SIGNATURE: "wrong signature",
}
HARMLESS = {FaultName.REPEATED, FaultName.OUT_OF_ORDER}


def met_by(kind: Kind, fault: FaultName) -> bool:
    """Only Twilio signs."""
    return fault is not FaultName.WRONG_SIGNATURE or kind is Kind.TWILIO


def ends_of(kind: Kind, fault: FaultName) -> str:
    """Where an account stands that worked before. Of half a file the whole rows are taken."""
    half_a_file = fault is FaultName.TRUNCATED and kind in (Kind.ASTERISK, Kind.THREECX)
    return "connected" if fault in HARMLESS or half_a_file else "error"


CELLS: list[Any] = [
    pytest.param(kind, fault, id=f"{kind}-{fault}")
    for kind in Kind
    for fault in FaultName
    if met_by(kind, fault)
]


def table() -> str:
    """A row for each fault, a column for each exchange."""
    heads = ["what goes wrong", *LABELS.values()]
    lines = [f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|"]
    for fault, words in WORDS.items():
        cells = [f"`{ends_of(kind, fault)}`" if met_by(kind, fault) else "–" for kind in LABELS]
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
