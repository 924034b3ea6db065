"""The face for marketplaces: /marketplace/v1, described at /marketplace/openapi.json."""
