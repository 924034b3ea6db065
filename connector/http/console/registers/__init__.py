"""Pages of the registers: consents and objections."""
