"""How the three interfaces say no."""

from typing import Any


class Refusal(Exception):
    """A status, and a body in the form of the interface that answers."""

    def __init__(
        self, status: int, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}


def of_login(error: str, number: int, text: str, *, status: int = 400) -> Refusal:
    """RFC 6749, 5.2, with Microsoft's additions."""
    body = {
        "error": error,
        "error_description": f"AADSTS{number}: {text}",
        "error_codes": [number],
    }
    return Refusal(status, body)


def of_partner_center(status: int, code: str, text: str) -> Refusal:
    """{code, description}."""
    return Refusal(status, {"code": code, "description": text, "data": [], "source": "simulator"})


def of_graph(status: int, code: str, text: str) -> Refusal:
    """{error: {code, message}}."""
    return Refusal(status, {"error": {"code": code, "message": text}})
