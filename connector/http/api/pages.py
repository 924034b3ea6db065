"""The description itself, for programs at /api/openapi.json and for people at /api/docs."""

from typing import Any

from flask import Response, current_app, render_template

from connector.calls.rejections import REASONS
from connector.http.api.answers import answer
from connector.http.api.documents import api_document, every_problem
from connector.http.api.operations import Operation, describes
from connector.http.api.responses import example_of
from tenants.http.access import public
from tenants.http.services import services

_PUBLIC = "The description of the API holds no data."


def document() -> dict[str, Any]:
    """The description, made once for each process."""
    made: dict[str, Any] | None = current_app.extensions.get("silta.api.document")
    if made is None:
        made = api_document(current_app, public_url=services().settings.public_url)
        current_app.extensions["silta.api.document"] = made
    return made


@public(_PUBLIC)
@describes(
    Operation(
        id="readDescription",
        summary="This description",
        description="OpenAPI 3.1.",
        tag="key",
        answer={"type": "object"},
        example={"openapi": "3.1.0"},
        open=True,
    )
)
def read_document() -> Response:
    """The OpenAPI document."""
    return answer(document())


@public(_PUBLIC)
def read_reference() -> str:
    """The reference for people, made from the same description; it needs no script."""
    problems = sorted({kind.code: example_of(kind) for kind in every_problem(current_app)}.items())
    return render_template(
        "api/reference.html", api=document(), problems=problems, reasons=REASONS.items()
    )


@public(_PUBLIC)
def read_style() -> Response:
    """The reference's style sheet; the policy allows none inside the page."""
    return Response(render_template("api/style.css"), mimetype="text/css")
