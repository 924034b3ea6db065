"""Call charges over the API."""
