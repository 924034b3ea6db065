"""Pages of the register of disclosures."""
