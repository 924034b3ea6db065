"""Probes of this floor's promises, and the list of everybody's."""
