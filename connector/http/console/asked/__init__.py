"""Pages of systems that are asked: their fields, tests, streams and runs."""
