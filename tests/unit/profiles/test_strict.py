"""A derived profile promises more, or is refused with what is wrong in plain words."""

from typing import Any

import pytest

from privacy.core.db.declarations import Purpose
from privacy.profiles import profile
from privacy.profiles.changes import Changes
from privacy.profiles.derived import apply
from privacy.profiles.sharing import EEA
from privacy.profiles.strict import Laxer, stricter


def _complaints(service: str, **changes: Any) -> dict[str, str]:
    with pytest.raises(Laxer) as caught:
        stricter(profile(service), Changes(**changes))
    fields = caught.value.details["fields"]
    assert isinstance(fields, dict)
    return fields


def test_nothing_changed_is_the_profile_itself() -> None:
    assert apply(profile("T"), Changes()) is profile("T")


def test_each_thing_can_become_stricter() -> None:
    base = profile("M")
    abroad = tuple(one.host for one in base.recipients if one.country not in EEA)
    derived = stricter(
        base,
        Changes(
            purposes={"subscriptions": (Purpose.DELIVERY,)},
            days={"inquiries": 90},
            without_fields={"contacts": ("vat_id",)},
            mfa="mandatory",
            region="eu",
            without_recipients=("graph.microsoft.com", *abroad),
            marketing="none",
            authority_hours=24,
            users_hours=24,
        ),
    )
    assert derived.kind("subscriptions").purposes == (Purpose.DELIVERY,)
    assert derived.retention_days("inquiries") == 90
    assert "vat_id" not in derived.declared_fields("contacts")
    assert (derived.mfa, derived.region) == ("mandatory", "eu")
    asked = {one.host for one in derived.recipients}
    assert "login.microsoftonline.com" in asked
    assert "graph.microsoft.com" not in asked
    assert derived.no_marketing
    assert derived.marketing.email == "none"
    assert derived.breaches.users_hours == 24
    assert base.retention_days("inquiries") == 730, "the service's own stays as it is"


@pytest.mark.promise("B1")
@pytest.mark.parametrize(
    ("service", "changes", "field", "said"),
    [
        ("T", {"days": {"calls": 31}}, "days.calls", "30 days at most"),
        ("T", {"days": {"sessions": 7}}, "days.sessions", "cannot|does not end by days that you"),
        ("T", {"days": {"contacts": 7}}, "days.contacts", "does not end by days"),
        ("C", {"purposes": {"inquiries": ("delivery",)}}, "purposes.inquiries", "not one of"),
        ("C", {"purposes": {"inquiries": ()}}, "purposes.inquiries", "leave one"),
        ("C", {"region": "eu_preferred"}, "region", "smaller, not larger"),
        ("C", {"region": "germany"}, "region", "Microsoft Ireland Operations Limited is outside"),
        ("N", {"region": "germany"}, "region", "integration.netvisor.fi is outside"),
        ("C", {"marketing": "consent"}, "marketing", "less marketing"),
        ("N", {"without_recipients": ("x.example.com",)}, "without_recipients", "x.example.com"),
        ("V", {"users_hours": 48}, "users_hours", "24 hours at most"),
        ("V", {"without_fields": {"inquiries": ("x_y",)}}, "without_fields.inquiries", "no such"),
        ("V", {"without_fields": {"acts": ("act",)}}, "without_fields.acts", "no such"),
    ],
)
def test_what_is_laxer_is_refused(
    service: str, changes: dict[str, Any], field: str, said: str
) -> None:
    complaints = _complaints(service, **changes)
    assert any(part in complaints[field] for part in said.split("|")), complaints


def test_germany_is_open_to_who_asks_nobody_elsewhere() -> None:
    hosts = ("integration.netvisor.fi", "isvapi.netvisor.fi")
    derived = stricter(profile("N"), Changes(region="germany", without_recipients=hosts))
    assert not derived.admits("FI")


def test_a_choice_that_the_service_has_overtaken_makes_nothing_laxer() -> None:
    chosen = Changes(days={"inquiries": 700, "technical_logs": 10}, users_hours=20)
    newer = stricter(profile("V"), Changes(days={"inquiries": 365}, users_hours=12))
    both = apply(newer, chosen)
    assert both.retention_days("inquiries") == 365
    assert both.retention_days("technical_logs") == 10
    assert both.breaches.users_hours == 12
