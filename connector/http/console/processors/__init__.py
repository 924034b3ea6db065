"""Pages of processors and of the records of processing."""
