"""The addresses of inquiries."""

from flask import Blueprint

from connector.http.api.inquiries import read, write


def add_routes(api: Blueprint) -> None:
    """Add them to the API."""
    route = api.add_url_rule
    route("/v1/inquiries", view_func=read.list_all, endpoint="list_inquiries")
    route("/v1/inquiries", view_func=write.record, endpoint="record_inquiry", methods=["POST"])
    route(
        "/v1/inquiries/search", view_func=read.search, endpoint="search_inquiries", methods=["POST"]
    )
    route("/v1/inquiries/<uuid:inquiry_id>", view_func=read.read, endpoint="read_inquiry")
    route(
        "/v1/inquiries/<uuid:inquiry_id>/answer",
        view_func=write.answer_by_mail,
        endpoint="answer_inquiry",
        methods=["POST"],
    )
    route(
        "/v1/inquiries/<uuid:inquiry_id>/close",
        view_func=write.close,
        endpoint="close_inquiry",
        methods=["POST"],
    )
