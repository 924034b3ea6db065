"""Webhook endpoints over the API."""
