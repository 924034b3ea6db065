"""Where the operations of what is overseen are."""

from flask import Blueprint

from connector.http.api.overseen import breaches, disclosures, processors


def add_routes(api: Blueprint) -> None:
    """Add them to the API."""
    route = api.add_url_rule
    route("/v1/breaches", "list_breaches", breaches.list_all)
    route("/v1/breaches/<uuid:breach_id>", "read_breach", breaches.read)
    route("/v1/disclosures", "list_disclosures", disclosures.list_all)
    route("/v1/disclosures/search", "search_disclosures", disclosures.search, methods=["POST"])
    route("/v1/disclosures/<uuid:disclosure_id>", "read_disclosure", disclosures.read)
    route("/v1/processors", "list_processors", processors.list_all)
    route("/v1/processors/<uuid:processor_id>", "read_processor", processors.read)
    route("/v1/records-of-processing", "read_records", processors.read_records)
    route("/v1/records-of-processing/fideslang", "read_fideslang", processors.read_fideslang)
