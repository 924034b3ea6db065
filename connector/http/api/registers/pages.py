"""What every register answers alike: a page of it, and what it has about one person."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from flask import Response

from connector.http.api.answers import answer
from connector.http.api.inputs import read_json, read_query
from connector.http.api.registers.wanted import PersonSearch, RegisterPage
from connector.identities.read import read_identity
from privacy.core.db.work import UnitOfWork
from privacy.identities.shapes import Identity
from privacy.vault.keyring import Keyring
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.principals import Mode


class Entry(Protocol):
    """What a register lists."""

    @property
    def id(self) -> uuid.UUID:
        """By which the next page goes on."""


V = TypeVar("V", bound=Entry)
V_co = TypeVar("V_co", bound=Entry, covariant=True)
S = TypeVar("S", bound=PersonSearch)


class Lists(Protocol[V_co]):
    """A register's list, the latest first."""

    def __call__(
        self, work: UnitOfWork, vault: Keyring, *, before: uuid.UUID | None = None, limit: int = ...
    ) -> Sequence[V_co]:
        """Up to `limit` entries after `before`."""


class Searches(Protocol[V_co]):
    """A register's entries about one person."""

    def __call__(
        self, work: UnitOfWork, vault: Keyring, *, who: Identity | None = None
    ) -> Sequence[V_co]:
        """The latest first, a hundred at most."""


Shown = Callable[[Sequence[V], uuid.UUID | None], Any]
"""Entries, and where the next page begins, as the answer has them."""


def page_of(found: Lists[V], shown: Shown[V]) -> Response:
    """The page that the query asks for; a test key's is empty. Raises Invalid."""
    query = read_query(RegisterPage)
    if caller().mode is Mode.TEST:
        return answer(shown([], None))
    with work_of_caller() as work:
        views = found(work, services().vault, before=query.cursor, limit=query.limit)
    return answer(shown(views, views[-1].id if len(views) == query.limit else None))


def found_about(found: Searches[V], shown: Shown[V], shape: type[S]) -> Response:
    """What is about the person whom the body names; for a test key nothing. Raises Invalid."""
    asked = read_json(shape)
    who = read_identity(
        email=asked.email,
        number=asked.number,
        visitor=getattr(asked, "visitor", None),
        region=asked.region,
    )
    if caller().mode is Mode.TEST:
        return answer(shown([], None))
    with work_of_caller() as work:
        return answer(shown(found(work, services().vault, who=who), None))
