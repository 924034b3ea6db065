"""PostgreSQL and Redis of our own, from wheels, below one folder; the supervisor of `silta dev`."""
