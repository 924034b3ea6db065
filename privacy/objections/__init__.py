"""The register of objections (promise C6): five purposes, each on its own."""
