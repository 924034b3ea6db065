"""Faults on demand, whatever they are called: ordered, met by requests, used up."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, TypeVar

Name = TypeVar("Name", bound=StrEnum)


@dataclass(frozen=True)
class Fault(Generic[Name]):
    """`times`: how many requests it meets, -1 for all from now on. `resource`: of one only."""

    name: Name
    times: int = 1
    seconds: float = 2.0
    resource: str = ""


class Faults(Generic[Name]):
    """Those that are ordered, oldest first."""

    def __init__(self) -> None:
        self._ordered: list[Fault[Name]] = []
        self._lock = threading.Lock()

    def order(self, fault: Fault[Name]) -> None:
        """From the next request on."""
        with self._lock:
            self._ordered.append(fault)

    def clear(self) -> None:
        """No more faults."""
        with self._lock:
            self._ordered.clear()

    def ordered(self) -> list[Fault[Name]]:
        """Those still to come."""
        with self._lock:
            return list(self._ordered)

    def take(self, resource: str) -> Fault[Name] | None:
        """The fault that meets this request."""
        with self._lock:
            for index, fault in enumerate(self._ordered):
                if fault.resource in ("", resource):
                    self._use(index, fault)
                    return fault
        return None

    def _use(self, index: int, fault: Fault[Name]) -> None:
        if fault.times == 1:
            del self._ordered[index]
        elif fault.times > 1:
            self._ordered[index] = replace(fault, times=fault.times - 1)


def read_fault(said: object, name: Callable[[str], Name]) -> Fault[Name]:
    """A fault from JSON. Raises ValueError."""
    if not isinstance(said, dict):
        raise ValueError("an object is wanted")
    try:
        return Fault(
            name(str(said["name"])),
            int(said.get("times", 1)),
            min(float(said.get("seconds", 2.0)), 600.0),
            str(said.get("resource", "")).lower(),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("a name, and perhaps times, seconds and resource") from error
