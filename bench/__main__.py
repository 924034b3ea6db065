"""`python -m bench [--only ingest,search] [--quick] [--markdown]`."""

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterator

from bench.contexts import Context
from bench.machines import machine
from bench.measures import (
    backups,
    edge,
    endings,
    epochs,
    export,
    fernet,
    http,
    ingest,
    mapping,
    memory,
    move,
    posts,
    processes,
    rights,
    search,
    syncs,
    tenants,
)
from bench.results import Result
from bench.sites import open_site
from bench.sizes import FULL, QUICK
from bench.tables import table

Measure = Callable[[Context], Iterator[Result]]

# In this order: later ones fill the key ring, which the earlier ones would notice.
MEASURES: dict[str, Measure] = {
    "ingest": ingest.measure,
    "processes": processes.measure,
    "fernet": fernet.measure,
    "http": http.measure,
    "posts": posts.measure,
    "edge": edge.measure,
    "search": search.measure,
    "export": export.measure,
    "memory": memory.measure,
    "mapping": mapping.measure,
    "syncs": syncs.measure,
    "rights": rights.measure,
    "endings": endings.measure,
    "tenants": tenants.measure,
    "backups": backups.measure,
    "epochs": epochs.measure,
    "move": move.measure,
}


def main() -> int:
    """Run what was asked for; 1 when a floor was missed or a measurement failed."""
    given = _arguments()
    chosen = given.only.split(",") if given.only else list(MEASURES)
    unknown = sorted(set(chosen) - set(MEASURES))
    if unknown:
        print(f"bench: no such measurement: {', '.join(unknown)}", file=sys.stderr)
        return 2
    results: list[Result] = []
    with open_site() as site:
        context = Context(site, QUICK if given.quick else FULL)
        for name, measure in MEASURES.items():
            if name in chosen:
                results += _run(name, measure, context)
    print(machine())
    print(table(results, markdown=given.markdown))
    return 1 if any(result.verdict.startswith("MISSED") for result in results) else 0


def _run(name: str, measure: Measure, context: Context) -> list[Result]:
    print(f"{name} … ", end="", file=sys.stderr, flush=True)
    began = time.perf_counter()
    try:
        results = list(measure(context))
    except Exception:  # noqa: BLE001 - the other measurements go on
        traceback.print_exc()
        results = [Result(name, "failed, see above")]
    print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return results


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", default="", help=f"some of: {','.join(MEASURES)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
