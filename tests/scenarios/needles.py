"""Look for texts in files, in every form in which a leak could have written them.

Plain, hexadecimal, base64 at each of its three alignments and in both alphabets,
percent-encoded, UTF-16 in both orders. Redis keeps jobs compressed, so what inflates is
inflated first. One pass over the bytes for all forms of all needles: a table of their first two
bytes leaves few places to look at.
"""

import base64
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import numpy as np

_SHORTEST = 6
_ZLIB = re.compile(rb"x[\x01\x5e\x9c\xda]")


class Needles:
    """What must not be found, by name."""

    def __init__(self, texts: Mapping[str, str | bytes], *, chunk: int = 1 << 24) -> None:
        self._chunk = chunk
        self.names = sorted(texts)
        self._forms: dict[bytes, str] = {}
        for name, text in texts.items():
            raw = text.encode() if isinstance(text, str) else text
            assert len(raw) >= _SHORTEST, name
            for how, form in _forms(raw):
                self._forms.setdefault(form, f"{name} ({how})")
        self._by_start: dict[bytes, list[bytes]] = defaultdict(list)
        for form in self._forms:
            self._by_start[form[:2]].append(form)
        self._table = np.zeros(1 << 16, bool)
        self._table[[int.from_bytes(start, "little") for start in self._by_start]] = True
        self._longest = max(map(len, self._forms))

    def in_bytes(self, content: bytes) -> set[str]:
        """The needles that `content` holds, each with its form."""
        found: set[str] = set()
        for start in range(0, max(len(content), 1), self._chunk):
            found |= self._in_chunk(content[start : start + self._chunk + self._longest])
        return found

    def in_files(self, paths: Iterable[Path]) -> dict[str, set[str]]:
        """The same for files; those that hold nothing are left out."""
        found = {str(path): self.in_bytes(_readable(path)) for path in paths}
        return {path: names for path, names in found.items() if names}

    def _in_chunk(self, content: bytes) -> set[str]:
        octets = np.frombuffer(content, np.uint8)
        if len(octets) < _SHORTEST:
            return set()
        pairs = octets[:-1].astype(np.uint16) | octets[1:].astype(np.uint16) << 8
        found = set()
        for at in np.flatnonzero(self._table[pairs]).tolist():
            for form in self._by_start[content[at : at + 2]]:
                if content.startswith(form, at):
                    found.add(self._forms[form])
        return found


def files_below(*folders: Path, without: frozenset[str] = frozenset()) -> list[Path]:
    """Every file below the folders, except those with a name in `without`."""
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in files if path.name not in without]


def _readable(path: Path) -> bytes:
    content = path.read_bytes()
    return content + b"".join(_inflated(content)) if path.suffix in {".aof", ".rdb"} else content


def _inflated(content: bytes) -> Iterator[bytes]:
    for match in _ZLIB.finditer(content):
        try:
            yield b"\n" + zlib.decompressobj().decompress(content[match.start() :])
        except zlib.error:
            continue


def _forms(raw: bytes) -> Iterator[tuple[str, bytes]]:
    yield "plain", raw
    yield "hex", raw.hex().encode()
    yield "hex, upper case", raw.hex().upper().encode()
    for alignment in range(3):
        yield "base64", _base64(raw, alignment, b"+/")
        yield "base64, for URLs", _base64(raw, alignment, b"-_")
    yield "percent", quote(raw, safe="").encode()
    for letters in (raw.hex(), raw.hex().upper()):
        yield (
            "percent, all of it",
            b"".join(b"%" + letters[at : at + 2].encode() for at in range(0, len(letters), 2)),
        )
    yield from _wide(raw)


def _wide(raw: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return
    yield "UTF-16 LE", text.encode("utf-16-le")
    yield "UTF-16 BE", text.encode("utf-16-be")


def _base64(raw: bytes, alignment: int, alphabet: bytes) -> bytes:
    """What stays the same whatever stands before and behind."""
    encoded = base64.b64encode(bytes(alignment) + raw, alphabet).rstrip(b"=")
    start = (8 * alignment + 5) // 6
    end = (8 * (alignment + len(raw))) // 6
    return encoded[start:end]
