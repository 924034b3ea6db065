"""Mark a piece of work as an erasure: what it deletes and reduces is journaled with it.

Triggers write the journal, so no path can forget to, and cascades are in it. They look at a
setting that lives as long as the transaction; sweeps, which a restored database repeats by
itself, leave it alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy import text

from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName

P = ParamSpec("P")
T = TypeVar("T")
_INFO: Final = "erasures.marked"
_ON = text("SELECT set_config('app.erasing', 'on', true)")
_OFF = text("SELECT set_config('app.erasing', '', true)")


@contextmanager
def erasing(work: UnitOfWork) -> Iterator[None]:
    """What is erased meanwhile is journaled, and a job takes that to escrow after the commit."""
    if work.session.info.get(_INFO):
        yield
        return
    work.session.flush()
    work.session.info[_INFO] = True
    work.connection.execute(_ON)
    try:
        yield
        work.session.flush()
        work.connection.execute(_OFF)
    finally:
        work.session.info[_INFO] = False
    enqueue(work, name=JobName.ERASURES_EXPORT)


def journaled(
    use_case: Callable[Concatenate[UnitOfWork, P], T],
) -> Callable[Concatenate[UnitOfWork, P], T]:
    """A use case that erases somebody, wherever it is called from."""

    @wraps(use_case)
    def erases(work: UnitOfWork, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with erasing(work):
            return use_case(work, *args, **kwargs)

    return erases
