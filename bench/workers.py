"""Processes of their own that measure, asked through a pipe."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

_CONTEXT = multiprocessing.get_context("spawn")

Answer = Callable[[Any], Any]


class Worker:
    """One process. `make(*arguments)` builds there, once, what answers each question.

    The process is started anew, not forked: nothing of this one's memory or connections.
    """

    def __init__(self, make: Callable[..., Answer], *arguments: object) -> None:
        self._ours, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs, make, arguments), daemon=True)
        self._process.start()
        theirs.close()
        self._ours.recv()

    def ask(self, question: object = None) -> Any:
        """The answer."""
        self._ours.send(question)
        return self._ours.recv()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ours.close()
        self._process.join()


def ask_all(workers: Sequence[Worker], question: object) -> list[Any]:
    """The answers of all, who work at the same time."""
    with ThreadPoolExecutor(len(workers)) as threads:
        return list(threads.map(lambda worker: worker.ask(question), workers))


def _serve(pipe: Connection, make: Callable[..., Answer], arguments: tuple[object, ...]) -> None:
    answer = make(*arguments)
    pipe.send("ready")
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        pipe.send(answer(question))
