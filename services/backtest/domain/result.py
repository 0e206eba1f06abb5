"""What a run leaves behind besides its metrics: curves and fills, too long for what changes often."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.backtest.domain.indicators import FloatArray
from services.metrics.account import Fills


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """The curves and the fills of a completed backtest.

    Attributes:
        days: the trading days, ``[T]``.
        equity: what the account is worth at each close, ``[T]``.
        benchmark: what it would be worth had it held the benchmark, ``[T]``; None where that was not run.
        exposure: the share of the equity that is invested at each close, ``[T]``; None where it is not known.
        symbols: those that the fills name by their numbers.
        fills: the executed orders, at most `simulation.MOST_FILLS`.
        missing_warm_up_bars: how many bars before the first day the strategy's first decision lacked.
        fills_left_out: how many fills there were, if there were too many to keep.

    """

    days: NDArray[np.datetime64]
    equity: FloatArray
    benchmark: FloatArray | None
    exposure: FloatArray | None
    symbols: tuple[str, ...]
    fills: Fills
    missing_warm_up_bars: int = 0
    fills_left_out: int = 0
