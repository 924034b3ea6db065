"""Where the operations of events are."""

from flask import Blueprint

from connector.http.api.events_out import deliveries, endpoints

ENDPOINTS = "/v1/webhook-endpoints"
ONE = f"{ENDPOINTS}/<uuid:endpoint_id>"


def add_routes(api: Blueprint) -> None:
    """Add them to the API."""
    route = api.add_url_rule
    route(ENDPOINTS, "list_endpoints", endpoints.list_all)
    route(ENDPOINTS, "create_endpoint", endpoints.create, methods=["POST"])
    route(ONE, "read_endpoint", endpoints.read)
    route(ONE, "remove_endpoint", endpoints.delete, methods=["DELETE"])
    route(f"{ONE}/test", "test_endpoint", endpoints.test, methods=["POST"])
    route(f"{ONE}/rotate-secret", "rotate_endpoint", endpoints.rotate, methods=["POST"])
    route(f"{ONE}/disable", "disable_endpoint", endpoints.disable, methods=["POST"])
    route(f"{ONE}/enable", "enable_endpoint", endpoints.enable, methods=["POST"])
    route(f"{ONE}/deliveries", "list_deliveries", deliveries.list_all)
    route(f"{ONE}/deliveries/replay", "replay_failed", deliveries.replay_all, methods=["POST"])
    route(
        "/v1/webhook-deliveries/<uuid:delivery_id>/replay",
        "replay_delivery",
        deliveries.replay_one,
        methods=["POST"],
    )
