"""Servers that behave like the outside systems, on this machine, with data of their own."""
