"""How Netvisor says no."""

from http import HTTPStatus
from typing import Final

STATUSES: Final = {
    "AUTHENTICATION_FAILED": HTTPStatus.UNAUTHORIZED,
    "SERVICE_ACCESS_ERROR": HTTPStatus.FORBIDDEN,
    "SYSTEM_MAINTANANCE": HTTPStatus.SERVICE_UNAVAILABLE,
    "TECHNICAL_ERROR": HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""With UseHTTPResponseStatusCodes; any other code is a 400. Without, all are 200."""


class Refusal(Exception):
    """`CODE :: text`. An empty code gives a text alone, which does occur."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text

    @property
    def sentence(self) -> str:
        """The second Status."""
        return f"{self.code} :: {self.text}" if self.code else self.text

    @property
    def status(self) -> HTTPStatus:
        """For whoever asked for HTTP status codes."""
        return STATUSES.get(self.code, HTTPStatus.BAD_REQUEST)


def invalid(text: str) -> Refusal:
    """INVALID_DATA, which stands for "not found" as well."""
    return Refusal("INVALID_DATA", f"Data form incorrect:. {text}")
