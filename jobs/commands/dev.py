"""`silta dev`: everything on this machine, with a demo tenant; what `make run` calls."""

import os
import sys
from datetime import timedelta
from pathlib import Path

import click

from connector.simulators.certificates import local_tls
from jobs.commands.key_advice import with_advice
from jobs.demo.memory import TLS_FOLDER
from jobs.demo.seed import Demo, seed_demo
from jobs.demo.simulators import addresses
from jobs.embedded.environments import write_environment
from jobs.embedded.stack import Step, run_stack, service
from jobs.installation import Installation, open_installation
from privacy.backups.seals import make_identity, public_keys
from privacy.core.errors import Misconfigured
from privacy.core.watch import time_behind
from privacy.vault.folders import prepare_folder
from privacy.vault.roots import create_root_file

_KEYS = frozenset(
    {
        "SILTA_OWNER_DATABASE_URL",
        "SILTA_KEEPER_DATABASE_URL",
        "SILTA_SEQUENCER_DATABASE_URL",
        "SILTA_BACKUP_DATABASE_URL",
    }
)
_DRILL = frozenset({"SILTA_DRILL_DATABASE_URL", "SILTA_DRILL_IDENTITY_FILE"})
_EVERYTHING = (
    _KEYS
    | _DRILL
    | {
        "SILTA_DATABASE_URL",
        "SILTA_RELAY_DATABASE_URL",
        "SILTA_REDIS_URL",
        "SILTA_ROOT_KEY",
    }
)


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
@click.option("--demo/--no-demo", default=True, show_default=True, help="Load a demo tenant.")
@click.option("--servers", is_flag=True, help="PostgreSQL and Redis only, to mend something.")
def dev(folder: Path, demo: bool, servers: bool) -> None:
    """Start PostgreSQL, Redis, web, worker and scheduler here. Ctrl-C stops everything."""
    run = _Run(folder, demo=demo)
    if servers:
        sys.exit(run_stack(folder, steps=run.few_steps(), services=[], welcome=run.mending))
    services = [
        service("web", withhold=_KEYS | _DRILL | {"SILTA_RELAY_DATABASE_URL"}),
        service("worker", withhold=_DRILL, awaits=run.simulators),
        service("scheduler", withhold=_DRILL),
    ]
    if demo:
        simulators = service("simulators", "demo", "simulators", withhold=_EVERYTHING)
        services = [simulators, *services, service("demo", withhold=_KEYS | _DRILL)]
    sys.exit(run_stack(folder, steps=run.steps(), services=services, welcome=run.welcome))


