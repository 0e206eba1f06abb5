"""Load, faults and a count: what was accepted must end, once."""
