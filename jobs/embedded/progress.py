"""What the person at the terminal sees: one plain line a step, while it works and afterwards."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO


@dataclass(slots=True)
class Note:
    """What a step has to say when it is done, behind its label."""

    text: str = ""


@dataclass(slots=True)
class Progress:
    """Writes lines to `out`; on a terminal a step is shown while it runs, too."""

    out: TextIO
    _live: bool = field(init=False)

    def __post_init__(self) -> None:
        self._live = self.out.isatty()

    @contextlib.contextmanager
    def step(self, label: str) -> Iterator[Note]:
        """Show `label` as running, then as done (✓, its note, how long) or failed (✗)."""
        begun = time.monotonic()
        note = Note()
        if self._live:
            self._write(f"\r  … {label}")
        try:
            yield note
        except BaseException:
            self._finish("✗", label, "")
            raise
        took = time.monotonic() - begun
        remark = f": {note.text}" if note.text else ""
        self._finish("✓", label, remark + (f" ({took:.1f} s)" if took >= 0.1 else ""))

    def say(self, text: str) -> None:
        """Write one line."""
        self._write(f"{text}\n")

    def _finish(self, mark: str, label: str, text: str) -> None:
        clear = "\r\x1b[K" if self._live else ""
        self._write(f"{clear}  {mark} {label}{text}\n")

    def _write(self, text: str) -> None:
        encoding = self.out.encoding or "utf-8"
        self.out.write(text.encode(encoding, "replace").decode(encoding))
        self.out.flush()
