"""Requests of data subjects over the API."""
