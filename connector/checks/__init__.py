"""What of this installation is security configuration (promise F11)."""
