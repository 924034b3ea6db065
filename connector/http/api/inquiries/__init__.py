"""Inquiries for programs: find, read, record, answer, close."""
