"""The simulator as a WSGI application: three interfaces, and `/_control/` for developers."""

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from flask import Flask, Request, Response, abort, jsonify, request

from connector.simulators.faults import read_fault
from connector.simulators.microsoft.call_books import call_record
from connector.simulators.microsoft.desk import Desk, Reply, reply_of, resource_of
from connector.simulators.microsoft.events import NAMES
from connector.simulators.microsoft.faults import PAGE, Fault, FaultName, refusal_of, spoiled
from connector.simulators.microsoft.questions import Question

MAX_BODY = 4 * 1024 * 1024


def create_simulator(desk: Desk) -> Flask:
    """An application that answers for this desk."""
    app = Flask("microsoft-simulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    app.add_url_rule("/<path:path>", "all", lambda path: _all(desk, path), methods=methods)
    app.add_url_rule("/_control/state", "state", lambda: _state(desk))
    app.add_url_rule("/_control/calls", "calls", lambda: _calls(desk), methods=["POST"])
    app.add_url_rule("/_control/lifecycle", "life", lambda: _lifecycle(desk), methods=["POST"])
    app.add_url_rule("/_control/tokens", "tokens", lambda: _expire(desk), methods=["DELETE"])
    app.add_url_rule("/_control/events", "events", lambda: _tell(desk), methods=["POST"])
    app.add_url_rule(
        "/_control/faults", "faults", lambda: _faults(desk), methods=["POST", "DELETE"]
    )
    return app


def _all(desk: Desk, path: str) -> Response:
    question = _question(desk, request, f"/{path}")
    fault = desk.faults.take(resource_of(question.path))
    if fault is None:
        return _said(desk.answer(question))
    return _with_fault(desk, question, fault)


def _question(desk: Desk, asked: Request, path: str) -> Question:
    return Question(
        method=asked.method,
        base=f"{asked.scheme}://{asked.host}",
        path=path,
        query=asked.args.to_dict(),
        headers={name.lower(): value for name, value in asked.headers.items()},
        form=asked.form.to_dict(),
        json=asked.get_json(silent=True),
        now=desk.now(),
    )


def _with_fault(desk: Desk, question: Question, fault: Fault) -> Response:
    if fault.name in _WITHOUT_AN_ANSWER:
        return _WITHOUT_AN_ANSWER[fault.name](fault)
    if fault.name is FaultName.LATENCY:
        return _said(desk.answer(question, seconds=fault.seconds))
    if fault.name is FaultName.LOST_ANSWER:
        desk.answer(question, lost=True)
        return _hang_up()
    refusal = refusal_of(fault.name, resource_of(question.path))
    if refusal is not None:
        return _said(reply_of(refusal))
    reply = desk.answer(question)
    return _said(Reply(reply.status, spoiled(fault.name, reply.body), reply.headers))


def _hang_up() -> Response:
    """The connection breaks without a word."""
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return Response(b"", 500)


def _with_a_wait(status: int) -> Callable[[Fault], Response]:
    return lambda fault: Response(PAGE, status, {"Retry-After": str(int(fault.seconds))})


_WITHOUT_AN_ANSWER: Final[Mapping[FaultName, Callable[[Fault], Response]]] = {
    FaultName.TOO_MANY_REQUESTS: _with_a_wait(429),
    FaultName.UNAVAILABLE: _with_a_wait(503),
    FaultName.SERVER_ERROR: lambda _: Response(PAGE, 500),
    FaultName.HTML_PAGE: lambda _: Response(PAGE, 200),
    FaultName.ANOTHER_HOST: lambda _: Response(b"", 302, {"Location": "https://169.254.169.254/"}),
    FaultName.LOST_REQUEST: lambda _: _hang_up(),
}


def _said(reply: Reply) -> Response:
    kind = "application/json; charset=utf-8"
    return Response(reply.body, reply.status, reply.headers, content_type=kind)


def _state(desk: Desk) -> Response:
    return jsonify(
        answered=desk.counts,
        faults=[fault.name.value for fault in desk.faults.ordered()],
        customers=len(desk.books.customers),
        invoices=len(desk.books.invoices),
        calls=len(desk.books.calls.records),
        subscriptions=len(desk.graph.watches.watches),
        delivered=desk.graph.watches.delivered,
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
    desk.faults.order(fault)
    return Response(status=204)


def _calls(desk: Desk) -> Response:
    """Somebody calls: a record, or a higher version of one, and whoever watches is told."""
    said = request.get_json()
    if not isinstance(said, dict):
        abort(422)
    number, version = said.get("number"), said.get("version", 1)
    number = len(desk.books.calls.records) if number is None else number
    if not isinstance(number, int) or not isinstance(version, int):
        abort(422)
    record = call_record(desk.books.seed, number, desk.now(), version=version)
    desk.books.calls.put(record)
    told = desk.graph.watches.notify(record["id"], version=version)
    return jsonify(id=record["id"], version=version, told=told)


def _lifecycle(desk: Desk) -> Response:
    said = request.get_json()
    event = said.get("event") if isinstance(said, dict) else None
    if event not in ("reauthorizationRequired", "subscriptionRemoved", "missed"):
        abort(422)
    return jsonify(told=desk.graph.watches.lifecycle(event))


def _refused(why: str) -> Response:
    answer = jsonify(error=why)
    answer.status_code = 422
    return answer


def _tell(desk: Desk) -> Response:
    """Partner Center tells whoever is registered."""
    said = request.get_json()
    name = said.get("name") if isinstance(said, dict) else None
    if name not in NAMES:
        return _refused(f"name is one of {', '.join(NAMES)}")
    if not desk.events.url:
        return _refused("nobody has registered for events yet: connect an account first")
    return jsonify(told=desk.events.tell(f"{request.scheme}://{request.host}", name))


def _expire(desk: Desk) -> Response:
    desk.sign_in.expire_all()
    return Response(status=204)