class _Run:
    """The steps of one start; they share the installation that the first of them opens."""

    def __init__(self, folder: Path, *, demo: bool) -> None:
        self._folder = folder
        self._with_demo = demo
        self._demo: Demo | None = None
        self._behind = timedelta()

    def steps(self) -> list[Step]:
        """What is done once both servers run."""
        steps = [
            Step("Root key", make_root_key),
            Step("Keys of archives", self._make_archive_keys),
            Step("Schema, partitions, keys", self._set_up),
        ]
        if self._with_demo:
            steps.insert(1, Step("Simulators' certificate", self._open_loopback))
            steps.append(Step("Demo tenant", self._seed))
        return steps

    def few_steps(self) -> list[Step]:
        """What is done where commands shall mend what keeps the rest from starting."""
        return [
            Step("Keys of archives", self._make_archive_keys),
            Step("Environment", self._write_environment),
        ]

    def mending(self) -> str:
        """How a command reaches the servers."""
        place = self._folder / "environment"
        return (
            "\n  PostgreSQL and Redis run, and nothing else. In another shell, for example:\n"
            f"  (set -a; . {place}; .venv/bin/silta keys check)\n\n  Ctrl-C stops them.\n"
        )

    def simulators(self) -> list[str]:
        """Addresses that the worker will ask."""
        return addresses(self._demo.memory) if self._demo is not None else []

    def welcome(self) -> str:
        """Where to look, and how to sign in."""
        address = os.environ["SILTA_PUBLIC_URL"]
        lines = ["", f"  Silta runs at {address}", f"  API documentation: {address}/api/docs"]
        if self._demo is not None:
            lines += self._demo.lines()
        if days := os.environ.get("SILTA_CLOCK_DAYS"):
            lines.append(f"  The development clock is {days} days ahead.")
        if self._behind:
            lines += _backwards(int(days or 0), self._behind)
        return "\n".join([*lines, "  Ctrl-C stops everything; the data stays in var/.", ""])

    def _open_loopback(self) -> str | None:
        """Let this development stack, and nothing else, ask simulators on this machine."""
        if os.environ["SILTA_ENV"] != "development":
            raise Misconfigured("The demo is for development: leave SILTA_ENV unset.")
        tls = local_tls(self._folder / TLS_FOLDER)
        os.environ.setdefault("SILTA_OUTBOUND_LOOPBACK", "true")
        os.environ.setdefault("SILTA_OUTBOUND_CA_FILE", str(tls.authority.absolute()))
        return None

    def _make_archive_keys(self) -> str | None:
        """Archives of this stack go to a folder beside it, and both keys that open them too: good
        for trying, and for nothing else."""
        if os.environ.get("SILTA_BACKUP_STORE"):
            return None
        folder = (self._folder / "archive-keys").absolute()
        files = {name: folder / f"{name}.txt" for name in ("recovery", "drill")}
        made = not all(path.exists() for path in files.values())
        prepare_folder(folder)
        keys = [
            public_keys(path)[0] if path.exists() else make_identity(path)
            for path in files.values()
        ]
        os.environ["SILTA_BACKUP_STORE"] = str((self._folder / "archives").absolute())
        os.environ["SILTA_BACKUP_RECIPIENTS"] = ",".join(keys)
        os.environ.setdefault("SILTA_DRILL_IDENTITY_FILE", str(files["drill"]))
        return f"made in {folder}: elsewhere they belong on other machines" if made else None

    def _write_environment(self) -> str | None:
        write_environment(self._folder / "environment", os.environ)
        return None

    def _set_up(self) -> str | None:
        self._write_environment()
        installation = open_installation()
        try:
            founded = with_advice(installation, self._folder)
            with installation.engines.app.connect() as connection:
                self._behind = time_behind(connection)
        finally:
            installation.close()
        return "founded" if founded else None

    def _seed(self) -> str | None:
        installation: Installation = open_installation()
        try:
            self._demo = seed_demo(installation, self._folder / "demo.json")
        finally:
            installation.close()
        return self._demo.remark


def _backwards(days: int, behind: timedelta) -> list[str]:
    """Without a word, every new call would be older than the keys that are left."""
    return [
        "",
        "  But time runs backwards: this var/ has been further ahead. Calls of today have no key",
        "  any more, and nothing is destroyed. Set the clock ahead again:",
        f"  SILTA_CLOCK_DAYS={days + behind.days + 1} make run, or begin anew with `make reset`.",
        "",
    ]


def make_root_key() -> str | None:
    """Make the root key file of a new installation. Returns what to say of it, if anything.

    Raises:
        Misconfigured: it is gone, and what it opens is there.
    """
    if os.environ.get("SILTA_ROOT_KEY"):
        return "from SILTA_ROOT_KEY"
    path = Path(os.environ["SILTA_ROOT_KEY_FILE"])
    if path.exists():
        return None
    keys = Path(os.environ["SILTA_KEYS_FOLDER"])
    if keys.is_dir() and any(keys.iterdir()):
        raise Misconfigured(
            f"The root key file {path} is missing, and the keys that it opens are there. Put it "
            "back, or delete all data with `make reset`."
        )
    create_root_file(path)
    return f"made: keep a copy of {path} apart from every backup"
