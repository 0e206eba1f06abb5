"""What the figures of strategies are in, in words for a language model."""

from typing import Final

from backchat_contracts import METRICS

UNITS: Final = (
    "These figures are fractions (0.12 is 12 %): "
    + ", ".join(name for name, metric in METRICS.items() if metric.unit == "fraction")
    + ". The others are plain numbers or amounts of money, null is not defined."
)
