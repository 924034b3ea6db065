"""What views work with: engines, keys, settings; and the unit of work of the one who asks."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from privacy.core.db.engine import Engines
from privacy.core.db.questions import Question
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork, unit_of_work
from privacy.core.settings import Settings
from privacy.vault.keyring import Keyring
from tenants.desks import Desk
from tenants.http.callers import caller

View = Callable[..., Any]
_NAME = "silta"


@dataclass(frozen=True)
class Services:
    """Made once by the composition root.

    Args:
        secret: signs form tokens and messages, and keys flood counters; nothing else.
        revision: the migration that this code needs the database to stand at.
    """

    settings: Settings
    engines: Engines
    desk: Desk
    secret: bytes
    revision: str | None = None

    @property
    def vault(self) -> Keyring:
        """The process's key ring."""
        return self.desk.ring


def install(app: Flask, made: Services) -> None:
    """Give `app` its services."""
    app.extensions[_NAME] = made


def services() -> Services:
    """The running application's services."""
    found = current_app.extensions[_NAME]
    assert isinstance(found, Services)  # noqa: S101 - for the type checker
    return found


@contextmanager
def work_of_caller(foreseen: Sequence[Question[Any]] = ()) -> Iterator[UnitOfWork]:
    """A unit of work in the caller's tenant, in the caller's name (ATTACK 34).

    Args:
        foreseen: what will be asked in any case, see `unit_of_work`.
    """
    who, engine = caller(), services().engines.app
    with unit_of_work(engine, tenant_id=who.tenant_id, actor=who.actor, foreseen=foreseen) as work:
        yield work


@contextmanager
def work_of_installation() -> Iterator[UnitOfWork]:
    """A unit of work in the installation's tenant, where people and sessions live."""
    who = caller()
    with unit_of_work(services().engines.app, tenant_id=INSTALLATION_ID, actor=who.actor) as work:
        yield work
