"""Where the repository of the log lies, as the settings say, and as pgBackRest is told."""

from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import SecretStr

from privacy.core.errors import Misconfigured
from privacy.core.settings import Settings

_HTTPS: Final = 443
Lines = dict[str, str]


def repository_place(settings: Settings) -> str:
    """The place, as SILTA_WAL_STORE names it. Raises Misconfigured."""
    if settings.wal_store is None:
        raise Misconfigured("SILTA_WAL_STORE is not set: where is the log to be archived?")
    if settings.wal_store == settings.backup_store:
        raise Misconfigured(
            "SILTA_WAL_STORE and SILTA_BACKUP_STORE are one place: give the log one of its own, "
            "for pgBackRest deletes there"
        )
    return settings.wal_store


def keys_of(settings: Settings) -> tuple[str | None, SecretStr | None]:
    """Key id and secret of the repository's bucket: its own, or else the archives'."""
    if settings.wal_store_key_id is not None:
        return settings.wal_store_key_id, settings.wal_store_secret
    return settings.backup_store_key_id, settings.backup_store_secret


def folder_in(place: str) -> Path | None:
    """The folder that `place` names; None for a bucket. Raises Misconfigured."""
    parts = urlsplit(place)
    if parts.scheme == "s3" and parts.netloc:
        return None
    folder = Path(parts.path if parts.scheme == "file" else place)
    if parts.scheme not in ("", "file") or not folder.is_absolute():
        raise Misconfigured("SILTA_WAL_STORE is a folder's absolute path or s3://bucket/prefix")
    return folder


def repository_lines(settings: Settings, *, shown: bool = False) -> Lines:
    """pgBackRest's options of the repository.

    Args:
        shown: leave the secret out, for a screen.

    Raises:
        Misconfigured: one line that says what to change.
    """
    place = repository_place(settings)
    folder = folder_in(place)
    if folder is not None:
        return {"repo1-type": "posix", "repo1-path": str(folder)}
    key_id, secret = keys_of(settings)
    if key_id is None or secret is None:
        raise Misconfigured("SILTA_WAL_STORE is a bucket: set SILTA_WAL_STORE_KEY_ID and _SECRET")
    keys = {
        "repo1-s3-key": key_id,
        "repo1-s3-key-secret": "…" if shown else secret.get_secret_value(),
    }
    return _bucket(urlsplit(place)) | keys


def _bucket(parts: SplitResult) -> Lines:
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    region = given.get("region", "us-east-1")
    endpoint = urlsplit(given.get("endpoint", f"https://s3.{region}.amazonaws.com"))
    if endpoint.scheme != "https" or endpoint.hostname is None:
        raise Misconfigured("SILTA_WAL_STORE: pgBackRest reaches buckets by https:// only")
    by_path = given.get("path_style", "true" if "endpoint" in given else "false") == "true"
    return {
        "repo1-type": "s3",
        "repo1-path": "/" + parts.path.strip("/"),
        "repo1-s3-bucket": parts.netloc,
        "repo1-s3-endpoint": endpoint.hostname,
        "repo1-storage-port": str(endpoint.port or _HTTPS),
        "repo1-s3-region": region,
        "repo1-s3-uri-style": "path" if by_path else "host",
    }
