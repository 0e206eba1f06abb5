"""Soak run: a moderate mixed load without faults, and a check that no process grows without end."""
