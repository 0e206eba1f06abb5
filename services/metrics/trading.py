"""How a run traded."""

import numpy as np

from services.metrics.account import TRADING_DAYS, FloatArray
from services.metrics.sample import Sample, metric


@metric
def trades(sample: Sample) -> int:
    """Number of fills, buys and sells."""
    return len(sample.run.fills.shares)


@metric
def win_rate(sample: Sample) -> float | None:
    """Share of the sells with a positive realised profit."""
    return float((sample.profits > 0.0).mean()) if len(sample.profits) else None


@metric
def profit_factor(sample: Sample) -> float | None:
    """Sum of the profits of the sells over the size of the sum of their losses."""
    gained, lost = _gains(sample)
    return float(gained.sum() / -lost.sum()) if len(lost) else None


@metric
def payoff_ratio(sample: Sample) -> float | None:
    """Mean profit of the sells with one over the size of the mean loss of those with one."""
    gained, lost = _gains(sample)
    return float(gained.mean() / -lost.mean()) if len(gained) and len(lost) else None


@metric
def expectancy(sample: Sample) -> float | None:
    """Mean of the realised profit over the cost of the shares, over the sells."""
    if not len(sample.profits):
        return None
    sells = sample.run.fills.shares < 0.0
    cost = sample.notionals[sells] - sample.run.fills.commission[sells] - sample.profits
    return float((sample.profits / cost).mean())


@metric
def exposure(sample: Sample) -> float:
    """Mean share of the equity that is not cash."""
    return 1.0 - float((sample.run.cash / sample.run.equity).mean())


@metric
def turnover(sample: Sample) -> float:
    """Half of the notional of all fills over the mean equity, per 252 bars."""
    a_year = TRADING_DAYS / len(sample.returns)
    return float(sample.notionals.sum() / 2.0 / sample.run.equity.mean()) * a_year


@metric
def costs_paid(sample: Sample) -> float:
    """Commission of all fills, and the distance of their prices from the open, times the shares."""
    fills, rate = sample.run.fills, sample.slippage_rate
    slippage = sample.notionals * rate / np.where(fills.shares > 0.0, 1.0 + rate, 1.0 - rate)
    return float(fills.commission.sum() + slippage.sum())


def _gains(sample: Sample) -> tuple[FloatArray, FloatArray]:
    """Return the profits above zero, and those below."""
    return sample.profits[sample.profits > 0.0], sample.profits[sample.profits < 0.0]
