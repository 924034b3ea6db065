"""Answers as XML, in the letters that Netvisor uses: not the same ones everywhere."""

from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from connector.providers.netvisor.values import write_decimal
from connector.simulators.netvisor.refusals import Refusal

Element = etree._Element  # noqa: SLF001
Child = Element | str | int | Decimal | date | None


def element(name: str, *content: Child, **attributes: str) -> Element:
    """An element of elements, or of one value; None and nothing make it empty."""
    made = etree.Element(name, attributes)
    for child in content:
        if isinstance(child, str | int | Decimal | date):
            made.text = _text(child)
        elif child is not None:
            made.append(child)
    return made


def day(name: str, value: date) -> Element:
    """A date in the form that says so."""
    return element(name, value.isoformat(), format="ansi")


def succeeded(now: datetime, *content: Element) -> bytes:
    """Root with status OK."""
    return _root(now, [element("Status", "OK")], content)


def inserted(now: datetime, key: int) -> bytes:
    """What was added has this key."""
    return succeeded(now, element("Replies", element("InsertedDataIdentifier", key)))


def failed(now: datetime, refusal: Refusal) -> bytes:
    """Root with status FAILED."""
    statuses = [element("Status", "FAILED"), element("Status", refusal.sentence)]
    return _root(now, statuses, ())


def _root(now: datetime, statuses: list[Element], content: tuple[Element, ...]) -> bytes:
    moment = f"{now.day}.{now.month}.{now.year} {now:%H:%M:%S}"
    status = element("ResponseStatus", *statuses, element("TimeStamp", moment))
    root = element("Root", status, *content)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, standalone=True)


def _text(value: str | int | Decimal | date) -> str | None:
    if isinstance(value, Decimal):
        return write_decimal(value)
    if isinstance(value, date):
        return f"{value.day}.{value.month}.{value.year}"
    return str(value) or None
