"""Requests of data subjects in the console."""
