"""Where telephone exchanges post: one secret address for each account."""
