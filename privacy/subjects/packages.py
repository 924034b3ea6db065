"""The file that a person gets: a page to read, JSON, CSV, and a manifest of counts.

What Art. 15(1) wants said beside the data (purposes, recipients, retention, source, rights) is
taken from the declarations of the columns that hold it, so it cannot drift from them.
"""

import csv
import html
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from privacy.core.db.base import Base
from privacy.core.db.declarations import Personal, Retention
from privacy.core.db.work import UnitOfWork
from privacy.profiles import profile
from privacy.profiles.sharing import EEA
from privacy.subjects.authorities import authority_text
from privacy.subjects.clerks import Clerk
from privacy.subjects.collect import PartRecord
from privacy.subjects.dictionary import meanings
from privacy.subjects.holders import Holder
from privacy.subjects.models import SubjectRequest

Parts = Mapping[str, Sequence[PartRecord]]
RETENTIONS: Final[Mapping[Retention, str]] = {
    Retention.CALLS: "30 days at most",
    Retention.SUBSCRIPTION: "as long as the service is used",
    Retention.FINANCIAL: "until the last obligation of bookkeeping law ends",
    Retention.INQUIRY: "two years from the last message at most",
    Retention.TECHNICAL: "30 days at most",
    Retention.ACCOUNT: "as long as the account exists, and then for claims",
    Retention.CONSENTS: "as long as a claim about the consent can be made",
    Retention.OBJECTIONS: "until you end the objection",
    Retention.MAILS: "7 days",
    Retention.REQUESTS: "three years from the end of the year of the answer",
    Retention.PACKAGE: "7 days",
    Retention.DECLARED: "as long as the organisation said when it asked",
    Retention.UNOFFICIAL: "a few days, as it came over an unofficial channel",
    Retention.SESSIONS: "30 days at most",
    Retention.REQUEST: "one day",
    Retention.LEDGER: "as long as the record of what was done; it names nobody",
    Retention.DECISION: "until what it was asked for is decided",
    Retention.EVIDENCE: "as long as it has to be shown what was disclosed",
}
_RIGHTS: Final = (
    "You can have your data corrected or erased, its use restricted, object to its use, and take "
    "it along (GDPR Art. 16 to 21). You can complain to the supervisory authority: "
)
_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}"
    "th,td{border:1px solid #999;padding:.25rem .5rem;text-align:left;vertical-align:top}"
)


def pack(work: UnitOfWork, clerk: Clerk, row: SubjectRequest, parts: Parts) -> bytes:
    """The ZIP, made in memory and kept nowhere."""
    found = [(one, parts.get(one.name, ())) for one in clerk.holders]
    manifest = _manifest(work, row, found)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", _page(clerk, row, found, manifest))
        archive.writestr("data.json", _json({one.name: _plain(some) for one, some in found}))
        archive.writestr("manifest.json", _json(manifest))
        for one, some in found:
            if some:
                archive.writestr(f"{one.name}.csv", _csv(clerk, some))
    return file.getvalue()


def about(holder: Holder) -> dict[str, list[str]]:
    """What the declarations of a holder's columns say."""
    tables = Base.metadata.tables
    declared = [
        column.info["holds"]
        for name in sorted(holder.tables)
        for column in tables[name].columns
        if isinstance(column.info["holds"], Personal)
    ]
    return {
        "categories": sorted({one.category for one in declared}),
        "purposes": sorted({one.purpose.value for one in declared}),
        "bases": sorted({one.basis.value for one in declared}),
        "subjects": sorted({one.subjects.value for one in declared}),
        "kept": sorted({RETENTIONS[one.retention] for one in declared}),
    }


def _manifest(
    work: UnitOfWork, row: SubjectRequest, found: Iterable[tuple[Holder, Sequence[PartRecord]]]
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
        **circumstances(row),
    }


def circumstances(row: SubjectRequest) -> dict[str, Any]:
    """Who answers for the data, who works on it and where, by the service's profile (Art. 15(1)(c),
    (2)); and what the person can do."""
    one = profile(row.service)
    controller = one.controller
    known = (controller.address, controller.phone, controller.email, controller.website)
    return {
        "service": one.service,
        "controller": {"name": controller.name, "reached": [part for part in known if part]},
        "processors": [
            {
                "name": each.name,
                "role": each.role,
                "country": each.country,
                "transfer": each.footing.value if each.footing else "",
                "fields": list(each.fields),
                "statement": each.statement_url,
            }
            for each in one.processors
        ],
        "transfers": sorted({each.country for each in one.processors if each.country not in EEA}),
        "authority": authority_text(row.country),
        "automated_decisions": False,
    }


def _names(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for line in lines for name in line))


def _plain(records: Iterable[PartRecord]) -> list[dict[str, Any]]:
    return [{**one.fields, "source": one.source, "kept_until": one.until} for one in records]


def _csv(clerk: Clerk, records: Sequence[PartRecord]) -> str:
    """RFC 4180; no cell is a formula (ATTACK 50)."""
    lines = _plain(records)
    names = _names(lines)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([clerk.cell(name) for name in names])
    for line in lines:
        writer.writerow([clerk.cell(_text(line.get(name))) for name in names])
    return text.getvalue()


def _page(
    clerk: Clerk,
    row: SubjectRequest,
    found: Iterable[tuple[Holder, Sequence[PartRecord]]],
    manifest: Mapping[str, Any],
) -> str:
    said = {one["name"]: one for one in manifest["holders"]}
    parts = [_section(one, some, said[one.name]) for one, some in found]
    title = html.escape(f"Personal data held by {clerk.tenant}")
    rights = html.escape(_RIGHTS + authority_text(row.country) + ".")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>Request {row.reference}. No decision about you is made by a machine alone.</p>"
        f"{''.join(parts)}{_others(manifest)}<h2>Your rights</h2><p>{rights}</p></body></html>"
    )


def _others(manifest: Mapping[str, Any]) -> str:
    controller = manifest["controller"]
    who = ", ".join([controller["name"], *controller["reached"]])
    lines = "".join(
        f"<li>{html.escape(one['name'])}, {html.escape(one['country'])}: "
        f"{html.escape(one['role'])} ({html.escape(one['transfer'].replace('_', ' '))})</li>"
        for one in manifest["processors"]
    )
    outside = ", ".join(manifest["transfers"]) or "none"
    return (
        f"<h2>Who answers for the service</h2><p>{html.escape(who)}</p>"
        f"<h2>Who works on the data for it</h2><ul>{lines or '<li>nobody else</li>'}</ul>"
        f"<p>Countries outside the European Economic Area: {html.escape(outside)}.</p>"
    )


def _section(holder: Holder, records: Sequence[PartRecord], said: Mapping[str, Any]) -> str:
    facts = {
        "Purposes": said["purposes"],
        "Legal basis": said["bases"],
        "Kept": said["kept"],
        "Recipients": said["recipients"] or ["nobody else"],
    }
    lines = "".join(
        f"<p><strong>{name}:</strong> {html.escape(', '.join(texts))}</p>"
        for name, texts in facts.items()
    )
    tables = "".join(_table(line) for line in _plain(records)) or "<p>Nothing.</p>"
    return f"<section><h2>{html.escape(holder.title)}</h2>{lines}{tables}</section>"


def _table(line: Mapping[str, Any]) -> str:
    cells = "".join(
        f"<tr><th>{html.escape(name.replace('_', ' '))}</th>"
        f"<td>{html.escape(_text(value))}</td></tr>"
        for name, value in line.items()
        if value not in (None, "", [])
    )
    return f"<table>{cells}</table>"


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
