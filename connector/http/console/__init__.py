"""The web console: pages that people work with."""
