"""The register of consents: what was agreed to, in which words, when, how, and until when."""
