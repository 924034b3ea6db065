"""The faces of the connector."""
