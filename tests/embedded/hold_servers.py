"""Starts both servers in the folder given and waits to be killed; run as a program by tests."""

import sys
import time
from pathlib import Path

from jobs.embedded.postgres import EmbeddedPostgres
from jobs.embedded.redis import EmbeddedRedis

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with EmbeddedPostgres(folder / "postgres") as postgres, EmbeddedRedis(folder / "redis"):
        print("ready", postgres.process_id)  # noqa: T201
        time.sleep(600)
