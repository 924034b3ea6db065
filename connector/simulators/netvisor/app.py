"""The simulator as a WSGI application: `/<resource>.nv`, and `/_control/` for faults."""

import socket
from contextlib import suppress
from dataclasses import replace

from flask import Flask, Request, Response, abort, jsonify, request

from connector.providers.netvisor.signing import PREFIX
from connector.simulators.faults import read_fault
from connector.simulators.netvisor.desk import RESOURCES, Desk, Message
from connector.simulators.netvisor.faults import PAGE, Fault, FaultName, refusal_of, spoiled

MAX_BODY = 8 * 1024 * 1024


def create_simulator(desk: Desk) -> Flask:
    """An application that answers for this desk."""
    app = Flask("netvisor-simulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.add_url_rule(
        "/<path:path>", view_func=lambda path: _nv(desk, path), methods=["GET", "POST"]
    )
    app.add_url_rule("/_control/state", view_func=lambda: _state(desk), endpoint="state")
    app.add_url_rule(
        "/_control/faults",
        view_func=lambda: _faults(desk),
        endpoint="faults",
        methods=["POST", "DELETE"],
    )
    return app


def _nv(desk: Desk, path: str) -> Response:
    message = _message(request, path)
    if message.resource not in RESOURCES:
        abort(404)
    fault = desk.faults.take(message.resource)
    if fault is None:
        return _xml(*desk.answer(message))
    return _with_fault(desk, message, fault)


def _message(asked: Request, path: str) -> Message:
    raw = asked.environ.get("RAW_URI") or asked.environ.get("REQUEST_URI") or asked.full_path
    return Message(
        method=asked.method,
        url=f"{asked.scheme}://{asked.host}{raw}",
        path=path,
        query=asked.args.to_dict(),
        headers={name.lower(): value for name, value in asked.headers.items()},
        body=asked.get_data(cache=False),
    )


def _with_fault(desk: Desk, message: Message, fault: Fault) -> Response:
    match fault.name:
        case FaultName.LATENCY:
            return _xml(*desk.answer(message, seconds=fault.seconds))
        case FaultName.TOO_MANY_REQUESTS:
            return Response(PAGE, 429, {"Retry-After": str(int(fault.seconds))})
        case FaultName.SERVER_ERROR | FaultName.HTML_PAGE:
            return Response(PAGE, 500 if fault.name is FaultName.SERVER_ERROR else 200)
        case FaultName.ANOTHER_HOST:
            return Response(b"", 302, {"Location": "https://169.254.169.254/"})
        case FaultName.LOST_REQUEST:
            return _hang_up()
        case FaultName.LOST_ANSWER:
            desk.answer(message)
            return _hang_up()
    refusal = refusal_of(fault.name, signed=_signed_material(desk, message))
    if refusal is not None:
        return _xml(*desk.refuse(message, refusal))
    status, answer = desk.answer(message)
    return _xml(status, spoiled(fault.name, answer))


def _signed_material(desk: Desk, message: Message) -> str:
    sender = message.headers.get(f"{PREFIX}Sender".lower(), "")
    return f"{message.url}&{sender}&{desk.keys.customer_key}&{desk.keys.partner_key}"


def _hang_up() -> Response:
    """The connection breaks without a word."""
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return Response(b"", 500)


def _xml(status: int, body: bytes) -> Response:
    return Response(body, status, content_type="text/xml; charset=utf-8")


def _state(desk: Desk) -> Response:
    books = desk.books
    return jsonify(
        answered=desk.counts,
        faults=[fault.name.value for fault in desk.faults.ordered()],
        customers=len(books.customers),
        invoices=len(books.invoices),
        payments=len(books.payments),
        products=len(books.products),
    )


def _faults(desk: Desk) -> Response:
    """JSON only: a page in somebody's browser cannot send that here unasked."""
    if request.method == "DELETE":
        desk.faults.clear()
        return Response(status=204)
    try:
        fault = read_fault(request.get_json(), FaultName)
    except ValueError:
        abort(422)
    fault = replace(fault, resource=fault.resource.removesuffix(".nv"))
    desk.faults.order(fault)
    return Response(status=204)
