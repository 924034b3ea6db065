"""The page of call charges."""
