"""What a simulation returns from its worker process: values that are cheap to pickle."""

from typing import NamedTuple

from backchat_contracts import Performance, ResultWarning
from services.backtest.domain.backtest import Fill


class Output(NamedTuple):
    """A simulated backtest.

    `dates` are ISO days, `equity` is what the account is worth at the close of each. `missing_warm_up_bars`:
    how many bars before the first day were wanted and not there.
    """

    performance: Performance
    dates: list[str]
    equity: list[float]
    fills: list[Fill]
    missing_warm_up_bars: int
    warnings: tuple[ResultWarning, ...]
