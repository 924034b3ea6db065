"""Deliveries joined as the service joins them, without a database."""

from collections.abc import Iterable

from connector.calls.merges import merge
from connector.calls.shapes import IncomingCall


def merge_all(mapped: Iterable[object]) -> list[IncomingCall]:
    """Calls with the same source id as one, in the order of first appearance; no others."""
    merged: dict[object, IncomingCall] = {}
    for call in mapped:
        if isinstance(call, IncomingCall):
            key = call.source_id or id(call)
            merged[key] = merge(merged[key], call) if key in merged else call
    return list(merged.values())
