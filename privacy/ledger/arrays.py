"""PostgreSQL array literals for bulk statements: a tenth of the time of adapting lists.

Only for values that cannot need quoting: numbers, UUIDs, hex.
"""

import uuid
from collections.abc import Iterable


def uuids(values: Iterable[uuid.UUID]) -> str:
    """For `CAST(:x AS uuid[])`."""
    return "{" + ",".join([value.hex for value in values]) + "}"


def integers(values: Iterable[int]) -> str:
    """For `CAST(:x AS bigint[])`."""
    return "{" + ",".join([str(value) for value in values]) + "}"


def octets(values: Iterable[bytes]) -> str:
    """For `CAST(:x AS bytea[])`; the literal's own backslash is doubled."""
    return "{" + ",".join([rf"\\x{value.hex()}" for value in values]) + "}"
