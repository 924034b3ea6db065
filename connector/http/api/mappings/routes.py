"""Where the operations of mappings are."""

from typing import Final

from flask import Blueprint

from connector.http.api.mappings import read, write

MAPPING: Final = "/v1/accounts/<uuid:account_id>/mapping"


def add_routes(api: Blueprint) -> None:
    """Add them to the API."""
    route = api.add_url_rule
    route(MAPPING, "read_mapping", read.read)
    route(MAPPING, "save_mapping", write.save, methods=["PUT"])
    route(f"{MAPPING}/try", "try_mapping", write.try_out, methods=["POST"])
    route(f"{MAPPING}/versions", "list_mapping_versions", read.list_versions)
