"""Where the operations of subject requests are."""

from flask import Blueprint

from connector.http.api.subjects import read, write


def add_routes(api: Blueprint) -> None:
    """Add them to the API."""
    route, one = api.add_url_rule, "/v1/subject-requests/<uuid:request_id>"
    route("/v1/subject-requests", "list_requests", read.list_all)
    route("/v1/subject-requests", "create_request", write.create, methods=["POST"])
    route(one, "read_request", read.read)
    route(f"{one}/code", "send_request_code", write.send, methods=["POST"])
    route(f"{one}/verify", "verify_request", write.verify, methods=["POST"])
    route(f"{one}/result", "fetch_result", write.result, methods=["POST"])
