"""What a run gained."""

import math

from services.metrics.account import TRADING_DAYS
from services.metrics.sample import Sample, growth_of, metric


@metric
def total_return(sample: Sample) -> float:
    """Last equity over first, less 1."""
    return growth_of(sample.run.equity) - 1.0


@metric
def cagr(sample: Sample) -> float:
    """The compound annual growth rate that gives the total return in ``len(r) / 252`` years."""
    growth, days = growth_of(sample.run.equity), len(sample.returns)
    try:
        return math.pow(growth, TRADING_DAYS / days) - 1.0
    except OverflowError as error:
        problem = f"the equity grew {growth:g}-fold in {days} days: prices can't be right"
        raise ValueError(problem) from error


@metric
def final_equity(sample: Sample) -> float:
    """Equity at the last close, in the currency of the initial cash."""
    return float(sample.run.equity[-1])
