"""What came of runs, counted."""

from typing import Any

from tests.tenancies import House


def outcomes(ended: dict[str, Any]) -> dict[str, str]:
    return {name: each.outcome.value for name, each in ended.items()}


def living(house: House, table: str) -> int:
    [(count,)] = house.rows(f"SELECT count(*) FROM {table} WHERE state = 'living'")
    return int(str(count))
