"""A change of a profile, told in words: what was, and what is."""

from typing import Any

import pytest

from privacy.notices.differences import differences
from privacy.notices.languages import LANGUAGES
from privacy.profiles import Profile, profile


def _with(rules: Profile, **changes: Any) -> Profile:
    return Profile.model_validate(rules.model_dump() | changes)


def _kinds(rules: Profile, key: str, **changes: Any) -> dict[str, Any]:
    data = [kind.model_dump() | (changes if kind.key == key else {}) for kind in rules.data]
    return {"data": tuple(data)}


@pytest.mark.promise("D3")
def test_equal_profiles_differ_in_nothing() -> None:
    for language in LANGUAGES:
        assert differences(profile("V"), profile("V"), language=language) == []


@pytest.mark.promise("D3")
def test_each_difference_is_said_in_every_language() -> None:
    base = profile("T")
    shorter = _with(base, **_kinds(base, "calls", days=7))
    assert differences(base, shorter, language="en") == [
        "Call data, How long: "
        "30 days, the day of the call included. Then the key of that day is destroyed, and with it "
        "every copy, those in backups too. → "
        "7 days, the day of the call included. Then the key of that day is destroyed, and with it "
        "every copy, those in backups too."
    ]
    said = {one: differences(base, shorter, language=one)[0] for one in LANGUAGES}
    assert "7 päivää" in said["fi"]
    assert "7 dagar" in said["sv"]
    assert "7 Tage" in said["de"]


@pytest.mark.promise("E1")
def test_fields_kinds_and_processors_come_and_go() -> None:
    base = profile("C")
    fewer = [kind.model_dump() for kind in base.data if kind.key != "technical_logs"]
    fewer[0]["fields"] = [one for one in fewer[0]["fields"] if one["name"] != "company"]
    moved = [one.model_dump() for one in base.processors][:1]
    moved[0]["fields"] = tuple(one for one in moved[0]["fields"] if one != "company")
    after = _with(base, data=fewer, processors=moved)
    lines = differences(base, after, language="en")
    kind = "Inquiries, orders, complaints and comments"
    assert "No longer kept: Technical log of web inquiries." in lines
    assert f"{kind}: “Company” is no longer kept." in lines
    assert any("no longer Oderland Webbhotell AB" in line for line in lines)
    assert any(line.count("Microsoft Ireland") == 2 for line in lines)
    back = differences(after, base, language="en")
    assert "New data is kept: Technical log of web inquiries." in back
    assert f"{kind}: added “Company”." in back


def test_facts_of_the_whole_are_compared() -> None:
    base = profile("V")
    after = _with(
        base,
        mfa="mandatory",
        marketing={"stance": "none", "email": "none"},
        breaches={"authority_hours": 48, "users_hours": 12},
    )
    lines = differences(base, after, language="de")
    assert any(line.startswith("Zweiter Faktor: ") for line in lines)
    assert any("spätestens 48 Stunden" in line for line in lines)
    assert any("spätestens 12 Stunden" in line for line in lines)
    assert any("nicht für Werbung" in line for line in lines)
    assert len(lines) == 4
