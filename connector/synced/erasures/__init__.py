"""Erasure that lasts: what was erased for a person is not brought again by its system."""
