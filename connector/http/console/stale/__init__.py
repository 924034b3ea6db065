"""Pages of stale and incomplete data."""
