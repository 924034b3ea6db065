"""The marketplace's description: true to the types, and kept by every answer."""

import re
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance
from schemathesis.core.result import Ok

from connector.http.api.documents import operations
from tests.architecture.sources import ROOT
from tests.functional.marketplace.markets import Market


def _document(market: Market) -> dict[str, Any]:
    answer = market.client.get("/marketplace/openapi.json")
    assert isinstance(answer.json, dict)
    return answer.json


def test_every_method_is_described_and_its_examples_are_what_the_types_say(market: Market) -> None:
    document = _document(market)
    assert set(document["components"]["securitySchemes"]) == {"marketplaceKey"}
    for rule, operation in operations(market.town.app, blueprint="marketplace"):
        assert operation is not None, rule.rule
        if not isinstance(operation.answer, dict):
            msgspec.convert(operation.example, operation.answer)
        for kind, example in (operation.body.examples if operation.body else {}).items():
            assert operation.body is not None
            msgspec.convert(example, operation.body.kinds[kind])
    text = msgspec.json.encode(document).decode()
    for reference in set(re.findall(r'"\$ref":"#/([^"]+)"', text)):
        place: Any = document
        for step in reference.split("/"):
            place = place[step]
    for methods in document["paths"].values():
        for one in methods.values():
            assert "RateLimit" not in one["responses"]["200"]["headers"]


def test_the_page_names_every_field(market: Market) -> None:
    """docs/integrations/marketplace.md, against the types."""
    page = (ROOT / "docs" / "integrations" / "marketplace.md").read_text()
    for name, schema in _document(market)["components"]["schemas"].items():
        if name in ("Problem", "FieldProblem"):
            continue
        for field in schema["properties"]:
            assert f"`{field}`" in page or f".{field}`" in page, f"{name}.{field}"


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_method_keeps_its_word(
    market: Market, mode: GenerationMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.http.rates.STRANGERS", "1000000 per minute")
    schema: Any = schemathesis.openapi.from_wsgi("/marketplace/openapi.json", _here(market))
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        _send(found.ok().as_strategy(generation_mode=mode), {"x-api-key": market.key})
        tried += 1
    assert tried == 7


def _here(market: Market) -> Any:
    """The application, called from this machine."""

    def serve(environ: dict[str, Any], start: Any) -> Any:
        return market.town.app(environ | {"REMOTE_ADDR": "127.0.0.1"}, start)

    return serve


def _send(strategy: Any, key: dict[str, str]) -> None:
    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def send(case: Any) -> None:
        case.call_and_validate(headers=key, excluded_checks=[positive_data_acceptance])

    send()
