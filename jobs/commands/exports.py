"""`silta tenant export` and `silta tenant import`: a tenant moves from house to house."""

import os
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import click

from connector.exports.ages import Lock, Opener, check_passphrase, check_recipient
from connector.exports.arrive import Arrived, Arriving, foresee_import, import_archive
from connector.exports.ask import ask_export
from connector.exports.fetch import fetch_export
from connector.exports.make import Making, fail_export, make_export
from connector.exports.outcomes import Fate
from jobs.commands.output import answer, as_json
from jobs.installation import Installation, open_installation
from jobs.policy import code_of
from migrations.run import head, known_revisions
from privacy.backups.seals import read_identities
from privacy.core.db.work import SYSTEM
from privacy.core.errors import Invalid, Misconfigured
from tenants.tenants.list import require_tenant

_FILE: Final = click.Path(path_type=Path)
_PASSPHRASE: Final = "A file with the passphrase, on one line."  # noqa: S105


@click.command("export")
@click.argument("tenant_id", type=click.UUID)
@click.option("--out", required=True, type=_FILE, help="Where the archive goes (0600).")
@click.option("--to", "recipient", default=None, metavar="KEY", help="The tenant's age public key.")
@click.option("--passphrase-file", type=_FILE, default=None, help=_PASSPHRASE)
@as_json
def export(
    tenant_id: uuid.UUID,
    out: Path,
    recipient: str | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Write an encrypted archive of everything that a tenant has."""
    lock = _lock(recipient, passphrase_file)
    if out.exists():
        raise Misconfigured(f"{out} exists already; nothing was written.")
    installation = open_installation()
    installation.check()
    size = _write(installation, tenant_id, lock, out)
    document = {"tenant_id": tenant_id, "file": str(out), "bytes": size}
    answer(document, f"{out} was written: {size} bytes.", as_json=as_json)


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--identity", type=_FILE, default=None, help="A file of age identities (0600).")
@click.option("--passphrase-file", type=_FILE, default=None, help=_PASSPHRASE)
@click.option("--tenant", "tenant_id", type=click.UUID, default=None, help="Default: its own.")
@click.option("--owner", default=None, metavar="E-MAIL", help="Who is invited, if it is made.")
@click.option("--dry-run", is_flag=True, help="Check all of it, and say what would come.")
@as_json
def import_(
    file: Path,
    identity: Path | None,
    passphrase_file: Path | None,
    tenant_id: uuid.UUID | None,
    owner: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring an archive in. The same one twice changes nothing."""
    opener = _opener(identity, passphrase_file)
    installation = open_installation()
    installation.check()
    arriving = Arriving(opener, SYSTEM, known_revisions(), tenant_id, owner)
    use = foresee_import if dry_run else import_archive
    try:
        with file.open("rb") as archive:
            arrived = use(installation.desk, archive, arriving)
    except OSError as error:
        raise Misconfigured(f"{file} cannot be read ({error.strerror}).") from None
    answer(_document(arrived, dry_run), *_lines(arrived, dry_run), as_json=as_json)


def _lock(recipient: str | None, passphrase_file: Path | None) -> Lock:
    if (recipient is None) == (passphrase_file is None):
        raise Misconfigured("Give either --to or --passphrase-file.")
    try:
        if recipient is not None:
            return Lock(recipient=check_recipient(recipient))
        assert passphrase_file is not None  # noqa: S101 - one of the two is given
        return Lock(passphrase=check_passphrase(_secret(passphrase_file)))
    except Invalid as refusal:
        fields: Any = refusal.details["fields"]
        raise Misconfigured(" ".join(fields.values())) from None


def _opener(identity: Path | None, passphrase_file: Path | None) -> Opener:
    if (identity is None) == (passphrase_file is None):
        raise Misconfigured("Give either --identity or --passphrase-file.")
    if identity is not None:
        return Opener(identities=read_identities(identity))
    assert passphrase_file is not None  # noqa: S101 - one of the two is given
    return Opener(passphrase=_secret(passphrase_file))


def _secret(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise Misconfigured(f"{path} is open to others: chmod 600 it.")
        return path.read_text().strip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(f"{path} cannot be read.") from None


def _write(installation: Installation, tenant_id: uuid.UUID, lock: Lock, out: Path) -> int:
    desk = installation.desk
    with desk.installation(SYSTEM) as work:
        require_tenant(work, tenant_id)
    with desk.tenant(tenant_id, SYSTEM) as work:
        export_id = ask_export(work, recipient=lock.recipient, run=False)
    making = Making(desk, tenant_id, SYSTEM, export_id, schema=head() or "")
    try:
        make_export(making)
    except BaseException as error:
        fail_export(making, code=code_of(error))
        raise
    fetched = fetch_export(making.work, desk.ring, export_id=export_id, passphrase=lock.passphrase)
    with closing(fetched.parts()) as parts:
        return _pour(parts, out)


def _pour(parts: Iterator[bytes], out: Path) -> int:
    """All of it is there, or nothing is."""
    beside = out.with_name(f".{out.name}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            size = sum(file.write(part) for part in parts)
        beside.rename(out)
    except OSError as error:
        raise Misconfigured(
            f"{out} cannot be written ({error.strerror}); nothing is left of it."
        ) from None
    finally:
        beside.unlink(missing_ok=True)
    return size


def _document(arrived: Arrived, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "tenant_id": arrived.tenant_id,
        "tenant_created": arrived.created,
        "made_at": arrived.manifest.snapshot_at,
        "tables": {
            name: {fate.value: count for fate, count in sorted(counts.items())}
            for name, counts in sorted(arrived.outcome.counts.items())
        },
        "expired_days": arrived.outcome.expired_days,
        "left_behind": arrived.manifest.left_behind,
    }


def _lines(arrived: Arrived, dry_run: bool) -> list[str]:
    outcome, says = arrived.outcome, "would come at most" if dry_run else "came"
    lines = [
        f"Tenant {arrived.tenant_id}{' (new)' if arrived.created else ''}: "
        f"{outcome.total(Fate.CREATED)} rows {says}, of "
        f"{arrived.manifest.snapshot_at:%Y-%m-%d %H:%M} UTC."
    ]
    for fate, words in _WORDS.items():
        if count := outcome.total(fate):
            lines.append(f"{count} {words}")
    left = sorted(arrived.manifest.left_behind.items())
    lines += [f"{count} of {name} no archive can hold." for name, count in left]
    lines.append("Credentials are not in an archive: enter them again for each connected system.")
    return lines


_WORDS: Final = {
    Fate.UNCHANGED: "were here already.",
    Fate.EXPIRED: "are of days that are over; they were left out.",
    Fate.ERASED: "were erased here, or are about somebody who was; they were left out.",
    Fate.SUPPRESSED: "are of people who said something later here; they were left out.",
    Fate.ORPHANED: "belong to something that did not come.",
    Fate.TAKEN: "stand where something else stands here.",
    Fate.EVIDENCE: "tell what happened there, and stay in the archive.",
}
