"""Where the operations of what is overseen are."""

from collections.abc import Callable

from flask import Blueprint

from connector.http.api.overseen import breach_acts, breaches, disclosures, processors


def add_routes(api: Blueprint) -> None:
    """Add them to the API."""
    route = api.add_url_rule
    _breaches(route)
    one = "/v1/disclosures/<uuid:disclosure_id>"
    route("/v1/disclosures", "list_disclosures", disclosures.list_all)
    route("/v1/disclosures", "record_disclosure", disclosures.create, methods=["POST"])
    route("/v1/disclosures/search", "search_disclosures", disclosures.search, methods=["POST"])
    route(one, "read_disclosure", disclosures.read)
    route(f"{one}/publish", "publish_disclosure", disclosures.make_public, methods=["POST"])
    one = "/v1/processors/<uuid:processor_id>"
    route("/v1/processors", "list_processors", processors.list_all)
    route("/v1/processors", "announce_processor", processors.create, methods=["POST"])
    route(one, "read_processor", processors.read)
    route(f"{one}/object", "object_to_processor", processors.refuse, methods=["POST"])
    route(f"{one}/end", "end_processor", processors.end, methods=["POST"])
    route("/v1/records-of-processing", "read_records", processors.read_records)
    route("/v1/records-of-processing/fideslang", "read_fideslang", processors.read_fideslang)


def _breaches(route: Callable[..., None]) -> None:
    one = "/v1/breaches/<uuid:breach_id>"
    route("/v1/breaches", "list_breaches", breaches.list_all)
    route("/v1/breaches", "record_breach", breach_acts.create, methods=["POST"])
    route("/v1/breaches/scope", "preview_scope", breach_acts.preview, methods=["POST"])
    route(one, "read_breach", breaches.read)
    route(f"{one}/scope", "compute_scope", breach_acts.put, methods=["POST"])
    route(f"{one}/assess", "assess_breach", breach_acts.assess, methods=["POST"])
    route(f"{one}/authority", "note_authority", breach_acts.authority, methods=["POST"])
    route(f"{one}/users", "tell_people", breach_acts.users, methods=["POST"])
    route(f"{one}/close", "close_breach", breach_acts.close, methods=["POST"])
