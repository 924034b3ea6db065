"""The order of requests, element by element."""

from collections.abc import Mapping

import pytest

from connector.providers.netvisor.documents import Node, read_nodes
from connector.simulators.netvisor.orders import CUSTOMER, SALES_INVOICE, check_order
from connector.simulators.netvisor.refusals import Refusal

TABLE: Mapping[str, Mapping[str, None] | None] = {
    "a": None,
    "b?": None,
    "c*": {"x": None},
    "d+": None,
}


def root(xml: str) -> Node:
    (node,) = read_nodes(f"<r>{xml}</r>".encode(), frozenset({"r"}))
    return node


@pytest.mark.parametrize(
    "xml",
    [
        "<a/><d/>",
        "<a/><b/><d/><d/>",
        "<a/><c><x/></c><c><x/></c><d/>",
        "<A>text</A><B/><C><X/></C><D/>",
    ],
)
def test_in_order(xml: str) -> None:
    check_order(root(xml), TABLE, complete=True)


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<a/>",
        "<d/>",
        "<d/><a/>",
        "<b/><a/><d/>",
        "<a/><a/><d/>",
        "<a/><b/><b/><d/>",
        "<a/><c/><d/>",
        "<a/><c><x/><x/></c><d/>",
        "<a/><d/><c><x/></c>",
        "<a/><d/><e/>",
        "<a><x/></a><d/>",
    ],
)
def test_not_in_order(xml: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_order(root(xml), TABLE, complete=True)
    assert refused.value.code == "INVALID_DATA"


def test_a_change_may_leave_out_what_is_needed_elsewhere() -> None:
    check_order(root("<b/>"), TABLE, complete=False)
    with pytest.raises(Refusal):
        check_order(root("<d/><a/>"), TABLE, complete=False)


def test_the_tables_have_no_name_twice() -> None:
    for table in (CUSTOMER, SALES_INVOICE):
        names = [key.rstrip("?*+") for key in table]
        assert len(names) == len(set(names))
