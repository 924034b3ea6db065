"""Subject requests, as an integrator's program records, identifies and answers them."""

import io
import uuid
import zipfile
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tenants.permissions import Permission
from tenants.principals import Mode
from tests.database.subjects.people import EMAIL, Rights
from tests.database.subjects.requests import mailed_code
from tests.functional.api.programs import Programs
from tests.tenancies import House

PATH = "/api/v1/subject-requests"
WISH = {"kind": "access", "channel": "email", "email": EMAIL, "service": "T"}


@pytest.fixture
def rights(programs: Programs, house: House) -> Rights:
    return Rights(house, house.alice)


def _post(programs: Programs, rights: Rights, path: str, body: Any, **key: Any) -> TestResponse:
    headers = programs.key(rights.tenant, **key)
    return programs.client.post(path, json=body, headers=headers)


def _code(rights: Rights) -> str:
    with rights.tenant.work() as work:
        return mailed_code(work, rights)


@pytest.mark.promise("C7")
@pytest.mark.promise("C1")
def test_asked_identified_by_code_and_fetched_once(programs: Programs, rights: Rights) -> None:
    made = _post(programs, rights, PATH, WISH).json
    assert made is not None
    assert made["reference"].startswith("R-")
    one, request_id = f"{PATH}/{made['id']}", uuid.UUID(made["id"])
    wrong = _post(programs, rights, f"{one}/verify", {"code": "22222-22222"})
    assert (wrong.status_code, wrong.json["code"]) == (403, "code_refused")  # type: ignore[index]
    tries = rights.house.rows("SELECT code_tries FROM subject_requests")
    assert list(tries) == [(1,)], "a wrong try counts though it is refused"
    right = _post(programs, rights, f"{one}/verify", {"code": _code(rights)})
    assert right.json == {"id": made["id"], "state": "running"}
    rights.run(request_id)
    shown = programs.client.get(one, headers=programs.key(rights.tenant)).json
    assert shown is not None
    assert (shown["state"], shown["has_file"], shown["proven"]) == ("done", True, ["email"])
    assert _post(programs, rights, f"{one}/result", {}).status_code == 409
    file = _post(programs, rights, f"{one}/result", {"code": _code(rights)})
    assert file.status_code == 200
    assert "no-store" in file.headers["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert {"index.html", "data.json", "manifest.json"} <= set(archive.namelist())
    assert _post(programs, rights, f"{one}/result", {"code": "x"}).status_code == 410


def test_lists_go_by_pages_and_states(programs: Programs, rights: Rights) -> None:
    for _ in range(3):
        assert _post(programs, rights, PATH, WISH).status_code == 200
    headers = programs.key(rights.tenant)
    page = programs.client.get(f"{PATH}?limit=2", headers=headers).json
    assert page is not None
    assert len(page["requests"]) == 2
    rest = programs.client.get(f"{PATH}?cursor={page['next_cursor']}", headers=headers).json
    assert rest is not None
    assert len(rest["requests"]) == 1
    none = programs.client.get(f"{PATH}?state=closed", headers=headers).json
    assert none == {"requests": [], "next_cursor": None}


@pytest.mark.attack(34)
def test_another_tenant_gets_404_whatever_it_tries(programs: Programs, rights: Rights) -> None:
    made = _post(programs, rights, PATH, WISH).json
    assert made is not None
    others, one = Rights(rights.house, rights.house.charlie), f"{PATH}/{made['id']}"
    code = _code(rights)
    for path, body in ((f"{one}/verify", {"code": code}), (f"{one}/result", {"code": code})):
        assert _post(programs, others, path, body).status_code == 404
    assert _post(programs, others, f"{one}/code", None).status_code == 404
    headers = programs.key(others.tenant)
    assert programs.client.get(one, headers=headers).status_code == 404
    assert list(rights.house.rows("SELECT code_tries FROM subject_requests")) == [(0,)]


def test_a_test_key_stores_nothing_and_a_scope_is_needed(
    programs: Programs, rights: Rights
) -> None:
    assert _post(programs, rights, PATH, WISH, mode=Mode.TEST).status_code == 200
    assert rights.house.installation.count("subject_requests") == 0
    reader = {"scopes": [Permission.REQUESTS_READ]}
    assert _post(programs, rights, PATH, WISH, **reader).status_code == 403
    for bad in (
        {**WISH, "email": None},
        {**WISH, "kind": "rectification"},
        {**WISH, "service": "C"},
    ):
        assert _post(programs, rights, PATH, bad).status_code in (400, 422), bad
