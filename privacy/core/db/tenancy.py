"""The tenants that exist before any tenant does."""

import uuid

INSTALLATION_ID = uuid.UUID("00000000-0000-7000-8000-000000000001")
"""The reserved tenant of the installation itself: it owns users, sign-in sessions, their
register, and the operator's own mails and events."""
