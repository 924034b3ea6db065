"""Elements in whatever letters, encodings and prefixes they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.providers.netvisor.documents import read_nodes

WANTED = frozenset({"customer"})
BODY = "<Root><Customerlist><CUSTOMER Type='x'><Name>Mäki</Name></CUSTOMER></Customerlist></Root>"


@pytest.mark.parametrize(
    "body",
    [
        BODY.encode(),
        ('<?xml version="1.0" encoding="utf-8"?>' + BODY).encode(),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>' + BODY).encode("latin-1"),
        ('<?xml version="1.0" encoding="ISO-8859-15"?>' + BODY).encode("iso8859-15"),
        BODY.encode("utf-8-sig"),
        BODY.encode("utf-16"),
        BODY.replace("Root>", "n:Root>").replace("<n:", "<n:", 1).encode(),
        BODY.replace("<CUSTOMER", "<nv:CUSTOMER").replace("</CUSTOMER", "</nv:CUSTOMER").encode(),
        BODY.replace("<Name>", "<!-- c --><?pi x?><Name>")
        .replace("Mäki", "<![CDATA[Mäki]]>")
        .encode(),
    ],
)
def test_letters_and_encodings(body: bytes) -> None:
    (node,) = read_nodes(body, WANTED)
    assert node.name == "customer"
    assert node.attributes == {"type": "x"}
    assert node.said("name") == "Mäki"


def test_lists_of_none_one_and_many() -> None:
    for count in (0, 1, 3):
        body = b"<Root><L>" + b"<customer><a>1</a></customer>" * count + b"</L></Root>"
        assert [node.said("a") for node in read_nodes(body, WANTED)] == ["1"] * count
    assert list(read_nodes(b"<Root><Customerlist/></Root>", WANTED)) == []


def test_only_the_outermost_of_one_name() -> None:
    body = b"<r><customer><customer>inner</customer></customer></r>"
    (node,) = read_nodes(body, WANTED)
    assert [child.text for child in node.all("customer")] == ["inner"]


def test_long_texts_and_attributes_are_read() -> None:
    text, value = "ä" * 1_500_000, "v" * 200_000
    body = f"<r><customer a='{value}'><n>{text}</n></customer></r>".encode()
    (node,) = read_nodes(body, WANTED)
    assert node.said("n") == text
    assert node.attributes["a"] == value


def test_missing_paths_are_empty() -> None:
    (node,) = read_nodes(b"<r><customer/></r>", WANTED)
    assert node.at("a", "b").said("c") == ""
    assert node.child("a") is None


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]),
                        max_size=50), max_size=30))  # fmt: skip
def test_texts_come_back_whatever_the_pieces(texts: list[str]) -> None:
    texts = [text.replace("&", "").replace("<", "").replace("]]>", "") for text in texts]
    texts = ["".join(c for c in text if c not in "\ufffe\uffff") for text in texts]
    padding = "<x>" + "y" * 70_000 + "</x>"
    body = "<r>" + "".join(f"<customer><n>{t}</n></customer>{padding}" for t in texts[:3]) + "</r>"
    assert [node.said("n") for node in read_nodes(body.encode(), WANTED)] == [
        text.strip() for text in texts[:3]
    ]
