"""How much is measured: enough for a figure, or only enough to see that it runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Counts; records are in batches of 1,000 unless told otherwise."""

    rounds: int = 9
    batches: int = 16
    fernet_batches: int = 4
    http_batches: int = 16
    post_seconds: int = 20
    posts_per_second: int = 200
    stock: int = 1_000_000
    searches: int = 1_500
    tenants: int = 1_000
    ending_rows: tuple[int, int] = (100_000, 1_000_000)
    ending_rounds: int = 3
    export_rounds: int = 3
    epoch_tenants: int = 10_000
    memory_records: tuple[int, int] = (10_000, 1_000_000)
    mapped: int = 5_000
    netvisor_customers: tuple[int, int] = (1_000, 10_000)
    graph_records: tuple[int, int] = (5_000, 50_000)
    contacts: int = 1_000_000


FULL = Sizes()
QUICK = Sizes(
    rounds=3,
    batches=5,
    fernet_batches=2,
    http_batches=5,
    post_seconds=5,
    stock=60_000,
    searches=200,
    tenants=20,
    ending_rows=(5_000, 50_000),
    ending_rounds=2,
    export_rounds=1,
    epoch_tenants=300,
    memory_records=(10_000, 60_000),
    mapped=500,
    netvisor_customers=(300, 1_000),
    graph_records=(500, 2_000),
    contacts=20_000,
)
