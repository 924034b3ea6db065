"""PostgreSQL, told to log every statement with its parameters, learns no secret (ATTACK 15, 16).

What reaches the server as SQL is what a log, a replica, a monitoring query or a memory dump of
it could hold: sealed values, digests and tokens, and never a key or a plain text.
"""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import text

from privacy.vault import derivations
from privacy.vault.labels import Label
from tests.functional.console.town import PASSWORD, Town
from tests.installations import make_installation
from tests.isolation.walls.lives.programs import header_of
from tests.isolation.walls.world import EXCHANGE, World
from tests.servers import Servers
from tests.tenancies import House

LOUD = {
    "log_statement": "all",
    "log_min_duration_statement": "0",
    "log_error_verbosity": "verbose",
    "log_min_error_statement": "error",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
}
PUBLISHED = {Label.COMMIT, Label.KEY_CHECK}
"""Derived to be stored: they prove a key and open nothing."""


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> set[bytes]:
    """Every key that this process derives, and every key that it derives from."""
    seen: set[bytes] = set()
    whole = HKDF
    published = {derivations.canonical(label.encode()) for label in PUBLISHED}

    class Recording:
        def __init__(self, *given: Any) -> None:
            self._hkdf, self._info = whole(*given), given[3]

        def derive(self, key: bytes) -> bytes:
            made = self._hkdf.derive(key)
            seen.add(bytes(key))
            if not any(label in self._info for label in published):
                seen.add(made)
            return made

    monkeypatch.setattr(derivations, "HKDF", Recording)
    return seen


@pytest.fixture
def logged(
    servers: Servers, migrated: str, tmp_path: Path, keys: set[bytes]
) -> Iterator[tuple[World, Path, int]]:
    """A world on a talkative server; its log, and where the world begins in it."""
    name = servers.create_database(migrated)
    installation = make_installation(servers, name, tmp_path)
    with installation.superuser().connect() as connection:
        for setting, value in LOUD.items():
            connection.execute(text(f"ALTER DATABASE {name} SET {setting} = '{value}'"))
        connection.commit()
    start = servers.postgres.log.stat().st_size
    yield World(Town(House(installation))), servers.postgres.log, start
    installation.engines.dispose()
    servers.drop_database(name)


@pytest.mark.attack(15)
@pytest.mark.attack(16)
def test_no_key_and_no_plain_text_is_ever_in_a_statement(
    logged: tuple[World, Path, int], keys: set[bytes]
) -> None:
    world, log, start = logged
    words = _live(world)
    with log.open("rb") as file:
        file.seek(start)
        said = file.read()
    assert said.count(b"INSERT INTO") > 50, "the server logs statements"
    assert b"arameters: $1" in said, "and their parameters"
    assert len(keys) > 20
    found = [name for name, word in words.items() if _is_in(said, word)]
    assert found == []
    assert [key.hex()[:6] for key in keys if _is_in(said, key)] == []


def _live(world: World) -> dict[str, bytes]:
    """Use what the world has; return what must stay out of SQL."""
    town = world.town
    cookie = world.browser.client.get_cookie("silta_session")
    secret = world.charlie.secret
    assert cookie is not None
    assert secret is not None
    world.browser.post("/me/name", name="Charlie Canary-Name")
    alice = world.alice_in
    alice.get(f"/calls/{world.ids['call_id']}")
    alice.post("/calls", number="+12025550101", since="", until="")
    found = world.client.post(
        "/api/v1/calls/search", json={"number": "+12025550143"}, headers=header_of(world.key)
    )
    assert found.json is not None
    assert found.json["calls"], "the search finds what the exchange sent"
    words = {
        "password": PASSWORD,
        "cookie": cookie.value,
        "totp secret": secret,
        "e-mail": town.alice.email,
        "invited": "dora@example.com",
        "name of a person": "Canary-Name",
        "name of a tenant": "Alice Oy",
        "api key": world.key.text,
        "address of an exchange": str(world.account.secret),
        "caller": "12025550100",
        "searched": "2025550101",
        "number of an exchange": "2025550143",
        "called": "442079460018",
        "contact": "Robin Example",
        "internal number": "agent-7",
        "credential": "auth-token",
        "root key": world.installation.folder.joinpath("root.key").read_text().split()[1],
    }
    return {name: word.encode() for name, word in words.items()}


def _is_in(said: bytes, word: bytes) -> bool:
    forms = (
        word,
        word.hex().encode(),
        word.hex().upper().encode(),
        base64.b64encode(word).rstrip(b"="),
        base64.urlsafe_b64encode(word).rstrip(b"="),
        word.decode("latin-1").encode("unicode_escape"),
    )
    return any(form in said for form in forms)


def test_the_names_of_systems_are_the_tenants_own_words(
    logged: tuple[World, Path, int],
) -> None:
    """The scan is not blind: what is stored in the clear on purpose is seen in the log."""
    _, log, start = logged
    with log.open("rb") as file:
        file.seek(start)
        assert EXCHANGE.encode() in file.read()
