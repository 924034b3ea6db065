"""Add a system that is asked: a draft, until a test call has worked."""

import uuid
from collections.abc import Mapping
from typing import Any

from connector.accounts.begin import REGION, TIME_ZONE, begin_account
from connector.accounts.credentials import seal_fields
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.states import AccountState
from connector.marketplace.gate import check_subscribed
from connector.providers.port import Provider
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.writings import is_name
from privacy.vault.keyring import Keyring

_LONGEST = 4_000


def draft_account(
    work: UnitOfWork,
    *,
    vault: Keyring,
    provider: Provider,
    name: str,
    credential: Mapping[str, str],
    settings: Mapping[str, Any] | None = None,
    region: str = REGION,
    time_zone: str = TIME_ZONE,
) -> uuid.UUID:
    """Save a draft; nothing is asked yet: see try_account.

    Args:
        credential: texts by the names of `provider.credential`.
        settings: places and choices that are no secrets.

    Raises:
        Invalid: `details["fields"]` says what is wrong with which field.
        NotSubscribed: the tenant buys by a marketplace, and not this service.
    """
    kind = AccountKind(provider.name)
    fields = check_entered(provider, credential, settings or {}, name=name)
    check_subscribed(work, service=KINDS[kind].service)
    row = begin_account(
        work,
        kind=kind,
        name=name,
        state=AccountState.DRAFT,
        region=region,
        time_zone=time_zone,
        settings=settings,
    )
    seal_fields(work, vault, row, fields)
    work.session.flush()
    return row.id


def check_entered(
    provider: Provider,
    credential: Mapping[str, str],
    settings: Mapping[str, Any],
    *,
    name: str | None = None,
) -> dict[str, str]:
    """The credential, of declared fields only, without spaces around. Raises Invalid."""
    known = {field.name for field in provider.credential}
    wrong: dict[str, str] = {}
    if name is not None and not is_name(name, longest=120):
        wrong["name"] = "Give the account a name of up to 120 characters."
    for field in set(credential) - known:
        wrong[field] = "This system has no such field."
    fields = {key: str(text).strip() for key, text in credential.items()}
    for field, text in fields.items():
        if len(text) > _LONGEST:
            wrong[field] = "This is longer than any such value: copy it again."
    if wrong:
        raise Invalid(fields=wrong)
    provider.check(fields, settings)
    return {key: text for key, text in fields.items() if text}
