"""What a simulation returns from its worker process: plain values, cheap to pickle."""

from typing import Any, NamedTuple


class Output(NamedTuple):
    """A simulated backtest, as JSON values.

    `performance` has the fields of `Performance`, `trades` those of `Trade`; `dates` are ISO days, `equity`
    is what the account is worth at the close of each.
    """

    performance: dict[str, Any]
    dates: list[str]
    equity: list[float]
    trades: list[dict[str, Any]]
