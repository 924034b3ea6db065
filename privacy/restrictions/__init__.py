"""Restricted processing (GDPR Art. 18): what is stored and, but for claims, not used."""
