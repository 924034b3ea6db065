"""Where the operations of subject requests are."""

from flask import Blueprint

from connector.http.api.subjects import decisions, holds, read, write


def add_routes(api: Blueprint) -> None:
    """Add them to the API."""
    route, one = api.add_url_rule, "/v1/subject-requests/<uuid:request_id>"
    route("/v1/subject-requests", "list_requests", read.list_all)
    route("/v1/subject-requests", "create_request", write.create, methods=["POST"])
    route(one, "read_request", read.read)
    route(f"{one}/code", "send_request_code", write.send, methods=["POST"])
    route(f"{one}/verify", "verify_request", write.verify, methods=["POST"])
    route(f"{one}/result", "fetch_result", write.result, methods=["POST"])
    route(f"{one}/extend", "extend_request", decisions.extend, methods=["POST"])
    route(f"{one}/refuse", "refuse_request", decisions.refuse, methods=["POST"])
    route(f"{one}/order", "reopen_request", decisions.reopen, methods=["POST"])
    route(f"{one}/decide", "decide_request", decisions.decide, methods=["POST"])
    route(f"{one}/tick", "tick_request", decisions.tick, methods=["POST"])
    route(f"{one}/close", "close_request", decisions.close, methods=["POST"])
    route("/v1/holds", "list_holds", holds.list_all)
    route("/v1/holds", "begin_hold", holds.begin, methods=["POST"])
    route("/v1/holds/<uuid:hold_id>/end", "end_hold", holds.end, methods=["POST"])
