"""The description is complete, is true to the types, and its page needs no script."""

import re
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from connector.calls.records import IncomingCall, RejectionCode
from connector.http.api.documents import operations
from tests.functional.api.bare import PUBLIC_URL, bare_app

UNDESCRIBED = {"api.read_reference", "api.read_style"}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return bare_app().test_client()


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/openapi.json")
    assert answer.content_type == "application/json"
    assert isinstance(answer.json, dict)
    return answer.json


def each_operation(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for methods in document["paths"].values() for one in methods.values()]


def test_every_route_is_described() -> None:
    app = bare_app()
    bare = {rule.endpoint for rule, operation in operations(app) if operation is None}
    assert bare == UNDESCRIBED


def test_it_is_openapi_31_with_server_and_key(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": PUBLIC_URL}]
    assert document["components"]["securitySchemes"]["apiKey"]["scheme"] == "bearer"


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = msgspec.json.encode(document).decode()
    for reference in set(re.findall(r'"\$ref":"#/([^"]+)"', text)):
        place: Any = document
        for step in reference.split("/"):
            place = place[step]
        assert place


def test_every_error_is_problem_json_with_examples(document: dict[str, Any]) -> None:
    for operation in each_operation(document):
        for status, answer in operation["responses"].items():
            if status == "200":
                continue
            problem = answer["content"]["application/problem+json"]
            assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}
            for code, example in problem["examples"].items():
                assert example["value"]["code"] == code
                assert example["value"]["status"] == int(status)


def test_answers_say_the_limits_and_the_mode(document: dict[str, Any]) -> None:
    for operation in each_operation(document):
        if operation.get("security") == []:
            continue
        assert {"RateLimit", "RateLimit-Policy", "Silta-Mode"} <= set(
            operation["responses"]["200"]["headers"]
        )
        assert "Retry-After" in operation["responses"]["429"]["headers"]


def test_the_bulk_body_is_described_by_the_type_that_decodes_it(document: dict[str, Any]) -> None:
    body = document["paths"]["/api/v1/calls"]["post"]["requestBody"]["content"]
    schema = body["application/json"]["schema"]
    assert schema["items"] == {"$ref": "#/components/schemas/IncomingCall"}
    described = document["components"]["schemas"]["IncomingCall"]
    assert set(described["properties"]) == set(IncomingCall.__struct_fields__)
    assert described["additionalProperties"] is False
    assert set(described["required"]) == {"direction", "started_at"}


def test_examples_are_what_the_types_say(document: dict[str, Any]) -> None:
    for operation in operations(bare_app()):
        described = operation[1]
        if described is None or isinstance(described.answer, dict):
            continue
        msgspec.convert(described.example, described.answer)
    example = document["paths"]["/api/v1/calls"]["post"]["requestBody"]["content"]
    msgspec.convert(example["application/json"]["example"], list[IncomingCall])


def test_the_page_has_no_script_and_nothing_inline(client: FlaskClient) -> None:
    page = client.get("/api/docs").text
    assert "<script" not in page
    assert " style=" not in page
    assert not re.search(r'(src|href)="https?:', page)
    assert not re.search(r"<style|\son[a-z]+=", page)


def test_the_page_leads_to_every_problem_that_an_answer_names(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    page = client.get("/api/docs").text
    for operation in each_operation(document):
        for answer in operation["responses"].values():
            for content in answer["content"].values():
                for code in content.get("examples", {}):
                    assert f'id="problem-{code}"' in page
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors


def test_the_page_explains_each_reason_for_refusing_a_record(client: FlaskClient) -> None:
    page = client.get("/api/docs").text
    assert all(f'id="problem-{code.value}"' in page for code in RejectionCode)
    places = re.findall(r'id="([^"]+)"', page)
    assert len(places) == len(set(places))
