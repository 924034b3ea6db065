"""The blueprint of signing in, with every step in it."""

from tenants.http.sign_in import factors, invitations, passwords
from tenants.http.sign_in.views import sign_in

STEPS = (factors, invitations, passwords)
"""Modules whose views join the blueprint when they are imported."""

__all__ = ["STEPS", "sign_in"]
