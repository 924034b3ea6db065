"""Pages of free fields."""
