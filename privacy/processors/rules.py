"""Whether a processor may be: the profile's own rules, and what a transfer needs besides."""

from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, Misconfigured
from privacy.core.writings import is_line
from privacy.processors.shapes import Announcing
from privacy.profiles import Profile
from privacy.profiles.derived import derived_profile
from privacy.profiles.sharing import ANNULLED, Processor, Transfer

WINDOW: Final = timedelta(days=14)
"""Time to object between the announcement and the first day (GDPR Art. 28(2))."""


LONGEST: Final = MappingProxyType(
    {"name": 200, "role": 200, "statement_url": 400, "agreement_url": 400, "assessment_url": 400}
)
"""Each on one line: they stand in notices, in mails and in catalogues of data."""


class OutsideRegion(Invalid):
    """The service promises that data stays somewhere else (promise E4)."""

    code = "outside_region"
    message = "The privacy policy promises that data stays in its region: this one is outside."


def check_processor(work: UnitOfWork, said: Announcing) -> None:
    """Raise where the profile or the law does not allow it.

    Raises:
        Invalid: fields nobody declared, no valid footing, a Privacy Shield, no assessment, no time
            to object. OutsideRegion.
    """
    service, today = _profile(work, said.service), work.today
    wrong = _facts(said) | _fields(service, said) | _transfer(said, today)
    if said.effective_on < today + WINDOW:
        wrong["effective_on"] = f"Leave {WINDOW.days} days to object."
    if wrong:
        raise Invalid(fields=wrong)
    if said.runs == "server" and not service.admits(said.country):
        raise OutsideRegion


def _profile(work: UnitOfWork, key: str) -> Profile:
    try:
        return derived_profile(work, key)
    except Misconfigured:
        raise Invalid(fields={"service": "There is no such service."}) from None


def _facts(said: Announcing) -> dict[str, str]:
    """What the profile's own model refuses, it refuses here."""
    if said.transfer in ANNULLED:
        return {"transfer": "The Privacy Shield was annulled in 2020: name a footing that counts."}
    wrong = {
        name: "Give its address: https://…"
        for name in ("statement_url", "agreement_url", "assessment_url")
        if not getattr(said, name).startswith("https://")
        and (name != "assessment_url" or said.assessment_url)
    }
    for name, longest in LONGEST.items():
        if not is_line(getattr(said, name), longest=longest):
            wrong[name] = f"Use up to {longest} characters on one line."
    try:
        Processor(
            name=said.name,
            role=said.role,
            country=said.country,
            transfers=(said.transfer,),
            runs=said.runs,
            statement_url=said.statement_url or "-",
            agreement_url=said.agreement_url or "-",
            fields=tuple(said.fields),
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = str(first["loc"][0]) if first["loc"] else "transfer"
        wrong.setdefault(where, str(first["msg"]).removeprefix("Value error, "))
    return wrong


def _fields(service: Profile, said: Announcing) -> dict[str, str]:
    declared = {field.name for kind in service.data for field in kind.fields}
    if not said.fields:
        return {"fields": "Say which fields it gets: as few as possible."}
    if set(said.fields) - declared:
        return {"fields": "The privacy policy declares no such fields."}
    return {}


def _transfer(said: Announcing, today: date) -> dict[str, str]:
    wrong = {}
    if said.transfer_valid_until is not None and said.transfer_valid_until <= today:
        wrong["transfer_valid_until"] = "This footing has ended."
    if said.transfer is Transfer.CLAUSES and said.assessed_on is None:
        wrong["assessed_on"] = "Standard clauses need a transfer assessment: give its day."
    if said.assessed_on is not None and said.assessed_on > today:
        wrong["assessed_on"] = "This is in the future."
    return wrong
