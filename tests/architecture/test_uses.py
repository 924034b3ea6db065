"""Whoever opens people's records to use them says what for, and goes through a gate (A13)."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Source, product

OPENERS = frozenset(
    {
        *("open_records", "open_rows", "open_column", "contacts_matching", "find_record"),
        *("open_contact", "open_details", "decode_record"),
    }
)
"""What makes people of ciphertext."""
NAMED = frozenset({"withhold", "withhold_calls", "willing", "willing_calls", "standing_for"})
"""Gates that are told the use."""
GATES = NAMED | {"refuse_restricted", "refuse_if_restricted", "fields_of"}
"""What leaves out, or refuses, whom a use is not for."""
_STORES = "stores, maps or erases what is there, and gives it to nobody"
_PERSON = "is for the person themselves: their account, their request, or a mail to them"
_TRUTH = "looks whether promises are kept, and tells counts and ids"
NOT_TO_USE = {
    "connector/breaches/users.py": "tells people that their data was lost (GDPR Art. 34)",
    "connector/calls/holder.py": _PERSON,
    "connector/calls/versions.py": _STORES,
    "connector/calls/views.py": "opens rows for those that are listed here",
    "connector/charging/months.py": "charges a subscription that the customer has",
    "connector/charging/count.py": "counts users of calls for a charge; of nobody outside",
    "connector/charging/payers.py": "finds who pays a charge that is owed",
    "connector/contacts/erase.py": _STORES,
    "connector/contacts/holder.py": _PERSON,
    "connector/exports/gather_calls.py": "the organisation's own archive, which it moves with",
    "connector/http/api/records/bookings.py": "looks only whether there is such a contact",
    "connector/http/api/records/writes.py": "looks only whether there is such a contact",
    "connector/http/console/charging/views.py": "shows who pays a charge that is owed",
    "connector/http/console/records/invoices.py": "looks only whether there is such an invoice",
    "connector/informing/find.py": "lists who still has to be informed (GDPR Art. 14)",
    "connector/inquiries/answer.py": "answers what the person asked",
    "connector/inquiries/holder.py": _PERSON,
    "connector/inquiries/longer.py": _PERSON,
    "connector/outgoing/bill_invoice.py": "sends through `request`, which refuses",
    "connector/outgoing/book_contact.py": "sends through `request`, which refuses",
    "connector/promises/calls.py": _TRUTH,
    "connector/promises/inquiries.py": _TRUTH,
    "connector/promises/records.py": _TRUTH,
    "connector/registrations/begin.py": _PERSON,
    "connector/registrations/change.py": _PERSON,
    "connector/registrations/confirm.py": _PERSON,
    "connector/registrations/documents.py": "has a ground of its own in the register (E3)",
    "connector/registrations/holder.py": _PERSON,
    "connector/registrations/passwords.py": _PERSON,
    "connector/registrations/views.py": "opens one for those that are listed here",
    "connector/remaps/run.py": _STORES,
    "connector/stale/decide.py": _STORES,
    "connector/synced/documents.py": _PERSON,
    "connector/synced/holder.py": _PERSON,
    "connector/synced/remap.py": _STORES,
}
"""Files that open people and go through no gate, and why."""


def _called(source: Source) -> Iterator[tuple[str, ast.Call]]:
    for node in source.nodes:
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            yield (node.func.id if isinstance(node.func, ast.Name) else name or ""), node


def _opening() -> list[Source]:
    """Files of the product that open people, but those that define how."""
    own = {"connector/synced/views.py", "connector/inquiries/seals.py"}
    return [
        source
        for source in product()
        if source.name.startswith(("connector/", "jobs/"))
        and source.name not in own
        and any(name in OPENERS for name, _ in _called(source))
    ]


@pytest.mark.promise("A13")
def test_who_opens_people_goes_through_a_gate_or_says_why_not() -> None:
    ungated = {
        source.name
        for source in _opening()
        if not any(name in GATES for name, _ in _called(source))
    }
    assert ungated - set(NOT_TO_USE) == set(), "name a use: see privacy.suppressions.uses"
    assert set(NOT_TO_USE) - ungated == set(), "these have a gate, or open nobody any more"


@pytest.mark.promise("A13")
def test_every_gate_is_told_a_use_from_the_closed_list() -> None:
    told = 0
    for source in product():
        for name, call in _called(source):
            if name not in NAMED or source.name == "privacy/suppressions/uses.py":
                continue
            given = [ast.unparse(one.value) for one in call.keywords if one.arg == "use"]
            assert given, source.at(call)
            plain = given[0].startswith("Use.") or given[0].endswith((".use", "use"))
            assert plain, source.at(call)
            told += 1
    assert told >= 12


@pytest.mark.promise("A13")
def test_nobody_asks_who_is_restricted_past_the_gates() -> None:
    gates = {"connector/synced/withheld.py", "connector/calls/withheld.py"}
    asking = {
        source.name
        for source in product()
        if source.name.startswith(("connector/", "jobs/"))
        and any(name == "restricted" for name, _ in _called(source))
    }
    assert asking <= gates | {"connector/calls/export.py"}
