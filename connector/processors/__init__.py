"""Announcing processors to the organisations concerned."""
