"""Requests of the people whom data is about: found, given, erased, and proven to be."""
