"""A mail server for development: takes mails by SMTP, gives them out by IMAP."""
