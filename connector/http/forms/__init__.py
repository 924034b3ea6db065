"""The public face of web forms: a page, a small API and a script. No cookie, no third party."""
