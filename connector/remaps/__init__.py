"""What was kept of documents, read again."""
