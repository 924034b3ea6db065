"""Jobs for tests: rows as use cases would write them, tasks that leave a trace, and processes."""

import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr
from sqlalchemy import text

from jobs.contexts import House, Task, TaskContext
from privacy.core.db.engine import Engines
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.outbox.enqueue import Payload, enqueue
from privacy.core.outbox.names import JobName
from privacy.core.settings import Settings
from tests.installations import Installation
from tests.jobs.nursery import Child, nursery

TENANT = uuid.UUID("0190a0a0-0000-7000-8000-00000000a11c")


def add_job(
    installation: Installation,
    *,
    name: JobName = JobName.MAIL_SEND,
    payload: Payload | None = None,
    due_in: timedelta = timedelta(),
    tenant_id: uuid.UUID = TENANT,
) -> uuid.UUID:
    """Enqueue a job in a transaction of its own."""
    with unit_of_work(installation.engines.app, tenant_id=tenant_id, actor=SYSTEM) as work:
        added = enqueue(work, name=name, payload=payload, run_at=work.now + due_in)
    assert added is not None
    return added


def row(installation: Installation, job_id: uuid.UUID) -> dict[str, object]:
    """What is stored of a job."""
    engine = installation.superuser()
    with engine.connect() as connection:
        query = text("SELECT * FROM outbox_jobs WHERE id = :id")
        return dict(connection.execute(query, {"id": job_id}).mappings().one())


def change(installation: Installation, job_id: uuid.UUID, to: str) -> None:
    """Change a job's row past every wall: `to` is SQL."""
    engine = installation.superuser()
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE outbox_jobs SET {to} WHERE id = :id"), {"id": job_id})


def await_true(ready: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Wait until `ready`, or fail."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def leave_trace(context: TaskContext) -> None:
    """Append a line to $SAMPLE_FOLDER/begun, take the payload's time, append one to …/ran."""
    folder = Path(os.environ["SAMPLE_FOLDER"])
    line = f"{context.job_id}\n"
    with (folder / "begun").open("a") as file:
        file.write(line)
    time.sleep(float(context.payload.get("tenths", 0)) / 10)
    if context.payload.get("fails", 0) > context.attempt:
        raise RuntimeError("secret-in-an-exception +12025550142")
    with (folder / "ran").open("a") as file:
        file.write(line)


SAMPLE_TASKS: Mapping[JobName, Task] = {JobName.MAIL_SEND: leave_trace}


class SampleHouse:
    """A house whose keys nobody asks for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engines = Engines(settings)

    def close(self) -> None:
        """Close every connection."""
        self.engines.dispose()

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


def open_sample(settings: Settings) -> House:
    """A house for tasks that need engines only."""
    return cast(House, SampleHouse(settings))


def lines(folder: Path, name: str = "ran") -> list[str]:
    """What the sample task wrote."""
    path = folder / name
    return path.read_text().splitlines() if path.exists() else []


@contextmanager
def process(
    installation: Installation, kind: str, *, redis_url: str | None = None
) -> Iterator[Child]:
    """A real `worker` or `scheduler` process of this installation, ended on the way out."""
    settings = installation.settings
    env = os.environ | {"SAMPLE_FOLDER": str(installation.folder)}
    for name, value in settings:
        given = value.get_secret_value() if isinstance(value, SecretStr) else value
        if given is not None:
            env["SILTA_" + name.upper()] = str(given)
    if redis_url:
        env["SILTA_REDIS_URL"] = redis_url
    child = nursery().start(kind, env, installation.folder / f"{kind}.log")
    try:
        yield child
    finally:
        child.send_signal(signal.SIGCONT)
        child.terminate()
        try:
            child.wait(15)
        except TimeoutError:
            child.kill()
            child.wait()


def horse_of(worker: Child) -> int | None:
    """The process id of a worker's fork, while there is one."""
    path = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
    found = path.read_text().split()
    return int(found[0]) if found else None


__all__ = ["INSTALLATION_ID", "SAMPLE_TASKS", "TENANT"]
