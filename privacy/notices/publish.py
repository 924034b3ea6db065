"""Publish what a profile says now, if it is something else than what was published last."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import select, text

from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.notices.differences import differences
from privacy.notices.documents import Document, to_json
from privacy.notices.languages import LANGUAGES, speech
from privacy.notices.models import TEXTS, Notice
from privacy.notices.render import Version, render_notice
from privacy.profiles.model import Profile
from privacy.vault.derivations import canonical
from privacy.vault.keyring import Keyring

_ONE_AT_A_TIME = text(f"SELECT pg_advisory_xact_lock({AdvisoryLock.NOTICES:d}, hashtext(:tenant))")


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it. `number` is the version that counts now."""

    number: int
    new: bool
    rules_changed: bool


def publish_notice(
    work: UnitOfWork, vault: Keyring, *, rules: Profile, organisation: str
) -> Published:
    """Publish the bound tenant's notice of a service. The same rules publish nothing twice.

    The first version has the date of the policy; each later one that of the day. A change
    of the rules is announced as the profile says (promise D3); mails leave after the commit.
    """
    work.connection.execute(_ONE_AT_A_TIME, {"tenant": str(work.tenant_id)})
    last = newest(work, rules.key)
    if last is None:
        version = Version(1, rules.policy.dated)
        return _write(work, vault, rules, version, _texts(rules, version, organisation), None)
    known = Version(last.number, last.dated)
    texts = _texts(rules, known, organisation)
    if hmac.compare_digest(digest_of(rules, texts), last.digest):
        return Published(last.number, new=False, rules_changed=False)
    version = Version(last.number + 1, _day_after(last, rules, work.today))
    return _write(work, vault, rules, version, _texts(rules, version, organisation), last)


def newest(work: UnitOfWork, service: str) -> Notice | None:
    """The version of the bound tenant that was published last."""
    return work.session.scalar(
        select(Notice)
        .where(Notice.tenant_id == work.tenant_id, Notice.service == service)
        .order_by(Notice.number.desc())
        .limit(1)
    )


def digest_of(rules: Profile, texts: dict[str, Document]) -> bytes:
    """SHA-256 over `whole` of the rules and all four texts."""
    return hashlib.sha256(whole(snapshot(rules), to_json(texts).encode())).digest()


def whole(profile: str, texts: bytes) -> bytes:
    """What a digest is taken of: the rules and the texts, each with its length in front."""
    return canonical(profile.encode(), texts)


def snapshot(rules: Profile) -> str:
    """A profile as it is kept with its notice."""
    return rules.model_dump_json()


def _texts(rules: Profile, version: Version, organisation: str) -> dict[str, Document]:
    return {
        language: render_notice(
            rules, language=language, version=version, organisation=organisation
        )
        for language in LANGUAGES
    }


def _write(
    work: UnitOfWork,
    vault: Keyring,
    rules: Profile,
    version: Version,
    texts: dict[str, Document],
    last: Notice | None,
) -> Published:
    told = _differences(last, rules)
    changed = told is not None and told.rules_changed
    id_ = new_id()
    row = Notice(
        tenant_id=work.tenant_id,
        id=id_,
        service=rules.key,
        number=version.number,
        dated=version.dated,
        published_at=work.now,
        digest=digest_of(rules, texts),
        profile=snapshot(rules),
        texts_sealed=TEXTS.seal(work, vault, id_, to_json(texts).encode()),
        differences=to_json(told.lines if told else {}),
        rules_changed=changed,
    )
    work.session.add(row)
    work.session.flush()
    facts: dict[str, Fact] = {"service": rules.key, "number": version.number}
    named = f"{rules.key}-{version.number}"
    record(work, Event.NOTICE_PUBLISHED, subject=named, facts=facts, commitment=row.digest)
    if changed and rules.policy.changes == "announced":
        payload: dict[str, Fact | None] = {"service": rules.key, "number": version.number}
        key = f"{JobName.NOTICE_ANNOUNCE}:{rules.key}:{version.number}"
        enqueue(work, name=JobName.NOTICE_ANNOUNCE, payload=payload, dedupe_key=key)
    return Published(version.number, new=True, rules_changed=changed)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is different, by language."""

    rules_changed: bool
    lines: dict[str, list[str]]


def _differences(last: Notice | None, after: Profile) -> _Told | None:
    """None for a first version, which differs from nothing."""
    if last is None:
        return None
    try:
        before = Profile.model_validate_json(last.profile)
    except ValidationError:
        return _Told(True, _in_each("unknown"))
    if _said(before) == _said(after):
        return _Told(False, _in_each("wording"))
    lines = {one: differences(before, after, language=one) for one in LANGUAGES}
    return _Told(True, lines if lines["en"] else _in_each("unknown"))


def _in_each(key: str) -> dict[str, list[str]]:
    return {one: [speech(one).say("difference", key)] for one in LANGUAGES}


_OWN_WORDS: Final[dict[str, Any]] = {
    "data": {"__all__": {"said": True, "fields": {"__all__": {"said": True}}}}
}


def _said(rules: Profile) -> dict[str, object]:
    """What a change of makes the rules others; a new date alone does not, nor do a tenant's own
    words in another language."""
    said = rules.model_dump(exclude=_OWN_WORDS)
    return said | {"policy": {**said["policy"], "dated": None}}


def _day_after(last: Notice, rules: Profile, today: date) -> date:
    """A new text of the service's own bears its own date; everything else that of the day."""
    own = rules.policy.dated
    return own if last.dated < own <= today else today
