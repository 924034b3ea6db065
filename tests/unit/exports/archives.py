"""Archives of nobody, made without an installation."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from pyrage import x25519

from connector.exports.ages import Lock, Opener, locked
from connector.exports.layouts import (
    FORMAT,
    MANIFEST,
    README,
    README_TEXT,
    VERSION,
    Manifest,
    Member,
    Origin,
    compressed,
    ending,
    manifest_bytes,
    whole,
)
from connector.exports.walk import check_archive

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SCHEMA = "0026_exports"
KEY = x25519.Identity.generate()
OTHER = x25519.Identity.generate()
WORDING = (
    b'{"digest":"AA==","purpose":"direct_marketing","language":"en","version":"1",'
    b'"text":"Yes.","created_at":"2026-11-22T12:00:00+00:00"}\n'
)
FILES = {"records/consent_wordings.jsonl": WORDING * 3, "records/people.jsonl": b'{"name":"A"}\n'}


def a_manifest(files: Mapping[str, bytes], **other: Any) -> bytes:
    """Of these files, unless `other` says otherwise."""
    members = [
        Member(
            path=path,
            size=len(content),
            rows=content.count(b"\n"),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for path, content in files.items()
    ]
    made = Manifest(
        format=FORMAT,
        version=VERSION,
        schema=SCHEMA,
        export_id="0198c0de-0000-7000-8000-0000000000e1",
        snapshot_at=AT,
        fetched_at=AT,
        tenant=Origin(
            id="0198c0de-0000-7000-8000-0000000000a1",
            name="Alice Oy",
            services=["T"],
            mfa_required=False,
            retention_days_calls=None,
        ),
        members=members,
        ended_days=[],
        left_behind={},
        left_out={},
    )
    return manifest_bytes(msgspec.structs.replace(made, **other))


@dataclass(frozen=True)
class Tar:
    """The files of an archive before they are encrypted."""

    files: Mapping[str, bytes]
    manifest: bytes | None

    def parts(self) -> list[bytes]:
        """As they are written."""
        parts = [whole(README, README_TEXT, AT)]
        parts += [whole(path, content, AT) for path, content in self.files.items()]
        if self.manifest is not None:
            parts.append(whole(MANIFEST, self.manifest, AT))
        return [*parts, ending()]

    def encrypted(self, lock: Lock | None = None) -> bytes:
        """To KEY, or as `lock` says."""
        lock = lock or Lock(recipient=str(KEY.to_public()))
        return b"".join(locked(compressed(self.parts()), lock))


def an_archive(**other: Any) -> bytes:
    """A right one, but for what `other` says of its manifest."""
    return Tar(FILES, a_manifest(FILES, **other)).encrypted()


def checked(content: bytes, opener: Opener | None = None) -> Manifest:
    """As an import looks at it, before it writes anything."""
    opener = opener or Opener(identities=[KEY])
    return check_archive(io.BytesIO(content), opener, revisions={SCHEMA})
