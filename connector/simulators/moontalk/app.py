"""The simulator as a WSGI application: the list of calls, and `/_control/` for developers."""

import socket
from contextlib import suppress
from time import sleep
from typing import Any, Final

from flask import Flask, Response, abort, jsonify, request

from connector.simulators.faults import read_fault
from connector.simulators.moontalk.desk import PATH, Desk, Refusal
from connector.simulators.moontalk.faults import PAGE, Fault, FaultName, spoiled

RESOURCE: Final = "calls"
_REFUSALS: Final = {
    FaultName.WRONG_KEY: (401, "unauthorized"),
    FaultName.DENIED: (403, "forbidden"),
    FaultName.CURSOR_EXPIRED: (400, "invalid_cursor"),
}
_PAGES: Final = {
    FaultName.TOO_MANY_REQUESTS: 429,
    FaultName.UNAVAILABLE: 503,
    FaultName.SERVER_ERROR: 500,
    FaultName.HTML_PAGE: 200,
}
_MOST_ADDED: Final = 10_000


def create_simulator(desk: Desk) -> Flask:
    """An application that answers for this desk."""
    app = Flask("moontalk-simulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    app.add_url_rule(PATH, "calls", lambda: _calls(desk))
    app.add_url_rule("/_control/state", "state", lambda: _state(desk))
    app.add_url_rule("/_control/calls", "add", lambda: _add(desk), methods=["POST"])
    app.add_url_rule(
        "/_control/faults", "faults", lambda: _faults(desk), methods=["POST", "DELETE"]
    )
    return app


def _calls(desk: Desk) -> Response:
    fault = desk.faults.take(RESOURCE)
    if fault is None:
        return _answered(desk)
    if fault.name in _REFUSALS:
        status, error = _REFUSALS[fault.name]
        return _json({"error": error}, status)
    if fault.name in _PAGES:
        return Response(PAGE, _PAGES[fault.name], _wait(fault))
    match fault.name:
        case FaultName.LATENCY:
            sleep(fault.seconds)
        case FaultName.LOST_REQUEST | FaultName.LOST_ANSWER:
            return _hang_up()
        case FaultName.ANOTHER_HOST:
            return Response(b"", 302, {"Location": "https://169.254.169.254/"})
    answer = _answered(desk)
    answer.data = spoiled(fault.name, answer.data)
    return answer


def _answered(desk: Desk) -> Response:
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        return _json(desk.answer(headers, request.args.to_dict()))
    except Refusal as refusal:
        return _json({"error": refusal.error}, refusal.status)


def _json(document: dict[str, Any], status: int = 200) -> Response:
    answer = jsonify(document)
    answer.status_code = status
    return answer


def _wait(fault: Fault) -> dict[str, str]:
    waits = fault.name in (FaultName.TOO_MANY_REQUESTS, FaultName.UNAVAILABLE)
    return {"Retry-After": str(int(fault.seconds))} if waits else {}


def _hang_up() -> Response:
    """The connection breaks without a word."""
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return Response(b"", 500)


def _state(desk: Desk) -> Response:
    return jsonify(
        answered=desk.answered,
        faults=[fault.name.value for fault in desk.faults.ordered()],
        calls=len(desk.books.calls),
        paging=desk.paging.value,
        sign_in=desk.sign_in.value,
    )


def _add(desk: Desk) -> Response:
    """Somebody called: so many calls that have just ended."""
    said = request.get_json()
    count = said.get("count", 1) if isinstance(said, dict) else None
    if not isinstance(count, int) or not 0 < count <= _MOST_ADDED:
        abort(422)
    return jsonify(added=[desk.books.add(desk.now()) for _ in range(count)])


def _faults(desk: Desk) -> Response:
    """JSON only: a page in somebody's browser cannot send that here unasked."""
    if request.method == "DELETE":
        desk.faults.clear()
        return Response(status=204)
    try:
        fault = read_fault(request.get_json(), FaultName)
    except ValueError:
        abort(422)
    desk.faults.order(fault)
    return Response(status=204)
