"""How often the verdicts of comparisons are right, on simulated strategies whose true figures are known."""
