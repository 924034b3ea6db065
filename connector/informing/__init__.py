"""People who did not give us their data themselves: who has to be told, until when (Art. 14)."""
