"""Connect a system: under test until something that it sends has worked once."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.accounts.begin import REGION, TIME_ZONE, begin_account
from connector.accounts.credentials import seal_credential
from connector.accounts.facts import wrong_facts
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.secrets import issue_secret
from connector.accounts.states import AccountState
from connector.marketplace.gate import check_subscribed
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.vault.keyring import Keyring


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What came of it. `secret` is part of the address to enter there, and is shown this once."""

    id: uuid.UUID
    secret: str | None


def add_account(
    work: UnitOfWork,
    *,
    vault: Keyring,
    kind: AccountKind,
    name: str,
    external_key: str = "",
    region: str = REGION,
    time_zone: str = TIME_ZONE,
    settings: Mapping[str, Any] | None = None,
    credential: str | None = None,
) -> NewAccount:
    """Add an account of the bound tenant.

    Args:
        external_key: the outside system's own name for the account; the name where it has none.
        region: ISO 3166 country that national numbers are from.
        time_zone: IANA zone of an exchange that writes none.

    Raises:
        Invalid: a field is not usable; `details["fields"]` says which and why.
        AccountExists: an account of this kind with this external key is there.
        NotSubscribed: the tenant buys by a marketplace, and not this service.
    """
    _check(kind, name, region, time_zone, credential)
    check_subscribed(work, service=KINDS[kind].service)
    row = begin_account(
        work,
        kind=kind,
        name=name,
        state=AccountState.TESTING,
        external_key=external_key or name,
        region=region,
        time_zone=time_zone,
        settings=settings,
    )
    if credential:
        seal_credential(work, vault, row, credential)
        work.session.flush()
    return NewAccount(row.id, issue_secret(work, row.id) if KINDS[kind].posts else None)


def _check(
    kind: AccountKind, name: str, region: str, time_zone: str, credential: str | None
) -> None:
    wrong = wrong_facts(name, region, time_zone)
    if KINDS[kind].pulled:
        wrong["kind"] = "This system is asked by us: its credential has fields of its own."
    needed = KINDS[kind].credential
    if needed and not credential:
        wrong["credential"] = f"Enter the {needed.lower()} that the system shows you."
    if wrong:
        raise Invalid(fields=wrong)
