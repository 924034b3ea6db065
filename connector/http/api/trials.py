"""A test key checks everything and stores nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from privacy.core.db.work import UnitOfWork
from tenants.http.callers import caller
from tenants.http.services import work_of_caller
from tenants.principals import Mode


@contextmanager
def changing_work() -> Iterator[UnitOfWork]:
    """The caller's unit of work for a change; of a test key, all of it is undone.

    Undoing the same work is the only way to be sure that a test answers as live does.
    """
    with work_of_caller() as work:
        if caller().mode is not Mode.TEST:
            yield work
            return
        trial = work.session.begin_nested()
        try:
            yield work
        finally:
            trial.rollback()
