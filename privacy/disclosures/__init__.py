"""The register of disclosures: what was told to whom, on which ground (promise E3)."""
