"""Reports of advisories."""
