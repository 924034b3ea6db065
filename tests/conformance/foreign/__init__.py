"""A sixth vendor, written by somebody else: its provider, its system, its case."""
