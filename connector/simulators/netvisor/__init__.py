"""A Netvisor to develop against: it refuses what the real one refuses."""
