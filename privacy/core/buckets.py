"""S3-compatible buckets by obstore, named by one setting: `s3://bucket/prefix?endpoint=…`."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from obstore.store import S3Store
from pydantic import SecretStr

from privacy.core.errors import Misconfigured
from privacy.core.transport import require_protected

TIMEOUT: Final = timedelta(seconds=120)
RETRIES: Final[Any] = {"max_retries": 4, "retry_timeout": timedelta(minutes=3)}
_CONNECTING: Final = timedelta(seconds=10)
_KNOWN: Final = frozenset({"endpoint", "region", "path_style"})


def is_bucket(place: str) -> bool:
    """Whether `place` names a bucket, and not a folder."""
    parts = urlsplit(place)
    return parts.scheme == "s3" and bool(parts.netloc)


def open_bucket(
    place: str,
    *,
    key_id: str | None,
    secret: SecretStr | None,
    setting: str,
    timeout: timedelta = TIMEOUT,
    retries: Any = RETRIES,
) -> Any:
    """A store of obstore's. No connection is made here.

    Args:
        setting: the variable that names it, for messages.

    Raises:
        Misconfigured: one line that says what to change.
    """
    parts = urlsplit(place)
    given = _options(parts.query)
    if set(given) - _KNOWN or key_id is None or secret is None:
        raise Misconfigured(
            f"{setting} takes endpoint, region and path_style after the question mark, and a key "
            "id and a secret in settings of their own"
        )
    endpoint = _protected(given.get("endpoint"), setting)
    by_path = given.get("path_style", "true" if endpoint else "false") == "true"
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        endpoint=endpoint,
        region=given.get("region", "us-east-1"),
        access_key_id=key_id,
        secret_access_key=secret.get_secret_value(),
        virtual_hosted_style_request=not by_path,
        client_options=_client(endpoint, timeout),
        retry_config=retries,
    )


def _options(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query).items()}


def _protected(endpoint: str | None, setting: str) -> str | None:
    if endpoint is None:
        return None
    try:
        require_protected(endpoint, scheme="http")
    except ValueError as error:
        raise Misconfigured(f"{setting}: {error}") from None
    return endpoint


def _client(endpoint: str | None, timeout: timedelta) -> Any:
    return {
        "allow_http": bool(endpoint and endpoint.startswith("http://")),
        "timeout": timeout,
        "connect_timeout": _CONNECTING,
    }
