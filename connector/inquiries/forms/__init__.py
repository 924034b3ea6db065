"""Web forms: what a tenant puts on its pages so that inquiries and registrations come here."""
