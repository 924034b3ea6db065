"""What the operators' pages tell people to type does what they say, on a real installation."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from jobs.commands import exports, keys, ledger, marketplaces, migrate, retention, tenants
from jobs.embedded.environments import write_environment
from jobs.installation import Installation
from privacy.core.settings import Settings
from tests.architecture.sources import ROOT
from tests.installations import Installation as Made
from tests.installations import make_installation
from tests.servers import Servers
from wsgi import main

COMMANDS = (exports, keys, ledger, marketplaces, migrate, retention, tenants)


@dataclass
class Silta:
    """`silta …` in this process, against `settings`."""

    settings: Settings
    capsys: pytest.CaptureFixture[str]
    opened: list[Installation] = field(default_factory=list)

    def open_installation(self) -> Installation:
        """What commands call; closed when the test is over."""
        self.opened.append(Installation(self.settings))
        return self.opened[-1]

    def __call__(self, *words: str, code: int = 0) -> str:
        """What it says: on standard output, or in its one line on standard error."""
        sys.argv = ["silta", *words]
        with pytest.raises(SystemExit) as ended:
            main()
        said = self.capsys.readouterr()
        assert ended.value.code == code, said.out + said.err
        assert code != 2 or said.err.count("\n") == 1
        return said.err if code == 2 else said.out


@pytest.fixture
def fresh(servers: Servers, tmp_path: Path) -> Iterator[Made]:
    """An installation before `silta migrate`."""
    name = servers.create_database()
    made = make_installation(servers, name, tmp_path)
    yield made
    made.engines.dispose()
    servers.drop_database(name)


@pytest.fixture
def silta(
    fresh: Made, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Silta]:
    """The command, as the pages name it."""
    command = Silta(fresh.settings, capsys)
    for module in COMMANDS:
        monkeypatch.setattr(module, "open_installation", command.open_installation)
    monkeypatch.setattr(sys, "argv", sys.argv)
    yield command
    for installation in command.opened:
        installation.close()


def test_an_installation_begins_and_survives_losses(silta: Silta, fresh: Made) -> None:
    """In one walk, because a founded installation costs seconds."""
    assert "silta migrate" in silta("keys", "check", code=2)
    assert "founded" in silta("migrate")
    assert "founded" not in silta("migrate")
    shown = silta("user", "invite", "you@example.com", "--show")
    assert "/invitations/" in shown or "http" in shown
    made = silta("tenant", "create", "Example Oy", "--owner", "boss@example.org", "--json")
    _move_a_tenant(silta, json.loads(made)["tenant_id"], fresh.folder)
    _lose_the_keys_folder(silta, fresh)
    _lose_escrow(silta, fresh)
    _rotate_the_root(silta)
    assert "intact" in silta("ledger", "verify")
    assert json.loads(silta("retention", "run", "--dry-run", "--json"))["day_keys"] == 0
    assert "has begun" in silta("retention", "run")
    silta("retention", "run", "--as-of", "2099-01-01", code=2)


def _move_a_tenant(silta: Silta, tenant_id: str, folder: Path) -> None:
    """Out, and in again; whatever is wrong is one line, and nothing is written."""
    secret, file = folder / "passphrase", folder / "tenant.age"
    secret.write_text("kettle rowing vivid plum\n")
    leave = ("tenant", "export", tenant_id, "--out", str(file))
    assert "chmod 600" in silta(*leave, "--passphrase-file", str(secret), code=2)
    secret.chmod(0o600)
    assert "either" in silta(*leave, code=2)
    assert "age1" in silta(*leave, "--to", "age1nonsense", code=2)
    unknown = ("tenant", "export", "0198c0de-0000-7000-8000-00000000dead", "--out", str(file))
    assert "no tenant" in silta(*unknown, "--passphrase-file", str(secret), code=2)
    assert not file.exists()
    assert "bytes" in silta(*leave, "--passphrase-file", str(secret))
    assert file.stat().st_mode & 0o777 == 0o600
    assert "exists already" in silta(*leave, "--passphrase-file", str(secret), code=2)
    arrive = ("tenant", "import", str(file), "--passphrase-file", str(secret), "--json")
    foreseen = json.loads(silta(*arrive, "--dry-run"))
    assert (foreseen["dry_run"], foreseen["tenant_id"]) == (True, tenant_id)
    came = json.loads(silta(*arrive))
    assert came["tenant_created"] is False
    assert came["tables"]["ledger_events"]["evidence"] > 0
    assert "cannot be read" in silta(*arrive[:2], str(folder / "none"), *arrive[3:], code=2)
    file.write_bytes(file.read_bytes()[:-1])
    assert "does not decrypt" in silta(*arrive, code=2)


def _lose_the_keys_folder(silta: Silta, fresh: Made) -> None:
    folder = fresh.settings.keys_folder
    kept = folder.with_name("safe")
    kept.mkdir(exist_ok=True)
    for path in folder.glob("ledger-signing.*"):
        shutil.copy(path, kept)
    shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    assert "silta keys restore" in silta("keys", "check", code=2)
    for path in kept.iterdir():
        shutil.copy(path, folder)
    assert "keys are on the ring again" in silta("keys", "restore", "--yes")
    silta("keys", "check")


def _lose_escrow(silta: Silta, fresh: Made) -> None:
    shutil.rmtree(fresh.settings.escrow_bundle_folder)
    shutil.rmtree(fresh.settings.escrow_epoch_folder)
    assert "silta keys escrow" in silta("keys", "check", code=2)
    assert "Escrow holds" in silta("keys", "escrow")
    silta("keys", "check")


def _rotate_the_root(silta: Silta) -> None:
    assert "version 2" in silta("keys", "add-root")
    assert "wrapped anew" in silta("keys", "rotate-root")
    assert "Only version 2 is left" in silta("keys", "drop-old-roots", "--yes")
    silta("keys", "check")


def test_help_is_shown_as_it_is() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wsgi"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "\nCommands:\n" in done.stderr


def test_the_environment_is_for_a_shell(tmp_path: Path) -> None:
    path = tmp_path / "environment"
    given = {"SILTA_REDIS_URL": "unix://silta:it's a $secret@/r.sock?db=0", "HOME": "/root"}
    write_environment(path, given)
    assert path.stat().st_mode & 0o777 == 0o600
    shell = subprocess.run(
        ["/bin/sh", "-c", f'. {path}; printf %s "$SILTA_REDIS_URL"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shell.stdout == given["SILTA_REDIS_URL"]
    assert "HOME" not in path.read_text()


def test_a_marketplace_gets_a_key_and_is_told_of_changes(silta: Silta) -> None:
    silta("migrate")
    made = json.loads(silta("marketplace", "key", "Market", "--json"))
    assert made["key"].isalnum()
    place = ("marketplace", "callback", made["key_id"])
    there = "https://market.example.com/changed"
    assert "announced" in silta(*place, there, "--key", made["key"])
    silta(*place, there, "--key", "another", code=2)
    silta(*place, "http://market.example.com/", "--key", made["key"], code=2)
    (listed,) = json.loads(silta("marketplace", "keys", "--json"))["keys"]
    assert (listed["state"], listed["announces"]) == ("active", True)
    assert made["key"] not in silta("marketplace", "keys")
    silta("marketplace", "revoke", made["key_id"])
    (listed,) = json.loads(silta("marketplace", "keys", "--json"))["keys"]
    assert (listed["state"], listed["announces"]) == ("revoked", False)
