"""What goes wrong, and what is typed, tells nothing of itself: on every route (ATTACK 52, 53)."""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import structlog
from redis import Redis
from sqlalchemy.exc import IntegrityError
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from privacy.core.errors import Misconfigured
from privacy.core.logs import FIELDS, configure_logs
from tenants.http.access import Access, Demand, access_of
from tenants.http.guard import is_machine
from tenants.http.headers import is_static
from tenants.permissions import GRANTS, Role
from tests.isolation.walls.addresses import path_of
from tests.isolation.walls.lives.programs import header_of
from tests.isolation.walls.world import World

_INPUT = re.compile(r"<(?:input|select|textarea)\b[^>]*\bname=\"(?P<name>[^\"]+)\"[^>]*>")
_SECRET = re.compile(r"type=\"password\"|name=\"(?:code|credential|csrf_token)\"")


@contextmanager
def heard(capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """What is logged meanwhile, as operators would have it."""
    configure_logs("DEBUG")
    capfd.readouterr()

    def read() -> str:
        said = capfd.readouterr()
        return said.out + said.err

    try:
        yield read
    finally:
        structlog.reset_defaults()


def _send(world: World, rule: Rule, method: str, **more: object) -> TestResponse:
    """A request to a rule by whoever may: Charlie, or his program."""
    values: dict[str, object] = {name: world.ids.get(name, "x") for name in rule.arguments}
    path = path_of(rule, values)
    if is_machine(rule.rule):
        return world.client.open(path, method=method, headers=world.charlies_key, **more)  # type: ignore[arg-type]
    if method != "GET":
        more.setdefault("data", {"csrf_token": world.browser.token()})
    return world.browser.client.open(path, method=method, **more)  # type: ignore[arg-type]


def _may(access: Access) -> bool:
    return access.demand is not Demand.PERMISSION or access.permission in GRANTS[Role.OWNER]


@pytest.mark.attack(52)
@pytest.mark.parametrize("kind", ["unexpected", "database", "settings"])
def test_a_view_that_breaks_tells_nothing(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    kind: str,
) -> None:
    canary, broken = f"canary-{secrets.token_hex(8)}", 0
    with heard(capfd) as lines:
        for rule, method, access in world.rules():
            apart = access.demand in (Demand.STEP, Demand.HOLDER)
            if is_static(rule.endpoint) or apart or not _may(access):
                continue
            breaking = _breaking(world, rule, canary, kind)
            monkeypatch.setitem(world.town.app.view_functions, rule.endpoint, breaking)
            _says_nothing(_send(world, rule, method), canary, f"{method} {rule.rule}")
            broken += 1
        said = lines()
    assert broken > 50
    assert '"error"' in said
    assert canary not in said


def _breaking(world: World, rule: Rule, canary: str, kind: str) -> Callable[..., object]:
    view = world.town.app.view_functions[rule.endpoint]

    def breaks(**_: object) -> object:
        if kind == "database":
            statement = f"INSERT INTO calls VALUES ('{canary}')"
            raise IntegrityError(statement, {"number": canary}, Exception(f"Key ({canary})"))
        if kind == "settings":
            raise Misconfigured(f"{canary}.py is missing, and SILTA_{canary} is not set")
        raise RuntimeError(f"{canary} in {__file__}")

    breaks.__dict__.update(view.__dict__)
    assert access_of(breaks) == access_of(view)
    return breaks


def _says_nothing(answer: TestResponse, canary: str, place: str) -> None:
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500, place
    for word in (canary, "Traceback", ".py", "sqlalchemy", "psycopg", "INSERT", "RuntimeError"):
        assert word not in text, place
    assert answer.headers["X-Request-Id"] in text, f"{place} gives no number to ask about"


@pytest.mark.attack(52)
def test_what_is_typed_into_any_form_reaches_no_log_and_no_redis(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """Secrets are not shown again either, not to the person who typed them."""
    secret, word = f"hush-{secrets.token_hex(8)}", f"word-{secrets.token_hex(8)}"
    with heard(capfd) as lines:
        forms = list(_forms(world, word))
        for path in forms:
            sent = _filled(world, path, secret, word)
            answer = world.browser.client.post(path, data=sent, query_string={"q": word})
            assert secret not in answer.get_data(as_text=True), path
        said = lines()
    assert len(forms) > 5
    assert '"route"' in said
    for typed in (secret, word):
        assert typed not in said
        assert not _in_redis(world, typed)


def _forms(world: World, word: str) -> Iterator[str]:
    """The address of each page that shows a form and takes it."""
    for rule, method, access in world.rules():
        shown = "GET" in (rule.methods or ()) and not rule.arguments - {"kind", "token"}
        if method != "POST" or not shown or is_machine(rule.rule):
            continue
        if access.demand is not Demand.STEP and _may(access):
            yield path_of(rule, {"kind": "twilio", "token": f"{word}-token"})


def _filled(world: World, path: str, secret: str, word: str) -> dict[str, str]:
    page = world.browser.client.get(path).get_data(as_text=True)
    found = {match["name"]: match[0] for match in _INPUT.finditer(page)}
    mail = f"{word}@example.com"
    filled = {name: secret if _SECRET.search(tag) else mail for name, tag in found.items()}
    return filled | {"csrf_token": world.browser.token()}


def _in_redis(world: World, word: str) -> bool:
    with Redis.from_url(world.installation.servers.redis_operator_url) as redis:
        dumped = [key + bytes(redis.dump(key) or b"") for key in redis.scan_iter("*")]
    assert dumped
    return any(word.encode() in one for one in dumped)


@pytest.mark.attack(52)
def test_what_programs_send_is_never_said_back_or_logged(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    word = f"word-{secrets.token_hex(8)}"
    with heard(capfd) as lines:
        for rule, method, _ in world.rules():
            if is_machine(rule.rule) and method in ("POST", "PUT"):
                _send_everything(world, rule, method, word)
        said = lines()
    assert "/in/<secret>" in said
    assert word not in said
    assert not _in_redis(world, word)


def _send_everything(world: World, rule: Rule, method: str, word: str) -> None:
    documents: tuple[object, ...] = ([{word: word}], {"number": word}, [{"caller": word}])
    for body in (word.encode(), *(json.dumps(document).encode() for document in documents)):
        answer = world.client.open(
            path_of(rule, dict.fromkeys(rule.arguments, f"{word}-address")),
            method=method,
            data=body,
            content_type="application/json",
            headers=header_of(world.key) | {"X-Forwarded-For": word, "User-Agent": word},
        )
        assert word not in answer.get_data(as_text=True), rule.rule
        assert not [value for _, value in answer.headers if word in value]


FORGED = '\r\n{"event":"forged","level":"info"}\x1b[31m\x00\x85\u2028'


@pytest.mark.attack(53)
def test_nothing_that_is_sent_forges_a_line(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """Line ends and terminal codes in paths, queries, headers, cookies, forms and documents."""
    with heard(capfd) as lines:
        for rule, method, _ in world.rules():
            if not is_static(rule.endpoint) and rule.endpoint != "sign_in.sign_out":
                _send_control_characters(world, rule, method)
        said = lines()
    whole = [line for line in said.split("\n") if line]
    assert len(whole) > 60
    for line in whole:
        logged = json.loads(line)
        assert set(logged) <= FIELDS | {"undeclared"}, line
        assert logged["event"] != "forged"
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]", said)
    assert "forged" not in said


def _send_control_characters(world: World, rule: Rule, method: str) -> None:
    raw = FORGED.encode().decode("latin-1")
    more: dict[str, object] = {
        "query_string": {"q": FORGED, "after": FORGED},
        "environ_overrides": dict.fromkeys(
            ("HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_X_REQUEST_ID", "HTTP_ORIGIN"), raw
        ),
    }
    if method != "GET":
        more["data"] = {"csrf_token": FORGED, FORGED: FORGED, "email": FORGED}
    client = world.client if is_machine(rule.rule) else world.browser.client
    values: dict[str, object] = {name: world.ids.get(name, FORGED) for name in rule.arguments}
    answer = client.open(path_of(rule, values), method=method, **more)  # type: ignore[arg-type]
    assert answer.status_code < 500, rule.rule
