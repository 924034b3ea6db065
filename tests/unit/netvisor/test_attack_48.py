"""XML that attacks its reader (ATTACK 48): DTDs, depth, width, size; all in flat memory."""

import time
import tracemalloc
from collections.abc import Callable

import pytest

from connector.outbound.failures import FailureKind
from connector.providers.netvisor.documents import MAX_DEPTH, UnreadableXml, read_nodes

pytestmark = pytest.mark.attack(48)
WANTED = frozenset({"customer", "responsestatus"})
MIB = 1024 * 1024

XXE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><customer>&x;</customer></r>'
LAUGHS = "<!DOCTYPE r [{}]><r><customer>&l9;</customer></r>".format(
    '<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
)
CORPUS = {
    "xxe": XXE.encode(),
    "xxe_utf16": XXE.encode("utf-16"),
    "xxe_utf16_be_declared": ('<?xml version="1.0" encoding="utf-16"?>' + XXE).encode("utf-16"),
    "xxe_latin1": ('<?xml version="1.0" encoding="iso-8859-1"?>' + XXE).encode(),
    "external_dtd": b'<!DOCTYPE r SYSTEM "http://169.254.169.254/x.dtd"><r><customer/></r>',
    "public_dtd": b'<!DOCTYPE r PUBLIC "-//x//y" "http://127.0.0.1/x.dtd"><r><customer/></r>',
    "parameter_entity": b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/p">%p;]><r/>',
    "billion_laughs": LAUGHS.encode(),
    "quadratic": b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 100_000 + b'">]><r><customer>'
    + b"&a;" * 10_000 + b"</customer></r>",
    "recursion": b'<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]><r>&a;</r>',
    "empty_dtd": b"<!DOCTYPE r><r><customer/></r>",
    "lower_case": b"<!doctype r><r><customer/></r>",
    "after_comment": b"<?xml version='1.0'?><!-- x --><!DOCTYPE r []><r><customer/></r>",
    "deep": b"<a>" * 100_000 + b"</a>" * 100_000,
    "deep_within": b"<customer>" * 100_000,
    "undefined_entity": b"<r><customer>&x;</customer></r>",
    "not_closed": b"<r><customer>",
    "two_roots": b"<r/><customer/>",
    "other_encoding": b'<?xml version="1.0" encoding="utf-7"?><r/>',
    "unknown_encoding": b'<?xml version="1.0" encoding="rot13"?><r/>',
    "idna_encoding": b'<?xml version="1.0" encoding="idna"?><r/>',
    "nul": b"<r>\x00</r>",
    "control": b"<r><customer>\x08</customer></r>",
    "duplicate_attribute": b"<r><customer a='1' a='2'/></r>",
    "empty": b"",
    "html": b"<html><p>Bad<br>gateway</html>",
    "json": b'{"a": 1}',
}  # fmt: skip


@pytest.mark.parametrize("name", CORPUS)
def test_refused_without_reading_on(name: str) -> None:
    began = time.process_time()
    tracemalloc.start()
    with pytest.raises(UnreadableXml) as failed:
        list(read_nodes(CORPUS[name], WANTED))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert failed.value.kind is FailureKind.SYSTEM
    assert "root:" not in failed.value.log + failed.value.message
    assert peak < 4 * MIB
    assert time.process_time() - began < 2


def _long_text(size: int) -> bytes:
    return b"<r><customer><name>" + b"a" * size + b"</name></customer></r>"


def _long_attribute(size: int) -> bytes:
    return b"<r><customer a='" + b"a" * size + b"'/></r>"


def _long_comment(size: int) -> bytes:
    return b"<r><!--" + b"a" * size + b"--><customer/></r>"


def _many_children(size: int) -> bytes:
    return b"<r><customer>" + b"<a/>" * (size // 4) + b"</customer></r>"


def _many_attributes(size: int) -> bytes:
    pairs = " ".join(f"a{n}='x'" for n in range(size // 12))
    return f"<r><customer {pairs}/></r>".encode()


@pytest.mark.parametrize(
    "make", [_long_text, _long_attribute, _long_comment, _many_children, _many_attributes]
)
def test_a_hundred_megabytes_in_one_item(make: Callable[[int], bytes]) -> None:
    body = make(100 * MIB if make is not _many_attributes else 8 * MIB)
    began = time.process_time()
    tracemalloc.start()
    with pytest.raises(UnreadableXml):
        list(read_nodes(body, WANTED))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 * MIB
    assert time.process_time() - began < 10


def test_what_nobody_wants_takes_no_memory() -> None:
    body = b"<r>" + b"<other>text</other>" * 500_000 + b"<customer>x</customer></r>"
    tracemalloc.start()
    (node,) = read_nodes(body, WANTED)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert node.text == "x"
    assert peak < 2 * MIB


def test_as_deep_as_allowed() -> None:
    def nested(depth: int) -> bytes:
        return b"<r>" + b"<customer>" * depth + b"</customer>" * depth + b"</r>"

    (node,) = read_nodes(nested(MAX_DEPTH - 1), WANTED)
    assert node.name == "customer"
    with pytest.raises(UnreadableXml):
        list(read_nodes(nested(MAX_DEPTH), WANTED))
