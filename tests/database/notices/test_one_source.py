"""Change a number in a profile: the text says another thing, and the service does it.

Every field of a profile that has an effect stands here once. The last test names the few that
are told and do nothing, so that a new field is either tried here or explained there.
"""

from contextlib import suppress

import pytest

from connector.outbound.failures import NotDeclared
from privacy.notices.render import Version, render_notice
from privacy.profiles import Profile, profile
from tests.database.notices.cases_of_data import OF_DATA
from tests.database.notices.cases_of_rules import OF_RULES
from tests.database.notices.changes import served
from tests.database.notices.conftest import Place
from tests.database.notices.effects import Case

CASES = (*OF_DATA, *OF_RULES)


def _notice(service: str) -> str:
    rules = profile(service)
    version = Version(1, rules.policy.dated)
    return f"{render_notice(rules, language='en', version=version).text()}\n"


def _done(case: Case, place: Place) -> object:
    """What the service does now; nothing of it stays."""
    vault = place.desk.ring
    outcome: object = None
    with suppress(_Enough), place.desk.tenant(place.tenant) as work:
        try:
            outcome = case.act(place, work, vault)
        except NotDeclared as refusal:
            outcome = type(refusal)
        raise _Enough
    return outcome


class _Enough(Exception):
    """Rolls back."""


@pytest.mark.promise("A12")
@pytest.mark.promise("A13")
@pytest.mark.promise("B1")
@pytest.mark.promise("B2")
@pytest.mark.promise("C10")
@pytest.mark.promise("D2")
@pytest.mark.promise("D3")
@pytest.mark.promise("E2")
@pytest.mark.promise("E3")
@pytest.mark.promise("E4")
@pytest.mark.promise("F3")
@pytest.mark.promise("F6")
def test_text_and_behaviour_change_together(place: Place) -> None:
    wrong: dict[str, object] = {}
    for case in CASES:
        was, done = _notice(case.service), _done(case, place)
        facts = profile(case.service).model_dump()
        for name in ("data", "processors", "recipients", "tenant_recipients", "cookies"):
            facts[name] = [dict(one) for one in facts[name]]
        case.change(facts)
        with served(facts):
            text_now, done_now = _notice(case.service), _done(case, place)
        assert text_now != was, f"{case.field}: the notice says the same"
        assert case.said in text_now, f"{case.field}: {case.said}"
        assert not case.said or case.said not in was, case.field
        if (done, done_now) != (case.before, case.after):
            wrong[case.field] = (done, done_now)
    assert wrong == {}


TOLD_ONLY = {
    "controller": "facts about a company; its country decides the authority that answers name",
    "description": "a sentence",
    "service": "a name",
    "slug": "part of an address",
    "key": "what everything else is found by",
    "encrypted": "there is no way to store it otherwise",
    "source_documents": "its only effect is on senders' whole documents, which nobody declares",
    "cookies": "tests of the pages hold that they set no other",
    "processors": "the register of processors has its own tests",
}


def test_every_field_is_tried_or_has_no_effect() -> None:
    tried = {case.field.split(":")[0].split(".")[0] for case in CASES}
    assert tried | set(TOLD_ONLY) == set(Profile.model_fields)
    assert not tried & set(TOLD_ONLY)
