"""Make a form, change it, close it."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import delete

from connector.inquiries.channels import ON_PAGES, Channel
from connector.inquiries.declared import SERVICES, TYPED, fields_of
from connector.inquiries.forms.find import find_form
from connector.inquiries.forms.keys import digest_of, new_key
from connector.inquiries.forms.models import PURPOSES, WebForm, WebFormListing
from connector.inquiries.forms.origins import checked_origins
from connector.inquiries.forms.own import check_chosen
from connector.inquiries.seals import SCOPE
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.ids import new_id
from privacy.core.writings import is_name
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from privacy.vault.meanings import Meaning
from tenants.emails import checked
from tenants.tenants.views import get_tenant

LANGUAGES: Final = ("en", "fi", "sv", "de")
ALWAYS: Final = ("name", "message")
"""What every inquiry needs; with it an e-mail address or a telephone number."""
_LONGEST_URL: Final = 500


@dataclass(frozen=True, slots=True)
class FormSettings:
    """What a tenant chooses.

    Args:
        fields: what is asked for, in the order of `TYPED`; name and message always are.
        own_fields: ids of declared fields that it asks for, too (promise A11).
        own_required: those of them that must be filled in.
        answers_to: where replies to answers go.
        conditions_url … level_version: for a registration, what is agreed to (promise D1).
    """

    name: str
    service: str
    notice_url: str
    purpose: str = "inquiry"
    channel: Channel = Channel.FORM
    language: str = "en"
    origins: Iterable[str] = ()
    fields: Collection[str] = ("name", "email", "telephone", "message")
    required: Collection[str] = ()
    own_fields: Collection[uuid.UUID] = ()
    own_required: Collection[uuid.UUID] = ()
    answers_to: str = ""
    conditions_url: str = ""
    conditions_version: str = ""
    level_url: str = ""
    level_version: str = ""


def add_form(work: UnitOfWork, *, vault: Keyring, settings: FormSettings) -> WebForm:
    """A new form of the bound tenant. Raises Invalid; `details["fields"]` says what is wrong."""
    _check(work, settings)
    key = new_key()
    row = WebForm(
        tenant_id=work.tenant_id,
        id=new_id(),
        key=key,
        service=settings.service,
        purpose=settings.purpose,
        version=0,
        created_at=work.now,
    )
    _write(work, vault, row, settings)
    work.session.add(row)
    work.session.flush()
    work.session.add(
        WebFormListing(tenant_id=work.tenant_id, digest=digest_of(key), form_id=row.id)
    )
    work.session.flush()
    record(work, Event.FORM_CREATED, subject=row.id, facts={"purpose": settings.purpose})
    return row


def change_form(
    work: UnitOfWork, *, vault: Keyring, form_id: uuid.UUID, settings: FormSettings
) -> None:
    """Write new settings; service and purpose stay what they are. Raises NotFound, Invalid."""
    row = find_form(work, form_id, lock=True)
    if (settings.service, settings.purpose) != (row.service, row.purpose):
        raise Invalid("A form keeps its service and its purpose. Make a new one.")
    _check(work, settings)
    _write(work, vault, row, settings)
    work.session.flush()
    record(work, Event.FORM_CHANGED, subject=row.id)


def close_form(work: UnitOfWork, *, form_id: uuid.UUID) -> None:
    """Nothing comes in by this form any more; what came stays. Raises NotFound.

    A registration's key still leads to the accounts that it made, so it is found for those.
    """
    row = find_form(work, form_id, lock=True)
    row.closed_at, row.answers_to_sealed = work.now, None
    if row.purpose != "registration":
        work.session.execute(delete(WebFormListing).where(WebFormListing.form_id == form_id))
    record(work, Event.FORM_CLOSED, subject=row.id)


def answers_to(work: UnitOfWork, vault: Keyring, row: WebForm) -> str:
    """Where replies to answers go; empty where nothing was chosen."""
    if row.answers_to_sealed is None:
        return ""
    return vault.open(work, SCOPE, _meaning(row), row.answers_to_sealed).decode()


def _write(work: UnitOfWork, vault: Keyring, row: WebForm, settings: FormSettings) -> None:
    wanted = {*settings.fields, *ALWAYS}
    row.name, row.language = settings.name.strip(), settings.language
    row.channel, row.notice_url = settings.channel.value, settings.notice_url
    row.origins = checked_origins(settings.origins)
    row.fields = [name for name in TYPED if name in wanted]
    row.required = [name for name in TYPED if name in {*settings.required, *ALWAYS} & wanted]
    own = set(settings.own_fields)
    row.own_fields, row.own_required = sorted(own), sorted(own & set(settings.own_required))
    row.conditions_url = settings.conditions_url or None
    row.conditions_version = settings.conditions_version or None
    row.level_url, row.level_version = settings.level_url or None, settings.level_version or None
    row.version += 1
    address = checked(settings.answers_to).encode() if settings.answers_to else None
    row.answers_to_sealed = vault.seal(work, SCOPE, _meaning(row), address) if address else None


def _check(work: UnitOfWork, settings: FormSettings) -> None:
    wrong: dict[str, str] = {}
    if not is_name(settings.name, longest=120):
        wrong["name"] = "Give the form a name of up to 120 characters."
    if settings.service not in SERVICES or settings.service not in get_tenant(work).services:
        wrong["service"] = "Choose a service of yours that takes inquiries."
    elif set(settings.fields) - fields_of(settings.service):
        wrong["fields"] = "The privacy policy of the service does not declare all of these."
    if not {"email", "telephone"} & set(settings.fields):
        wrong["fields"] = "Ask for an e-mail address or a telephone number."
    if settings.language not in LANGUAGES:
        wrong["language"] = f"Choose among {', '.join(LANGUAGES)}."
    if settings.channel not in ON_PAGES or settings.purpose not in PURPOSES:
        wrong["channel"] = "Choose what kind of form it is."
    wrong |= _wrong_addresses(settings) | _wrong_terms(settings)
    wrong = wrong or _wrong_own(work, settings)
    if wrong:
        raise Invalid(fields=wrong)
    checked_origins(settings.origins)


def _wrong_own(work: UnitOfWork, settings: FormSettings) -> dict[str, str]:
    complaint = check_chosen(work, settings.service, settings.purpose, settings.own_fields)
    return {"own_fields": complaint} if complaint else {}


def _wrong_addresses(settings: FormSettings) -> dict[str, str]:
    wanted = {"notice_url": settings.notice_url}
    if settings.purpose == "registration":
        wanted |= {"conditions_url": settings.conditions_url, "level_url": settings.level_url}
    wrong = {
        name: "Enter an address that begins with https://."
        for name, address in wanted.items()
        if not _is_address(address)
    }
    if settings.answers_to and not _is_mailbox(settings.answers_to):
        wrong["answers_to"] = "This is not an e-mail address."
    return wrong


def _wrong_terms(settings: FormSettings) -> dict[str, str]:
    """A registration names the version of what it agrees to (promise D1)."""
    if settings.purpose != "registration":
        return {}
    versions = {
        "conditions_version": settings.conditions_version,
        "level_version": settings.level_version,
    }
    wrong = {
        name: "Say which version is agreed to, for example 2026-01."
        for name, version in versions.items()
        if not 1 <= len(version) <= 40
    }
    if settings.service != "V":
        wrong["purpose"] = "This service knows no registrations."
    return wrong


def _is_mailbox(text: str) -> bool:
    try:
        checked(text)
    except Invalid:
        return False
    return True


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    plain = text.isprintable() and " " not in text and len(text) <= _LONGEST_URL
    return plain and bool(parts.hostname) and (parts.scheme == "https" or local)


def _meaning(row: WebForm) -> Meaning:
    return Meaning(
        "address for answers",
        row.tenant_id,
        "web_forms",
        row.id,
        "answers_to_sealed",
        row.version,
    )
