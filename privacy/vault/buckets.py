"""Escrow in a bucket, on somebody else's disks."""

from typing import Any

import obstore
from obstore.exceptions import BaseError, NotFoundError

from privacy.vault.errors import EscrowFailed


class BucketStore:
    """Objects of an S3-compatible bucket.

    Args:
        unversioned: refuse a bucket that keeps versions: there a destroyed key lives on. What
            holds wrapped keys only may keep them, for their epoch's key is gone.
    """

    def __init__(self, store: Any, *, unversioned: bool) -> None:
        self._store = store
        self._unversioned = unversioned

    def put(self, name: str, content: bytes) -> None:
        """See EscrowStore. Raises EscrowFailed."""
        try:
            done = obstore.put(self._store, name, content, use_multipart=False)
        except (BaseError, OSError):
            raise EscrowFailed("The key escrow's bucket does not take what it is given.") from None
        if self._unversioned and done.get("version") not in (None, "null"):
            raise EscrowFailed(
                "The bucket of epoch keys keeps versions, so nothing in it is ever destroyed. Use "
                "one without versioning, object lock and replication."
            )

    def get(self, name: str) -> bytes | None:
        """See EscrowStore. Raises EscrowFailed."""
        try:
            return bytes(obstore.get(self._store, name).bytes())
        except (NotFoundError, FileNotFoundError):
            return None
        except (BaseError, OSError):
            raise EscrowFailed("The key escrow's bucket does not answer as it should.") from None

    def delete(self, name: str) -> None:
        """See EscrowStore. Raises EscrowFailed."""
        try:
            obstore.delete(self._store, name)
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError):
            raise EscrowFailed("The key escrow's bucket does not let us delete.") from None

    def names(self, prefix: str = "") -> list[str]:
        """See EscrowStore: by text, where obstore lists by folders. Raises EscrowFailed."""
        folder = prefix.rpartition("/")[0]
        try:
            found = [
                str(one["path"])
                for page in obstore.list(self._store, prefix=folder or None)
                for one in page
            ]
        except (BaseError, OSError):
            raise EscrowFailed("The key escrow's bucket does not answer as it should.") from None
        return sorted(name for name in found if name.startswith(prefix))
