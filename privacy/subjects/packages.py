"""The file that a person gets: a page to read, JSON, CSV, and a manifest of counts.

The page is in the person's language; names in data are the same for everybody, with a dictionary.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from privacy.core.db.work import UnitOfWork
from privacy.subjects.circumstances import about, circumstances, told_to
from privacy.subjects.clerks import Clerk
from privacy.subjects.collect import PartRecord
from privacy.subjects.dictionary import meanings
from privacy.subjects.holders import Holder
from privacy.subjects.models import SubjectRequest
from privacy.subjects.pages import readable

Parts = Mapping[str, Sequence[PartRecord]]


def pack(work: UnitOfWork, clerk: Clerk, row: SubjectRequest, parts: Parts) -> bytes:
    """The ZIP, made in memory and kept nowhere."""
    found = [(one, parts.get(one.name, ())) for one in clerk.holders]
    manifest = _manifest(work, clerk, row, found)
    data = {one.name: _plain(some) for one, some in found}
    page = readable(language=row.language, tenant=clerk.tenant, manifest=manifest, data=data)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", page)
        archive.writestr("data.json", _json(data))
        archive.writestr("manifest.json", _json(manifest))
        for name, lines in data.items():
            if lines:
                archive.writestr(f"{name}.csv", _csv(clerk, lines))
    return file.getvalue()


def _manifest(
    work: UnitOfWork,
    clerk: Clerk,
    row: SubjectRequest,
    found: Iterable[tuple[Holder, Sequence[PartRecord]]],
) -> dict[str, Any]:
    return {
        "format": "silta subject export 1",
        "reference": row.reference,
        "kind": row.kind,
        "made_at": work.now.isoformat(),
        "holders": [
            {
                "name": one.name,
                "title": one.title,
                "records": len(some),
                "recipients": list(one.recipients),
                **about(one),
                "fields": meanings(_names(_plain(some))),
            }
            for one, some in found
        ],
        "told": told_to(work, clerk, row),
        **circumstances(row),
    }


def _names(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for line in lines for name in line))


def _plain(records: Iterable[PartRecord]) -> list[dict[str, Any]]:
    return [{**one.fields, "source": one.source, "kept_until": one.until} for one in records]


def _csv(clerk: Clerk, lines: Sequence[Mapping[str, Any]]) -> str:
    """RFC 4180; no cell is a formula (ATTACK 50)."""
    names, text = _names(lines), io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for line in lines:
        writer.writerow([clerk.cell(_text(line.get(name))) for name in names])
    return text.getvalue()


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
