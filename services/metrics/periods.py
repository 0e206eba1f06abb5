"""What an account gained in each period of the calendar, and its falls from a peak until it is back."""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.metrics.account import FloatArray
from services.metrics.sample import drawdown_of

MOST_DRAWDOWNS: Final = 10
"""How many drawdowns are listed, the deepest."""
_MONDAY: Final = np.timedelta64(4, "D")
"""NumPy's weeks begin on a Thursday, as 1970 did."""

Days = NDArray[np.datetime64]


class PeriodReturn(NamedTuple):
    """The return of a period of the calendar, cut off where the account begins or ends within it."""

    first: date
    """The first day of the period."""
    value: float


class Drawdown(NamedTuple):
    """A fall from a peak until that is reached again.

    ``peak``, ``trough`` and ``recovery`` are numbers of bars; ``recovery`` is None where the peak was not
    reached again. ``depth`` is negative, -0.2 being a fall by a fifth.
    """

    peak: int
    trough: int
    recovery: int | None
    depth: float


def returns_by(unit: str, days: Days, equity: FloatArray) -> list[PeriodReturn]:
    """Return the growth in each calendar ``unit``, less 1; together they make the total return.

    Args:
        unit: of NumPy's dates: "D", "W" (from a Monday), "M", "3M" (quarters) or "Y".
        days: the trading days, ``[T]``, rising.
        equity: at their closes, ``[T]``.

    """
    shift = _MONDAY if unit == "W" else np.timedelta64(0, "D")
    periods = (days - shift).astype(f"datetime64[{unit}]")
    last = np.append(np.flatnonzero(periods[1:] != periods[:-1]), len(days) - 1)
    ends = equity[last]
    growth = ends / np.concatenate((equity[:1], ends[:-1]))
    firsts: list[date] = (periods[last].astype("datetime64[D]") + shift).tolist()
    return [PeriodReturn(first, each - 1.0) for first, each in zip(firsts, growth.tolist(), strict=True)]


def deepest_drawdowns(equity: FloatArray) -> list[Drawdown]:
    """Return the drawdowns of an equity curve ``[T]``, the deepest first, at most `MOST_DRAWDOWNS`."""
    return drawdowns_of(equity)[:MOST_DRAWDOWNS]


def drawdowns_of(equity: FloatArray) -> list[Drawdown]:
    """Return all drawdowns of an equity curve ``[T]``, the deepest first."""
    fall = drawdown_of(equity)
    under = np.concatenate(([False], fall < 0.0, [False]))
    begins = np.flatnonzero(under[1:] & ~under[:-1])
    ends = np.flatnonzero(under[:-1] & ~under[1:])  # the first bar that is no longer below
    found = []
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        trough = begin + int(np.argmin(fall[begin:end]))
        recovery = end if end < len(equity) else None
        found.append(Drawdown(begin - 1, trough, recovery, float(fall[trough])))
    return sorted(found, key=lambda each: each.depth)
