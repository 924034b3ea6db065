"""Read published notices. Before anything was published, the profile itself is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.notices.documents import Document, documents_of
from privacy.notices.languages import LANGUAGES
from privacy.notices.models import TEXTS, Notice
from privacy.notices.publish import digest_of, newest, whole
from privacy.notices.render import Version, render_notice
from privacy.profiles.model import Profile
from privacy.vault.keyring import Keyring


@dataclass(frozen=True, slots=True)
class NoticeHead:
    """One version, without its text. `published_at` None: it stands, and is not kept yet."""

    service: str
    number: int
    dated: date
    published_at: datetime | None
    digest: str
    rules_changed: bool
    next_review: date

    @property
    def label(self) -> str:
        """What an inquiry, a registration or an acceptance stores: `V-2 of 2026-11-22`."""
        return label_of(self.service, self.number, self.dated)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One version with its texts, and what it changed of the version before."""

    head: NoticeHead
    texts: Mapping[str, Document]
    differences: Mapping[str, Sequence[str]]


class _SnapshotPolicy(msgspec.Struct):
    next_review: date


class _Snapshot(msgspec.Struct):
    """Of a profile of whatever release, what is asked of it."""

    policy: _SnapshotPolicy


def label_of(service: str, number: int, dated: date) -> str:
    """Service, version and date; nothing else is needed to find the text again."""
    return f"{service}-{dated.isoformat()}" if number == 1 else f"{service}-{dated}-v{number}"


def current_notice(
    work: UnitOfWork, vault: Keyring, *, rules: Profile, organisation: str
) -> NoticeView:
    """The version that counts for the bound tenant."""
    row = newest(work, rules.key)
    return _view(work, vault, row) if row is not None else _unpublished(rules, organisation)


def notice_of(
    work: UnitOfWork, vault: Keyring, *, rules: Profile, organisation: str, number: int
) -> NoticeView:
    """One version. Raises NotFound."""
    row = work.session.get(Notice, (work.tenant_id, rules.key, number))
    if row is not None:
        return _view(work, vault, row)
    if number == 1 and newest(work, rules.key) is None:
        return _unpublished(rules, organisation)
    raise NotFound


def digested_bytes(work: UnitOfWork, vault: Keyring, *, service: str, number: int) -> bytes:
    """What a published version's digest was taken of. Raises NotFound: it was not published."""
    row = work.session.get(Notice, (work.tenant_id, service, number))
    if row is None:
        raise NotFound
    return whole(row.profile, TEXTS.open(work, vault, row.id, row.texts_sealed))


def list_notices(work: UnitOfWork, *, rules: Profile, organisation: str) -> list[NoticeHead]:
    """Every version of a service, the latest first."""
    rows = work.session.scalars(
        select(Notice)
        .where(Notice.tenant_id == work.tenant_id, Notice.service == rules.key)
        .order_by(Notice.number.desc())
    ).all()
    return [_head(row) for row in rows] or [_unpublished(rules, organisation).head]


def current_label(work: UnitOfWork, service: str, dated: date) -> str:
    """The label of what is shown today; `dated`: the profile's date, before anything is kept."""
    found = work.session.execute(
        select(Notice.number, Notice.dated)
        .where(Notice.tenant_id == work.tenant_id, Notice.service == service)
        .order_by(Notice.number.desc())
        .limit(1)
    ).first()
    return label_of(service, found.number, found.dated) if found else label_of(service, 1, dated)


def _view(work: UnitOfWork, vault: Keyring, row: Notice) -> NoticeView:
    told = msgspec.json.decode(row.differences, type=dict[str, list[str]])
    return NoticeView(
        _head(row), documents_of(TEXTS.open(work, vault, row.id, row.texts_sealed)), told
    )


def _head(row: Notice) -> NoticeHead:
    policy = msgspec.json.decode(row.profile, type=_Snapshot).policy
    return NoticeHead(
        row.service,
        row.number,
        row.dated,
        row.published_at,
        row.digest.hex(),
        row.rules_changed,
        policy.next_review,
    )


def _unpublished(rules: Profile, organisation: str) -> NoticeView:
    version = Version(1, rules.policy.dated)
    texts = {
        language: render_notice(
            rules, language=language, version=version, organisation=organisation
        )
        for language in LANGUAGES
    }
    head = NoticeHead(
        rules.key,
        1,
        rules.policy.dated,
        None,
        digest_of(rules, texts).hex(),
        rules_changed=False,
        next_review=rules.policy.next_review,
    )
    return NoticeView(head, texts, {})
