"""The running API against its own description: every answer is one that is described.

Requests are generated from the description, right ones and wrong ones, and sent through the real
guard to real data. No answer may be 5xx, or differ in status, media type, headers or schema.
"""

from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance
from schemathesis.core.result import Ok

from tests.functional.api.programs import Programs, call
from tests.tenancies import House

EXAMPLES: Final = 20

RULES_BEYOND_SCHEMAS: Final = [positive_data_acceptance]
"""A cursor nobody gave, a withheld number, a key used twice: of the right form, and refused."""

FORGIVING: Final = [*RULES_BEYOND_SCHEMAS, negative_data_rejection]
"""A batch is 200 with bad records in it: each is refused on its own, inside the answer."""


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_operation_keeps_its_word(
    programs: Programs, house: House, mode: GenerationMode
) -> None:
    house.alice.account()
    key = programs.key(house.alice)
    programs.post_calls(key, [call(n) for n in range(3)])
    schema: Any = schemathesis.openapi.from_wsgi("/api/openapi.json", programs.app)
    tried = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        _send(operation.as_strategy(generation_mode=mode), key, operation.path)
        tried.append(operation.label)
    assert len(tried) == len(v1_routes(programs))


def v1_routes(programs: Programs) -> list[str]:
    """Every route below /api/v1, so that none is left out."""
    return [rule.rule for rule in programs.app.url_map.iter_rules() if "/api/v1/" in rule.rule]


def _send(strategy: Any, key: dict[str, str], path: str) -> None:
    excluded = FORGIVING if path == "/api/v1/calls" else RULES_BEYOND_SCHEMAS

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def send(case: Any) -> None:
        case.call_and_validate(headers=key, excluded_checks=excluded)

    send()
