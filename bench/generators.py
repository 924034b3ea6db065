"""An open-loop generator: requests begin when they are due, however long others take.

Each latency counts from the moment at which the request was due, not from when a connection
became free: a stall is then seen by all whom it would have kept waiting (no coordinated omission).
"""

import threading
import time
from collections.abc import Callable
from itertools import count

Send = Callable[[int], None]


def latencies(
    make_send: Callable[[], Send], *, rate: float, seconds: float, senders: int = 48
) -> list[float]:
    """Milliseconds of `rate * seconds` requests; `make_send` is called once for each sender."""
    total, tickets = int(rate * seconds), count()
    begin, took = time.perf_counter() + 0.5, [0.0] * int(rate * seconds)
    errors: list[BaseException] = []

    def run() -> None:
        send = make_send()
        while (ticket := next(tickets)) < total and not errors:
            due = begin + ticket / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            try:
                send(ticket)
            except BaseException as error:  # noqa: BLE001 - raised in the caller
                errors.append(error)
            took[ticket] = (time.perf_counter() - due) * 1_000

    threads = [threading.Thread(target=run) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return took
