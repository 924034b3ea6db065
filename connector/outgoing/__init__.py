"""What is added in outside systems: each thing exactly once, whatever happens to the answer."""
