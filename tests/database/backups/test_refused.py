"""Archives that are not what they say, or not for us: refused with the reason, nothing written."""

import json
import shutil
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from migrations.run import known_revisions
from privacy.backups.archive import make_archive
from privacy.backups.errors import ArchiveRefused, RowsUnseen
from privacy.backups.manifests import Manifest, write_manifest
from privacy.backups.restore import Target, restore_archive
from privacy.backups.seals import make_identity, read_identities
from privacy.backups.shelves import Shelved
from privacy.core.errors import SiltaError
from privacy.core.settings import Settings
from privacy.vault.custody import make_custody
from tests.database.backups.stations import Silta, Station
from tests.databases import Databases
from tests.servers import Servers


@pytest.fixture
def whole(station: Station) -> Shelved:
    """One archive of a few parts."""
    station.house.alice.account()
    station.chain()
    made = station.archive(part_bytes=20_000)
    assert len(made.manifest.parts) > 3
    return made


def _flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.attack(3)
@pytest.mark.attack(61)
def test_damage_anywhere_is_found_before_anything_is_written(
    station: Station, whole: Shelved
) -> None:
    """Header, middle, end, manifest; flipped, cut, dropped, reordered, repeated, renamed."""
    folder = station.store / whole.manifest.prefix
    parts = sorted(folder.glob("part-*"))
    first, middle, last = parts[0], parts[len(parts) // 2], parts[-1]
    manifest = folder / "manifest"
    size = manifest.stat().st_size
    harms: dict[str, Callable[[], object]] = {
        "the age header": lambda: _flip(first, 30),
        "the first byte": lambda: _flip(first, 0),
        "the middle": lambda: _flip(middle, 7_000),
        "the last byte": lambda: _flip(last, last.stat().st_size - 1),
        "the tail": lambda: _cut(last),
        "more at the end": lambda: last.write_bytes(last.read_bytes() + b"\0"),
        "a part": middle.unlink,
        "the last part": last.unlink,
        "the order": lambda: _swap(first, middle),
        "a repetition": lambda: shutil.copy(first, middle),
        "no manifest": manifest.unlink,
        "an empty manifest": lambda: manifest.write_bytes(b""),
        "half a manifest": lambda: manifest.write_bytes(manifest.read_bytes()[: size // 2]),
        **{f"manifest at {at}": lambda at=at: _flip(manifest, at)  # type: ignore[misc]
           for at in (0, 20, 60, 150, size // 2, size - 1)},
    }  # fmt: skip
    kept = station.folder / "kept"
    shutil.copytree(folder, kept)
    with station.elsewhere() as settings:
        for name, harm in harms.items():
            harm()
            with pytest.raises(ArchiveRefused) as refused:
                _restore(station, settings, station.identity)
            assert refused.value.message, name
            assert _tables(settings) == 0, name
            shutil.rmtree(folder)
            shutil.copytree(kept, folder)
        renamed = folder.with_name(uuid.uuid4().hex)
        shutil.copytree(folder, renamed)
        with pytest.raises(ArchiveRefused, match="another archive"):
            _restore(station, settings, station.identity, uuid.UUID(hex=renamed.name))
        assert _tables(settings) == 0


def _swap(one: Path, other: Path) -> None:
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


@pytest.mark.attack(62)
def test_only_a_private_key_opens_it_and_no_host_has_one(
    station: Station, whole: Shelved, silta: Silta
) -> None:
    stranger = station.folder / "stranger.txt"
    make_identity(stranger)
    secret = station.identity.read_text().split("AGE-SECRET-KEY-")[1].strip()
    station.identity.rename(station.folder.parent / "safe.txt")
    files = [path for path in station.folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if secret.encode() in path.read_bytes()]
    assert secret not in str(station.settings.model_dump())
    with station.elsewhere() as settings:
        with pytest.raises(SiltaError, match="None of the age identities"):
            _restore(station, settings, stranger)
        for words in (["--identity", str(stranger)], [], ["--identity", "/nowhere"]):
            assert "identit" in silta(settings, "restore", *words, code=2)
        assert _tables(settings) == 0


@pytest.mark.attack(61)
def test_a_newer_schema_an_older_archive_and_a_full_database_are_refused(
    station: Station, whole: Shelved, silta: Silta
) -> None:
    identity = ("--identity", str(station.identity))
    newer = _resigned(station, whole, revision="9999_tomorrow")
    with station.elsewhere() as settings:
        assert "newer version" in silta(
            settings, "restore", "--archive", str(newer.archive_id), *identity, code=2
        )
        shutil.rmtree(station.store / newer.prefix)
        second = station.archive()
        shutil.move(station.store / second.manifest.prefix, station.folder / "away")
        assert "Name an older archive" in silta(settings, "restore", *identity, code=2)
        assert _tables(settings) == 0
        (settings.escrow_bundle_folder / "archives" / "newest").unlink()
        assert "which archive is the newest" in silta(settings, "restore", *identity, code=2)
        older = str(whole.manifest.archive_id)
        silta(settings, "restore", "--archive", older, *identity)
        assert "not empty" in silta(settings, "restore", *identity, code=2)
    listed = json.loads(silta(station.settings, "backup", "list", "--json"))
    assert [one["archive_id"] for one in listed["archives"]] == [older]


def _resigned(station: Station, whole: Shelved, **changes: object) -> Manifest:
    """As a newer version of this very installation would have made it."""
    made = msgspec.structs.replace(
        whole.manifest, archive_id=uuid.uuid4(), number=whole.manifest.number + 1, **changes
    )
    write_manifest(station.depot.store, made, station.opened.signer)
    return made


@pytest.mark.attack(61)
def test_archives_of_two_installations_cannot_be_swapped(
    station: Station, whole: Shelved, servers: Servers, databases: Databases, tmp_path: Path
) -> None:
    other_folder = tmp_path / "other"
    other_folder.mkdir()
    with databases.one() as name:
        other = Station(servers, name, other_folder)
        theirs = other.archive()
        other.close()
        shutil.rmtree(station.store)
        shutil.copytree(other.store, station.store)
    with station.elsewhere() as settings:
        for archive_id in (None, theirs.manifest.archive_id):
            with pytest.raises(ArchiveRefused):
                _restore(station, settings, other.identity, archive_id)
        assert _tables(settings) == 0


def test_without_escrow_nothing_is_begun(station: Station, whole: Shelved) -> None:
    with station.elsewhere() as settings:
        lost = settings.model_copy(update={"escrow_bundle_folder": station.folder / "nothing"})
        with pytest.raises(SiltaError, match="Escrow has no key ring"):
            _restore(station, lost, station.identity)
        assert _tables(settings) == 0


def test_a_copy_that_is_not_what_was_archived_stays_closed(
    station: Station, whole: Shelved, silta: Silta
) -> None:
    """The manifest says one row more than came: something was lost on the way."""
    tables = dict(whole.manifest.tables)
    tables["connector_accounts"] = msgspec.structs.replace(tables["connector_accounts"], rows=2)
    wrong = _resigned(station, whole, tables=tables)
    (station.store / wrong.prefix).mkdir(exist_ok=True)
    for part in (station.store / whole.manifest.prefix).glob("part-*"):
        shutil.copy(part, station.store / wrong.prefix)
    with station.elsewhere() as settings:
        said = silta(
            settings,
            *("restore", "--archive", str(wrong.archive_id)),
            *("--identity", str(station.identity)),
            code=2,
        )
        assert "connector_accounts first" in said
        assert "still in it" in silta(settings, "backup", "run", code=2), "closed for all"


@pytest.mark.promise("F4")
def test_a_table_that_the_role_cannot_see_stops_the_archive(station: Station) -> None:
    """Two walls: the catalogue is asked, and where it lies, the application counts."""
    station.house.alice.account()
    shelf = station.depot.shelf()
    with station.made.superuser().begin() as connection:
        connection.execute(text("ALTER POLICY silta_backup ON connector_accounts USING (1 = 0)"))
    with pytest.raises(RowsUnseen):
        station.archive()
    with station.made.superuser().begin() as connection:
        connection.execute(text("ALTER POLICY silta_backup ON connector_accounts USING (true)"))
    lying = create_engine(
        station.settings.backup_database_url.get_secret_value()  # type: ignore[union-attr]
        + "&options=-csearch_path%3Dhidden,public",
        poolclass=NullPool,
    )
    yard = station.yard()
    with station.made.superuser().begin() as connection:
        connection.execute(text("CREATE SCHEMA hidden"))
        connection.execute(text("GRANT USAGE ON SCHEMA hidden TO silta_backup"))
        connection.execute(
            text("CREATE TABLE hidden.connector_accounts AS TABLE connector_accounts WITH NO DATA")
        )
        connection.execute(text("GRANT SELECT ON hidden.connector_accounts TO silta_backup"))
    with pytest.raises(RowsUnseen):
        make_archive(
            replace(yard.source, backup=lying),
            yard.depot,
            yard.signer,
            archive_id=uuid.uuid4(),
            shelf=shelf,
        )
    assert station.depot.shelf().archives == []


def _restore(
    station: Station, settings: Settings, identity: Path, archive_id: uuid.UUID | None = None
) -> None:
    """As the command does, without what comes after."""
    url = settings.owner_database_url
    assert url is not None
    owner = create_engine(url.get_secret_value(), poolclass=NullPool)
    custody = make_custody(settings, roots=station.opened.roots)
    restore_archive(
        Target(owner, url),
        station.depot,
        custody,
        read_identities(identity),
        revisions=known_revisions(),
        archive_id=archive_id,
    )


def _tables(settings: Settings) -> int:
    url = settings.owner_database_url
    assert url is not None
    with create_engine(url.get_secret_value(), poolclass=NullPool).connect() as connection:
        count = text("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        return int(connection.execute(count).scalar_one())
