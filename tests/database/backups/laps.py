"""What each part of a long test took, for the figures in docs/benchmarks.md."""

import json
import os
import resource
import time
from pathlib import Path


class Laps:
    """Call it after each part; `write` leaves the figures where SILTA_TEST_FIGURES says."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._seconds: dict[str, float] = {}

    def __call__(self, part: str) -> None:
        now = time.monotonic()
        self._seconds[part], self._began = round(now - self._began, 1), now
        self.write()

    def write(self, **more: object) -> None:
        """All that is known so far; nothing where nobody asked."""
        place = os.environ.get("SILTA_TEST_FIGURES")
        if place:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            told = {"seconds": self._seconds, "peak_kib": peak, **more}
            Path(place).write_text(json.dumps(told, indent=1) + "\n")
