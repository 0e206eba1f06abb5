"""What a simulation returns from its worker process: values that are cheap to pickle."""

from typing import NamedTuple

from backchat_contracts import Performance
from services.backtest.domain.backtest import Fill


class Output(NamedTuple):
    """A simulated backtest.

    `dates` are ISO days, `equity` is what the account is worth at the close of each.
    """

    performance: Performance
    dates: list[str]
    equity: list[float]
    fills: list[Fill]
