"""The blueprint of signing in, with every step in it."""

from tenants.http.sign_in import addresses, factors, invitations, passwords
from tenants.http.sign_in.views import sign_in

STEPS = (addresses, factors, invitations, passwords)
"""Modules whose views join the blueprint when they are imported."""

__all__ = ["STEPS", "sign_in"]
