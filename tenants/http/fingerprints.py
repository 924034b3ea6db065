"""Fingerprints of static files: an address that changes with its content can be kept for good."""

import hashlib
from functools import lru_cache
from pathlib import Path


def fingerprint_of(file: Path) -> str | None:
    """Sixteen hexadecimal digits that stand for the content; None when there is no such file."""
    try:
        return _digest(file, file.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=512)
def _digest(file: Path, _changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
