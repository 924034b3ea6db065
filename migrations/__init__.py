"""The schema's history, and the DDL that puts every tenant table behind its wall."""
