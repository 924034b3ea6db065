"""Answers in JSON, from typed objects."""

from typing import Any

import msgspec
from flask import Response


def answer(what: Any, *, status: int = 200) -> Response:
    """`what` as application/json."""
    return raw_answer(msgspec.json.encode(what), status=status)


def raw_answer(body: bytes, *, status: int = 200) -> Response:
    """JSON that is encoded already."""
    return Response(body, status, content_type="application/json")
