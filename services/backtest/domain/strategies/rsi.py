"""Mean reversion on Wilder's relative strength index."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from backchat_contracts import Texts
from services.backtest.domain.indicators import BoolArray, FloatArray, latch, wilder_rsi
from services.backtest.domain.strategies.base import SymbolRule, parameter

Level = Annotated[float, Field(gt=0, lt=100)]
"""A level of the RSI; at its ends, 0 and 100, nothing is ever bought or sold."""


class Rsi(SymbolRule):
    """On from a fall of the RSI below ``lower`` until a rise above ``upper``.

    A symbol is on from the first close with an RSI below ``lower`` until the first close with an RSI
    above ``upper``. An RSI that is below ``lower`` when it is first defined counts as a fall below it.
    """

    type: ClassVar = "rsi"
    title: ClassVar = Texts(ko="RSI 역추세", en="RSI mean reversion")
    also_called: ClassVar = ("알에스아이", "상대강도지수", "relative strength index")
    description: ClassVar = Texts(
        ko="와일더 RSI가 lower 아래로 내려가면 사고 upper를 넘으면 팝니다.",
        en="Buys a symbol when Wilder's relative strength index falls below lower, sells it above upper.",
    )

    window: Annotated[int, Field(ge=2, le=1_000)] = (
        parameter(  # of a single change there is nothing to smooth
            14, ko="RSI의 거래일 수", en="Trading days of the RSI"
        )
    )
    lower: Level = parameter(
        30.0, ko="이보다 낮으면 사는 RSI, upper보다 작음", en="RSI below which it buys, lower than upper"
    )
    upper: Level = parameter(70.0, ko="이보다 높으면 파는 RSI", en="RSI above which it sells")

    @model_validator(mode="after")
    def lower_is_lower(self) -> Self:
        if self.lower >= self.upper:
            raise ValueError(f"lower ({self.lower:g}) must be smaller than upper ({self.upper:g})")
        return self

    @property
    def needed_bars(self) -> int:
        return self.window + 1

    @property
    def warm_up_bars(self) -> int:
        return 10 * self.window  # of what came before, the smoothing keeps less than 1 / 20,000

    def exposure(self, close: FloatArray) -> BoolArray:
        rsi = wilder_rsi(close, self.window)
        return latch(rsi < self.lower, rsi > self.upper)
