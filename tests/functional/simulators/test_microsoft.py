"""Microsoft's simulator by itself: whom it refuses, and the command."""

import signal
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector.outbound.client import Outbound
from connector.outbound.failures import Untrusted
from connector.outbound.recipients import Recipient, Recipients
from connector.outbound.trust import outbound_trust
from connector.simulators.certificates import local_tls
from connector.simulators.microsoft.keys import Keys
from privacy.core.errors import Misconfigured
from privacy.core.settings import Settings
from tests.functional.microsoft.worlds import trust, world

ROOT = Path(__file__).parents[3]


def grant(url: str, keys: Keys, **changes: str) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_id": keys.client_id,
        "client_secret": keys.client_secret,
        "scope": f"{url}/.default",
    }
    place = f"{url}/{changes.pop('tenant', keys.tenant_id)}/oauth2/v2.0/token"
    return httpx.post(place, data=form | changes, verify=trust())


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "x"}, 401, "invalid_client"),
        ({"client_id": "x"}, 400, "unauthorized_client"),
        ({"tenant": "x"}, 400, "invalid_tenant"),
        ({"scope": "https://vault.example.com/.default"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
    ],
)
def test_who_gets_no_token(changes: dict[str, str], status: int, error: str) -> None:
    with world() as w:
        answer = grant(w.url, w.desk.keys, **changes)
        assert (answer.status_code, answer.json()["error"]) == (status, error)
        assert grant(w.url, w.desk.keys).json()["expires_in"] == "3599"


def test_tokens_are_for_one_interface_and_end() -> None:
    with world(lasts=60) as w:
        headers = {"MS-RequestId": "0" * 32, "MS-CorrelationId": "0" * 32}

        def ask(path: str, scope: str) -> int:
            said = grant(w.url, w.desk.keys, scope=f"{scope}/.default").json()
            sent = headers | {"Authorization": f"Bearer {said['access_token']}"}
            return httpx.get(f"{w.url}{path}", headers=sent, verify=trust()).status_code

        center, graph = "https://api.partnercenter.microsoft.com", "https://graph.microsoft.com"
        calls = "/v1.0/communications/callRecords"
        assert ask("/v1/customers", center) == ask(calls, graph) == 200
        assert ask("/v1/customers", graph) == ask(calls, center) == 403
        assert httpx.get(f"{w.url}/v1/customers", verify=trust()).status_code == 401


def test_pages_are_as_documented() -> None:
    with world() as w:
        token = grant(w.url, w.desk.keys).json()["access_token"]
        headers = {
            "Authorization": f"Bearer {token}",
            "MS-RequestId": "0" * 32,
            "MS-CorrelationId": "0" * 32,
        }
        answer = httpx.get(f"{w.url}/v1/customers?size=5", headers=headers, verify=trust())
        assert answer.content.startswith(b"\xef\xbb\xbf")
        link = httpx.Response(200, content=answer.content[3:]).json()["links"]["next"]
        assert link["uri"].count("?") == 2
        headers["MS-ContinuationToken"] = "another"
        answer = httpx.get(
            f"{w.url}/v1/customers?size=5&seekOperation=Next", headers=headers, verify=trust()
        )
        assert answer.status_code == 400
        del headers["MS-RequestId"]
        answer = httpx.get(f"{w.url}/v1/customers", headers=headers, verify=trust())
        assert answer.status_code == 400


def test_faults_are_ordered_met_and_cleared() -> None:
    with world() as w:
        url, control = w.url, httpx.Client(verify=trust())
        order = {"name": "429", "times": 2, "seconds": 7, "resource": "token"}
        assert control.post(f"{url}/_control/faults", json=order).status_code == 204
        assert control.get(f"{url}/_control/state").json()["faults"] == ["429"]
        refused = grant(url, w.desk.keys)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
        assert control.delete(f"{url}/_control/faults").status_code == 204
        assert grant(url, w.desk.keys).status_code == 200
        wrong: tuple[Any, ...] = ({"name": "nothing"}, {}, [], "429", {"name": "429", "times": "x"})
        for bad in wrong:
            assert control.post(f"{url}/_control/faults", json=bad).status_code == 422
        assert control.post(f"{url}/_control/faults", content="name=429").status_code == 415
        made = control.post(f"{url}/_control/calls", json={"version": 2}).json()
        assert (made["version"], made["told"]) == (2, [])
        wrong = ([], {"number": "x"}, {"version": None, "number": 1.5})
        for bad in wrong:
            assert control.post(f"{url}/_control/calls", json=bad).status_code == 422
        assert control.post(f"{url}/_control/lifecycle", json={"event": "x"}).status_code == 422


@pytest.mark.promise("F1")
def test_nobody_trusts_it_unasked() -> None:
    with world() as w, pytest.raises(Untrusted):
        Outbound(Recipients([Recipient.of(w.url)]), loopback=True).send("GET", f"{w.url}/")


def test_its_authority_vouches_for_this_machine_only(tmp_path: Path) -> None:
    made = local_tls(tmp_path / "tls")
    again = local_tls(tmp_path / "tls")
    assert made.authority.read_bytes() == again.authority.read_bytes()
    assert b"PRIVATE" not in made.authority.read_bytes()
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "tls" / "server.pem").stat().st_mode) == 0o600
    made.authority.write_bytes(b"spoiled")
    assert local_tls(tmp_path / "tls").authority.read_bytes() != b"spoiled"


def _settings(**said: Any) -> Settings:
    return Settings.model_construct(**said)


def test_only_development_trusts_one_authority_more(tmp_path: Path) -> None:
    authority = local_tls(tmp_path / "tls").authority
    found = outbound_trust(_settings(env="development", outbound_ca_file=authority))
    assert isinstance(found["tls"], ssl.SSLContext)
    assert outbound_trust(_settings(env="production", outbound_ca_file=authority)) == {}
    assert outbound_trust(_settings(env="development", outbound_ca_file=None)) == {}
    with pytest.raises(Misconfigured):
        outbound_trust(_settings(env="development", outbound_ca_file=tmp_path / "none.pem"))


@contextmanager
def command(folder: Path, *options: str) -> Iterator[tuple[str, Keys, subprocess.Popen[str]]]:
    """The running command, its address and keys."""
    run = [sys.executable, "wsgi.py", "simulate", "microsoft", "--port", "0"]
    run += ["--tls-folder", str(folder), *options]
    process = subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1], Keys.of(1), process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        process.stdout.close()


def test_the_command_answers_and_stops(tmp_path: Path) -> None:
    with command(tmp_path, "--customers", "3", "--fault", "429") as (url, keys, process):
        assert process.stdout is not None
        shown = [process.stdout.readline() for _ in range(6)]
        assert any(keys.client_secret in line for line in shown)
        client = httpx.Client(
            verify=ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))
        )
        place = f"{url}/{keys.tenant_id}/v2.0/.well-known/openid-configuration"
        assert client.get(place).status_code == 429
        assert client.get(place).json()["token_endpoint"].startswith(url)
        assert client.get(f"{url}/_control/state").json()["customers"] == 3
    assert process.returncode == 0
