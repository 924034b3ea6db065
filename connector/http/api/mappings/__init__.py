"""Mappings over the API: read, try, save, list what was saved."""
