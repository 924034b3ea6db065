"""Contacts that are stale or incomplete, found by named rules (promise B6)."""
