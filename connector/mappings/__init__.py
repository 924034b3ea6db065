"""Mappings that tenants edit: which of a system's fields is which of ours."""
