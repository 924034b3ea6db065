"""Measurements against yardsticks of the same run. `python -m bench --help`."""
