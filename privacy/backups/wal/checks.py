"""Is the log archived, can it be restored from, and does it end in time?"""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from privacy.backups.errors import StoreAbroad
from privacy.backups.regions import check_region
from privacy.backups.wal.archivers import Archiver
from privacy.backups.wal.configs import CIPHER, MOST_SECONDS, Rhythm
from privacy.backups.wal.defects import Defect, Remark
from privacy.backups.wal.places import folder_in, repository_lines, repository_place
from privacy.backups.wal.repositories import Repository
from privacy.core.settings import Settings

Sections = dict[str, dict[str, str]]
LATE: Final = timedelta(minutes=5)
GRACE: Final = timedelta(days=1)
"""What a backup may be late; its name tells the time by a clock that may be of any zone."""
_NEAR: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def of_archiver(state: Archiver, *, stanza: str) -> list[Defect]:
    """What is wrong with the server."""
    if not state.on or state.wal_level == "minimal":
        return [Defect.OFF]
    wrong = {
        Defect.COMMAND: not _hands_over(state.command, stanza),
        Defect.TIMEOUT: not 0 < state.timeout <= MOST_SECONDS,
        Defect.FAILING: state.failing,
        Defect.LATE: state.lag > LATE,
    }
    return [defect for defect, found in wrong.items() if found]


def _hands_over(command: str, stanza: str) -> bool:
    """Nothing else may stand there: an option could drop segments, or leave them in plain."""
    program, *options = command.split() or [""]
    settled = [each for each in options[:-2] if not each.startswith("--config=")]
    return (
        Path(program).name == "pgbackrest"
        and settled == [f"--stanza={stanza}"]
        and options[-2:] == ["archive-push", "%p"]
    )


def of_repository(found: Repository, settings: Settings, *, now: datetime) -> list[Defect]:
    """What is wrong with what is there."""
    if not found.fulls:
        return [Defect.NO_BACKUP]
    rhythm, keep = Rhythm.within(settings.backup_keep_days), settings.backup_keep_days
    full_late = now - found.fulls[-1] > timedelta(days=rhythm.full_days) + GRACE
    any_late = now - found.backups[-1] > timedelta(days=1) + GRACE
    over = [made for made in found.backups[:-1] if now - made > timedelta(days=keep) + GRACE]
    wrong = {
        Defect.OVERDUE: full_late or any_late,
        Defect.KEPT: bool(over),
        Defect.PLAIN: found.encrypted is not True,
    }
    return [defect for defect, here in wrong.items() if here]


def of_places(settings: Settings, *, services: Collection[str], data: Path | None) -> list[Defect]:
    """Whether repository, keys and data directory are apart, and in the right country."""
    found = [] if _allowed(settings, services) else [Defect.ABROAD]
    repository = folder_in(repository_place(settings))
    copied = [one for one in (repository, data) if one is not None]
    keys = (settings.keys_folder, settings.escrow_bundle_folder, settings.escrow_epoch_folder)
    if any(_touch(one, key) for one in copied for key in keys):
        found.append(Defect.KEYS_BESIDE)
    return found


def of_config(sections: Sections, settings: Settings) -> list[Defect]:
    """Whether a pgbackrest.conf encrypts, ends in time, holds the stanza, and means our place.

    What stands in the stanza's own section or in one of a command goes before `[global]`
    (pgbackrest.org/configuration.html), so nothing of the repository may be said again there.
    """
    whole, here = sections.get("global", {}), sections.get(settings.wal_stanza, {})
    rhythm = Rhythm.within(settings.backup_keep_days)
    days = whole.get("repo1-retention-full", "")
    well = (
        whole.get("repo1-cipher-type") == CIPHER
        and whole.get("repo1-retention-full-type") == "time"
        and days.isdecimal()
        and int(days) <= rhythm.keep_days
        and "repo1-retention-archive" not in whole
        and not any(_harms(name) for name in whole)
        and "pg1-path" in here
    )
    again = _nearer(sections, settings.wal_stanza)
    well = well and not any(name.startswith("repo") or _harms(name) for name in again)
    return [] if well and _is_place(whole, settings) else [Defect.CONFIG]


def _harms(option: str) -> bool:
    """Whether it lets go of segments that were not archived, keeps what is over, or names a second
    repository, of which nobody looks whether it is encrypted."""
    second = option.startswith("repo") and not option.startswith("repo1-")
    return second or option in ("archive-push-queue-max", "expire-auto")


def _nearer(sections: Sections, stanza: str) -> list[str]:
    """Options that go before those of `[global]` for this stanza."""
    return [
        name
        for section, options in sections.items()
        if section == stanza or section.startswith((f"{stanza}:", "global:"))
        for name in options
    ]


def _is_place(whole: dict[str, str], settings: Settings) -> bool:
    said = repository_lines(settings, shown=True)
    place = ("repo1-type", "repo1-path", "repo1-s3-bucket", "repo1-s3-endpoint")
    return all(whole.get(name) == said[name] for name in place if name in said)


def remarks_on(settings: Settings, *, data: Path | None) -> list[Remark]:
    """What an operator should think about."""
    place = repository_place(settings)
    folder = folder_in(place)
    if folder is None:
        endpoint = parse_qs(urlsplit(place).query).get("endpoint", [""])[-1]
        return [Remark.SAME_HOST] if urlsplit(endpoint).hostname in _NEAR else []
    try:
        together = data is not None and folder.stat().st_dev == data.stat().st_dev
    except OSError:
        together = False
    if together:
        return [Remark.SAME_DISK]
    return [Remark.SAME_HOST] if folder.is_dir() and not folder.is_mount() else []


def in_region(settings: Settings, *, services: Collection[str]) -> None:
    """Promise E4 for the repository. Raises StoreAbroad, Misconfigured."""
    country = settings.wal_country or settings.backup_country
    place = repository_place(settings)
    update = {"backup_store": place, "backup_country": country}
    check_region(settings.model_copy(update=update), services=services)


def _allowed(settings: Settings, services: Collection[str]) -> bool:
    try:
        in_region(settings, services=services)
    except StoreAbroad:
        return False
    return True


def _touch(one: Path, other: Path) -> bool:
    here, there = one.resolve(), other.resolve()
    return here.is_relative_to(there) or there.is_relative_to(here)
