"""Rules of requests that need no database."""
