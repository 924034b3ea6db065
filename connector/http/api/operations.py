"""What each operation says of itself, beside its view: the description is made from this.

The schema of a body is the schema of the very type that decodes or encodes it, so the
description cannot drift from what is done.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from privacy.core.errors import SiltaError

View = TypeVar("View", bound=Callable[..., Any])
_MARK: Final = "__silta_operation__"


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries: a type for each media type, with an example."""

    kinds: dict[str, Any]
    examples: dict[str, Any]
    description: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: `answer` is the type of the 200 answer, `problems` what else can come.

    With `file` the answer is a download, and `example` has one for each of its media types.
    """

    id: str
    summary: str
    description: str
    tag: str
    answer: Any
    example: Any
    body: Body | None = None
    query: Any = None
    path: dict[str, str] = field(default_factory=dict)
    problems: tuple[type[SiltaError], ...] = ()
    idempotent: bool = False
    mode: bool = False
    open: bool = False
    file: bool = False


def describes(operation: Operation) -> Callable[[View], View]:
    """Attach `operation` to its view."""

    def mark(view: View) -> View:
        setattr(view, _MARK, operation)
        return view

    return mark


def operation_of(view: Callable[..., Any]) -> Operation | None:
    """What `view` says of itself, or None."""
    found = getattr(view, _MARK, None)
    return found if isinstance(found, Operation) else None
