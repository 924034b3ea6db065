"""A real S3 API beside the folder: moto's server."""

import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import boto3  # type: ignore[import-untyped]
import pytest
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from privacy.backups import stores
from privacy.backups.errors import ObjectMissing, StoreDenied, StoreFailed, StoreFull
from privacy.backups.run import run_backup
from privacy.backups.stores import OffsiteStore, open_folder, open_store
from privacy.core import buckets
from privacy.core.errors import Misconfigured
from privacy.vault.custody import make_custody
from privacy.vault.epochs import advance_epoch
from privacy.vault.errors import EscrowFailed
from privacy.vault.foundings import found_ring
from privacy.vault.key_checks import check_keys
from privacy.vault.restores import check_escrow
from tests.database.backups.stations import Silta, Station
from tests.databases import Databases
from tests.installations import Installation
from tests.servers import Servers

BUCKET = "archives-of-a-test"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="eu-north-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    for name in (BUCKET, f"{BUCKET}-versioned"):
        client.create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"}
        )
    client.put_bucket_versioning(
        Bucket=f"{BUCKET}-versioned", VersioningConfiguration={"Status": "Enabled"}
    )
    yield address
    server.stop()


def _bucket(endpoint: str, name: str = BUCKET, prefix: str = "silta") -> OffsiteStore:
    place = f"s3://{name}/{prefix}?endpoint={endpoint}&region=eu-north-1"
    return open_store(place, key_id="test", secret=SecretStr("test"))


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_both_stores_keep_give_list_and_delete(kind: str, endpoint: str, tmp_path: Path) -> None:
    store = open_folder(tmp_path / "store") if kind == "folder" else _bucket(endpoint, prefix=kind)
    content = os.urandom(9_000_000)
    store.put("archives/a/part-1", content)
    store.put("archives/b/part-1", b"b")
    assert store.get("archives/a/part-1") == content
    assert b"".join(store.stream("archives/a/part-1")) == content
    assert [(o.name, o.size) for o in store.objects("archives/a/")] == [
        ("archives/a/part-1", len(content))
    ]
    assert [o.name for o in store.objects()] == ["archives/a/part-1", "archives/b/part-1"]
    store.delete("archives/a/part-1")
    store.delete("archives/a/part-1")
    assert not store.exists("archives/a/part-1")
    for ask in (store.get, lambda name: list(store.stream(name))):
        with pytest.raises(ObjectMissing):
            ask("archives/a/part-1")


@pytest.mark.promise("F4")
def test_an_installation_is_archived_in_a_bucket_and_restored_from_it(
    servers: Servers, databases: Databases, tmp_path: Path, endpoint: str, silta: Silta
) -> None:
    place = f"s3://{BUCKET}/one?endpoint={endpoint}&region=eu-north-1"
    keys = {"backup_store_key_id": "test", "backup_store_secret": SecretStr("test")}
    with databases.one() as name:
        station = Station(servers, name, tmp_path, backup_store=place, **keys)
        station.house.alice.account()
        made = run_backup(station.yard(), force=True, part_bytes=30_000)
        assert made is not None
        with station.elsewhere() as settings:
            said = silta(settings, "restore", "--identity", str(station.identity))
            assert "database is open" in said
        station.close()


@pytest.mark.attack(9)
def test_escrow_lives_in_buckets_and_the_epochs_keeps_no_versions(
    installation: Installation, endpoint: str
) -> None:
    """A bucket with versions would keep every destroyed epoch: refused at the first write."""
    place = f"s3://{BUCKET}{{}}/escrow?endpoint={endpoint}&region=eu-north-1"
    chosen = {
        "escrow_bundle_store": place.format("-versioned"),
        "escrow_epoch_store": place.format(""),
        "escrow_store_key_id": "test",
        "escrow_store_secret": SecretStr("test"),
    }
    settings = installation.settings.model_copy(update=chosen)
    custody = make_custody(settings)
    custody.escrow.check()
    assert found_ring(installation.engines.keeper, custody)
    assert advance_epoch(installation.engines.keeper, custody) == 2
    assert custody.escrow.epochs.epochs() == [2]
    assert check_keys(installation.engines.app, custody) == 2
    assert check_escrow(custody) == 2
    wrong = chosen | {"escrow_epoch_store": place.format("-versioned")}
    with pytest.raises(EscrowFailed, match="keeps versions"):
        make_custody(settings.model_copy(update=wrong)).escrow.check()


def test_a_store_that_never_answers_is_told_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    once = {"max_retries": 1, "retry_timeout": timedelta(seconds=1)}
    hurried = partial(buckets.open_bucket, timeout=timedelta(seconds=0.2), retries=once)
    monkeypatch.setattr(stores, "open_bucket", hurried)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = _bucket(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(StoreFailed):
            store.put("name", b"content")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Generic S3 error: InvalidAccessKeyId", StoreDenied),
        ("SignatureDoesNotMatch", StoreDenied),
        ("Unable to copy data to file: No space left on device (os error 28)", StoreFull),
        ("Connection refused", StoreFailed),
    ],
)
def test_what_a_store_says_becomes_a_kind_and_is_not_repeated(
    said: str, kind: type[StoreFailed]
) -> None:
    with pytest.raises(kind) as told, stores._told():
        raise OSError(said)
    assert said not in str(told.value)


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ("relative/folder", "absolute"),
        ("ftp://example.com/x", "absolute"),
        ("s3://bucket/x?endpoint=http://s3.example.com", "https"),
        ("s3://bucket/x?unknown=1", "after the question mark"),
    ],
)
def test_a_place_that_cannot_be_is_refused_with_the_reason(place: str, word: str) -> None:
    with pytest.raises(Misconfigured, match=word):
        open_store(place, key_id="test", secret=SecretStr("test"))
    with pytest.raises(Misconfigured):
        open_store("s3://bucket", key_id=None, secret=None)


def test_wrong_credentials_are_told_and_nothing_is_changed(endpoint: str) -> None:
    """The server checks rights from now on; this comes last in the module."""
    store = _bucket(endpoint, prefix="kept")
    store.put("name", b"content")
    _check_rights(endpoint, after=0)
    try:
        for ask in (lambda: store.put("name", b"other"), lambda: store.get("name")):
            with pytest.raises(StoreDenied):
                ask()
    finally:
        _check_rights(endpoint, after=10**9)
    assert store.get("name") == b"content"


def _check_rights(endpoint: str, *, after: int) -> None:
    host, port = endpoint.removeprefix("http://").split(":")
    body = str(after).encode()
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            b"POST /moto-api/reset-auth HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        assert b" 200 " in connection.recv(100)
