"""Whom a person can complain to (GDPR Art. 77), by the controller's country (promise C4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Authority:
    """A supervisory authority, as it calls itself, and where it is reached."""

    name: str
    address: str


AUTHORITIES: Final[Mapping[str, Authority]] = MappingProxyType(
    {
        "FI": Authority(
            "Tietosuojavaltuutetun toimisto (Office of the Data Protection Ombudsman)",
            "PL 800, 00531 Helsinki, Finland; tietosuoja.fi",
        ),
        "SE": Authority(
            "Integritetsskyddsmyndigheten (IMY)",
            "Box 8114, 104 20 Stockholm, Sweden; imy.se",
        ),
        "DE": Authority(
            "Bundesbeauftragte für den Datenschutz und die Informationsfreiheit (BfDI)",
            "Graurheindorfer Straße 153, 53117 Bonn, Germany; bfdi.bund.de",
        ),
    }
)


def authority_text(country: str) -> str:
    """Name and address on one line."""
    one = AUTHORITIES[country]
    return f"{one.name}, {one.address}"
