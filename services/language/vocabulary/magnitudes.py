"""How what a metric's label names relates to its stored value."""

from typing import Final

MAGNITUDES: Final = frozenset({"max_drawdown", "value_at_risk", "conditional_value_at_risk"})
"""Losses that are stored as zero or less: the larger a drawdown is, the lower is its stored value."""

OWN_END: Final = ("maximum ", "longest ", "최대 ", "최장 ")
"""What a label begins with that has an end of its own: "which has the longest drawdown?"."""
