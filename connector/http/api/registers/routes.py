"""Where the operations of the registers are."""

from flask import Blueprint

from connector.http.api.registers import consents, objections, suppressions


def add_routes(api: Blueprint) -> None:
    """Add them to the API."""
    route = api.add_url_rule
    route(
        "/v1/suppressions/check",
        "check_suppressions",
        suppressions.post_check,
        methods=["POST"],
    )
    one = "/v1/consents/<uuid:consent_id>"
    route("/v1/consents", "list_consents", consents.list_all)
    route("/v1/consents", "record_consent", consents.create, methods=["POST"])
    route("/v1/consents/search", "search_consents", consents.search, methods=["POST"])
    route(one, "read_consent", consents.read)
    route(f"{one}/withdraw", "withdraw_consent", consents.withdraw, methods=["POST"])
    one = "/v1/objections/<uuid:objection_id>"
    route("/v1/objections", "list_objections", objections.list_all)
    route("/v1/objections", "record_objection", objections.create, methods=["POST"])
    route("/v1/objections/search", "search_objections", objections.search, methods=["POST"])
    route(one, "read_objection", objections.read)
    route(f"{one}/end", "end_objection", objections.end, methods=["POST"])
