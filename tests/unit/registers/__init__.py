"""Rules of the registers, without a database."""
