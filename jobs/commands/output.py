"""How commands answer: lines for people, one JSON document for scripts."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def answer(document: Mapping[str, object], *lines: str, as_json: bool) -> None:
    """Print `document` as JSON, or `lines`."""
    if as_json:
        click.echo(json.dumps(document, default=_plain))
        return
    for line in lines:
        click.echo(line)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
