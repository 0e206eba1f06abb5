"""Crossover of two simple moving averages."""

from typing import Annotated, ClassVar

from pydantic import Field

from backchat_contracts import Texts
from services.backtest.domain.indicators import BoolArray, FloatArray, sma
from services.backtest.domain.strategies.base import FastAndSlow, parameter


class SmaCrossover(FastAndSlow):
    """On while the average of the last ``fast`` closes is above that of the last ``slow`` closes."""

    type: ClassVar = "sma_crossover"
    title: ClassVar = Texts(ko="이동평균 교차", en="Moving average crossover")
    also_called: ClassVar = (
        "SMA",
        "이평선",
        "이평",
        "이동평균",
        "이동평균선",
        "골든크로스",
        "SMA 크로스",
        "moving average",
        "golden cross",
    )
    description: ClassVar = Texts(
        ko="단기 이동평균이 장기 이동평균보다 높은 동안 보유합니다.",
        en="Holds a symbol while its fast simple moving average is above the slow one.",
    )

    fast: Annotated[int, Field(ge=1, le=999)] = parameter(
        20,
        ko="단기 이동평균의 거래일 수, slow보다 작음",
        en="Trading days of the fast average, fewer than slow",
    )
    slow: Annotated[int, Field(ge=2, le=1_000)] = parameter(
        50, ko="장기 이동평균의 거래일 수", en="Trading days of the slow average"
    )

    @property
    def needed_bars(self) -> int:
        return self.slow

    def exposure(self, close: FloatArray) -> BoolArray:
        return sma(close, self.fast) > sma(close, self.slow)
