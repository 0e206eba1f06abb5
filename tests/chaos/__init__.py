"""Chaos run: faults under load, and a check that each accepted job ends exactly once."""
