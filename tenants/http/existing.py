"""An address whose ids nobody of the caller's tenant has: 404, before the form is read."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from tenants.http.services import work_of_caller

P = ParamSpec("P")
Answer = TypeVar("Answer")


def existing(find: Callable[..., object]) -> Callable[[Callable[P, Answer]], Callable[P, Answer]]:
    """Run the view only where `find(work, **ids)` finds what the address names.

    A form that were read first would tell a stranger's id from an unknown one by its own
    refusals (ATTACK 34). The look is a transaction of its own, so a view that changes what was
    found looks again, in the transaction that changes it.

    Args:
        find: gets a unit of work of the caller's and the address's ids by name; raises NotFound.
    """

    def only_then(view: Callable[P, Answer]) -> Callable[P, Answer]:
        @wraps(view)
        def looked_for(*args: P.args, **ids: P.kwargs) -> Answer:
            with work_of_caller() as work:
                find(work, **ids)
            return view(*args, **ids)

        return looked_for

    return only_then
