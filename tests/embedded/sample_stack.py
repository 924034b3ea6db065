"""A stack with stand-ins for web and worker, run as a program by the tests of `silta dev`."""

import os
import sys
from pathlib import Path

import psycopg

from jobs.embedded.processes import Service
from jobs.embedded.roles import libpq_url
from jobs.embedded.stack import Step, run_stack

WEB = """
import http.server, os
host, port = os.environ["SILTA_BIND"].split(":")
http.server.HTTPServer((host, int(port)), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
WORKER = """
import os, sys, time
print('{"level": "info", "event": "quiet"}', file=sys.stderr, flush=True)
print('{"level": "error", "event": "loud"}', file=sys.stderr, flush=True)
print("keeper url:", "SILTA_KEEPER_DATABASE_URL" in os.environ, flush=True)
time.sleep(600)
"""


def count_rows() -> str:
    """Keep one row a run in the database, so that a test sees whether data has survived."""
    with psycopg.connect(libpq_url(os.environ["SILTA_OWNER_DATABASE_URL"])) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS runs (id int)")
        connection.execute("INSERT INTO runs VALUES (1)")
        row = connection.execute("SELECT count(*) FROM runs").fetchone()
    return f"run {row[0]}" if row else "no run"


def main() -> int:
    """Run the stack in the folder given."""
    return run_stack(
        Path(sys.argv[1]),
        steps=[Step("Rows", count_rows)],
        services=[
            Service("web", [sys.executable, "-c", WEB]),
            Service(
                "worker",
                [sys.executable, "-c", WORKER],
                withhold=frozenset({"SILTA_KEEPER_DATABASE_URL"}),
            ),
        ],
        welcome=lambda: "Ready.",
    )


if __name__ == "__main__":
    raise SystemExit(main())
