"""The promises, for programs."""
