"""Crossover of two exponential moving averages."""

from typing import Annotated, ClassVar

from pydantic import Field

from backchat_contracts import Texts
from services.backtest.domain.indicators import BoolArray, FloatArray, ema
from services.backtest.domain.strategies.base import FastAndSlow, parameter


class EmaCrossover(FastAndSlow):
    """On while the exponential average of ``fast`` bars is above that of ``slow`` bars.

    An exponential average never forgets the plain average that it began with (see `ema`). After ``3 * slow``
    bars that still has a weight of less than 2 % (``exp(-4)``) in the slow one; nothing is decided before.
    Source: John J. Murphy, *Technical Analysis of the Financial Markets*, 1999, chapter 9.
    """

    type: ClassVar = "ema_crossover"
    title: ClassVar = Texts(ko="지수이동평균 교차", en="Exponential moving average crossover")
    also_called: ClassVar = (
        "EMA",
        "지수이평",
        "지수 이동평균",
        "EMA 크로스",
        "EMA cross",
        "exponential moving average",
    )
    description: ClassVar = Texts(
        ko="단기 지수이동평균이 장기 지수이동평균보다 높은 동안 보유합니다.",
        en="Holds a symbol while its fast exponential moving average is above the slow one.",
    )

    fast: Annotated[int, Field(ge=1, le=999)] = parameter(
        12,
        ko="단기 지수이동평균의 거래일 수, slow보다 작음",
        en="Trading days of the fast average, fewer than slow",
    )
    slow: Annotated[int, Field(ge=2, le=1_000)] = parameter(
        26, ko="장기 지수이동평균의 거래일 수", en="Trading days of the slow average"
    )

    @property
    def needed_bars(self) -> int:
        return 3 * self.slow

    def exposure(self, close: FloatArray) -> BoolArray:
        on = ema(close, self.fast, 0) > ema(close, self.slow, 0)
        on[: self.needed_bars - 1] = False
        return on
