"""What a tenant shows an authority: losses, processors, disclosures, records of processing."""
