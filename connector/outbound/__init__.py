"""The one way out: every request that this service makes of itself goes through here."""
