"""Who accepted or declined which version of a notice, and when (promise D2)."""
