"""When backtests gained and lost: drawdowns with their dates, returns by period of the calendar."""

from datetime import date
from typing import Literal

from pydantic import Field

from backchat_contracts.base import Contract, is_none

PeriodUnit = Literal["day", "week", "month", "quarter", "year"]
"""Of the calendar; a week begins on a Monday."""

TimingAsked = Literal[
    "drawdowns", "best", "worst", "ends", "returns", "gains", "losses", "wins", "last_drawdown"
]
"""`ends`: the best and the worst period. `gains`, `losses`: the periods that ended above or below where they
began. `wins`: those in which it had the highest return of those asked about. `last_drawdown`: how far below
its peak it ends."""


class PeriodReturn(Contract):
    """The return of a period of the calendar, on the trading days from `start` to `end`.

    `whole`: false where the backtest, or the window asked about, begins or ends within it.
    """

    start: date
    end: date
    total_return: float
    whole: bool = True


class DatedDrawdown(Contract):
    """A fall from a peak until that was reached again: `recovery` is null where it was not.

    `max_drawdown`: its depth, zero or negative. `recovery_days`: of the calendar, from the trough.
    """

    peak: date
    trough: date
    recovery: date | None
    max_drawdown: float
    recovery_days: int | None = None


class LastDrawdown(Contract):
    """How far an account is below its highest close on its last day: `max_drawdown` is zero at a new high.

    `peak`: the last day on which it closed that high.
    """

    day: date
    peak: date
    max_drawdown: float


class StrategyTiming(Contract):
    """When one backtest gained and lost.

    `periods` and `drawdowns`: those asked for, the first ones; `matching`: how many there are. `of`: how many
    periods it has.
    """

    backtest_id: str
    periods: tuple[PeriodReturn, ...] = ()
    drawdowns: tuple[DatedDrawdown, ...] = ()
    matching: int = 0
    of: int = 0
    last_drawdown: LastDrawdown | None = Field(default=None, exclude_if=is_none)


class Timing(Contract):
    """What is asked of the days of backtests, and what was found, in the order of `strategies`."""

    asked: TimingAsked
    unit: PeriodUnit | None = Field(default=None, exclude_if=is_none)
    strategies: tuple[StrategyTiming, ...] = ()
