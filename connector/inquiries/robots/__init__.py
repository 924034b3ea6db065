"""Proof against robots, without a third party and without a cookie (promise D7)."""
