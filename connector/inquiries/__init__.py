"""Inquiries: threads that somebody outside begins and the tenant's people answer (promise A10)."""
