"""Telling people of a loss of data: controllers, users, registered people."""
