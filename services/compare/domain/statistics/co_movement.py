"""How two strategies moved together: correlation, overlap of drawdowns, who led in which year."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from services.compare.domain.statistics.kernels import BoolArray, FloatArray
from services.compare.domain.statistics.resamples import ROUNDING, TRADING_DAYS

QUARTER: Final = 63
"""Days from one rolling year to the next."""


@dataclass(frozen=True, slots=True)
class YearWindow:
    """A year of 252 days, and what each of a pair gained in it.

    Attributes:
        first: position of its first day in the returns.
        last: of its last day.
        one: total return of the first strategy.
        other: of the second.

    """

    first: int
    last: int
    one: float
    other: float


@dataclass(frozen=True, slots=True)
class RollingYears:
    """The years that end with the last day and every 63 days before it, the earliest first.

    Attributes:
        windows: empty for less than a year.
        one: in how many the first strategy gained more.
        other: in how many the second did.
        ties: in how many both gained the same.

    """

    windows: tuple[YearWindow, ...]
    one: int
    other: int
    ties: int

    def turned(self) -> "RollingYears":
        """Return the same with the two exchanged."""
        windows = tuple(replace(each, one=each.other, other=each.one) for each in self.windows)
        return RollingYears(windows, self.other, self.one, self.ties)


def correlation(one: FloatArray, other: FloatArray) -> float | None:
    """Compute Pearson's correlation of two series of returns, ``[T]`` each; None where one is constant."""
    x, y = one - one.mean(), other - other.mean()
    squares = float((x * x).sum()), float((y * y).sum())
    if min(squares) <= ROUNDING**2 * len(x):
        return None
    share = float((x * y).sum()) / float(np.sqrt(squares[0])) / float(np.sqrt(squares[1]))
    return min(1.0, max(-1.0, share))


def below_peak(returns: FloatArray) -> BoolArray:
    """Say on which days each equity closed below an earlier peak: ``[T, n]`` gives ``[T, n]``."""
    with np.errstate(over="ignore"):  # beyond a float there are no drawdowns
        equity = np.cumprod(1.0 + returns, axis=0)
    peak = np.maximum(np.maximum.accumulate(equity, axis=0), 1.0)
    return np.asarray(equity < peak * (1.0 - ROUNDING))


def drawdown_overlap(one: BoolArray, other: BoolArray) -> float | None:
    """Count the days on which both are below their peaks, over those on which either is (Jaccard 1901).

    None where neither ever is.
    """
    either = int((one | other).sum())
    return int((one & other).sum()) / either if either else None


def yearly_growth(returns: FloatArray) -> tuple[list[int], FloatArray]:
    """Compute the total returns of all rolling years: the first days, and ``[windows, n]``."""
    firsts = list(range((len(returns) - TRADING_DAYS) % QUARTER, len(returns) - TRADING_DAYS + 1, QUARTER))
    if len(returns) < TRADING_DAYS:
        return [], np.empty((0, returns.shape[1]))
    with np.errstate(over="ignore"):
        gains = [np.multiply.reduce(1.0 + returns[first : first + TRADING_DAYS]) - 1.0 for first in firsts]
    return firsts, np.nan_to_num(np.array(gains))


def rolling_years(firsts: list[int], one: FloatArray, other: FloatArray) -> RollingYears:
    """Set the yearly returns of two strategies, ``[windows]`` each, side by side."""
    windows = tuple(
        YearWindow(first, first + TRADING_DAYS - 1, float(own), float(others))
        for first, own, others in zip(firsts, one, other, strict=True)
    )
    ahead = sum(each.one > each.other for each in windows)
    behind = sum(each.one < each.other for each in windows)
    return RollingYears(windows, ahead, behind, len(windows) - ahead - behind)
