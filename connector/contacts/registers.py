"""VAT ids and company register numbers, by the check digits of their countries (promise A5).

Nothing is asked of anybody: a number that is formed rightly can still be nobody's.
"""

from types import MappingProxyType
from typing import Final, Protocol

from stdnum.dk import cvr
from stdnum.ee import registrikood
from stdnum.eu import vat
from stdnum.fi import ytunnus
from stdnum.fr import siren
from stdnum.no import orgnr as norwegian
from stdnum.se import orgnr as swedish
from stdnum.util import get_cc_module


class _Rule(Protocol):
    def is_valid(self, number: str, /) -> bool: ...


_REGISTERS: Final[MappingProxyType[str, _Rule]] = MappingProxyType(
    {
        "FI": ytunnus,
        "SE": swedish,
        "NO": norwegian,
        "DK": cvr,
        "EE": registrikood,
        "FR": siren,
    }
)
_GREECE: Final = "EL"
"""As VAT ids spell it."""


def vat_id_is_valid(vat_id: str, country: str = "") -> bool:
    """Whether a VAT id is formed as its country forms them.

    Args:
        country: ISO 3166; read where the id does not begin with one of the European Union's.
    """
    number = vat_id.strip()
    if number[:2].isalpha() and bool(vat.is_valid(number)):
        return True
    module = _vat_module(number[:2] if number[:2].isalpha() else country)
    return module is not None and bool(module.is_valid(number))


def register_number_is_valid(number: str, country: str) -> bool | None:
    """Whether a company register number is formed rightly; None where no rule is known here."""
    module = _REGISTERS.get(country.upper())
    return None if module is None else bool(module.is_valid(number))


def compact(number: str) -> str:
    """One spelling of each number, to find it by."""
    return "".join(character for character in number if character.isalnum()).upper()


def _vat_module(country: str) -> _Rule | None:
    code = "GR" if country.upper() == _GREECE else country
    return get_cc_module(code, "vat") if len(code) == 2 else None
