"""Mails that come: one mailbox of the installation, read, handed over and emptied by a job."""
