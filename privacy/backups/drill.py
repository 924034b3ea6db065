"""A drill: the newest archive, restored for real into a scratch database that is dropped again.

It has a key of its own and runs as another user or on another host than web and worker. A backup
counts when it was restored (promise F4, ATTACK 63).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from sqlalchemy import Engine

from privacy.backups.chains import check_beginnings
from privacy.backups.depots import Depot
from privacy.backups.manifests import Manifest
from privacy.backups.restore import OnStep, Target, restore_archive
from privacy.backups.samples import open_samples
from privacy.backups.scratches import Scratch, scratch_database
from privacy.backups.seals import Identities
from privacy.core import clock
from privacy.ledger.anchors import Anchors
from privacy.vault.custody import Custody
from privacy.vault.ports import FileKeyPort
from privacy.vault.restores import restore_from_escrow
from privacy.vault.roots import RootKeys


@dataclass(frozen=True)
class Drilling:
    """What a drill is given.

    Args:
        server: URL of a role that may create databases. The service's roles must exist on that
            server, for policies name them; they get no rights in the scratch database.
        replay: erases again, in the scratch database, what was erased since a moment.
    """

    server: SecretStr
    depot: Depot
    custody: Custody
    roots: RootKeys
    identities: Identities
    anchors: Anchors
    revisions: Collection[str]
    replay: Callable[[Engine, Custody, datetime], int]
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Drilled:
    """What was found, and how long it took."""

    manifest: Manifest
    took: timedelta
    links: int
    erasures: int
    values_opened: int


def run_drill(given: Drilling, *, on_step: OnStep = lambda _step: None) -> Drilled:
    """Restore, compare, verify, replay, open samples, drop.

    Raises:
        SiltaError: what would have failed in a real restoration; the scratch database is gone.
    """
    began = clock.monotonic()
    with scratch_database(given.server) as scratch:
        manifest = restore_archive(
            Target(scratch.engine, scratch.url, roles=False, folder=given.folder),
            given.depot,
            given.custody,
            given.identities,
            revisions=given.revisions,
            on_step=on_step,
        )
        scratch.raise_walls()
        links = check_beginnings(scratch.whole, None, given.anchors, given.depot.identity)
        on_step(f"{links} links of the ledger hold")
        erased, opened = _use(given, scratch, manifest)
        on_step(f"{erased} rows erased again, {opened} values opened")
    took = timedelta(seconds=clock.monotonic() - began)
    return Drilled(manifest, took, links, erased, opened)


def _use(given: Drilling, scratch: Scratch, manifest: Manifest) -> tuple[int, int]:
    """With a key port of its own: a drill changes nothing of the living installation's."""
    with TemporaryDirectory() as folder:
        port = FileKeyPort(Path(folder) / "port", given.roots)
        custody = Custody(port, given.custody.escrow)
        restore_from_escrow(scratch.whole, custody)
        erased = given.replay(scratch.engine, custody, manifest.began_at - clock.offset())
        return erased, open_samples(scratch.engine, scratch.whole, custody)
