"""Free fields over the API."""
