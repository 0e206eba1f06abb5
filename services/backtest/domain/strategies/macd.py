"""Moving average convergence/divergence."""

from typing import Annotated, ClassVar

from pydantic import Field

from backchat_contracts import Texts
from services.backtest.domain.indicators import BoolArray, FloatArray, ema
from services.backtest.domain.strategies.base import FastAndSlow, parameter


class Macd(FastAndSlow):
    """On while the MACD line is above its signal line.

    The MACD line is the exponential average of ``fast`` closes less that of ``slow`` closes, the signal line
    the exponential average of ``signal`` values of it (Gerald Appel, *The Moving Average
    Convergence-Divergence Method*, 1979). All begin as late as TA-Lib's. Exponential averages never forget
    what they began with, so nothing is decided before ``3 * (slow + signal)`` bars: see `ema_crossover`.
    """

    type: ClassVar = "macd"
    title: ClassVar = Texts(ko="MACD", en="MACD")
    also_called: ClassVar = ("맥디",)
    description: ClassVar = Texts(
        ko="MACD선(단기 지수이동평균에서 장기 지수이동평균을 뺀 값)이 시그널선보다 높은 동안 보유합니다.",
        en="Holds a symbol while its MACD line, the fast less the slow exponential moving average, is above "
        "its signal line.",
    )

    fast: Annotated[int, Field(ge=1, le=999)] = parameter(
        12,
        ko="단기 지수이동평균의 거래일 수, slow보다 작음",
        en="Trading days of the fast average, fewer than slow",
    )
    slow: Annotated[int, Field(ge=2, le=1_000)] = parameter(
        26, ko="장기 지수이동평균의 거래일 수", en="Trading days of the slow average"
    )
    # of one value it would be the MACD line itself
    signal: Annotated[int, Field(ge=2, le=1_000)] = parameter(
        9, ko="시그널선(MACD선의 지수이동평균)의 거래일 수", en="Trading days of the signal line"
    )

    @property
    def needed_bars(self) -> int:
        return 3 * (self.slow + self.signal)

    def lines(self, close: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the MACD line and the signal line, both like ``close``."""
        line = ema(close, self.fast, self.slow - self.fast) - ema(close, self.slow, 0)
        return line, ema(line, self.signal, self.slow - 1)

    def exposure(self, close: FloatArray) -> BoolArray:
        line, signal = self.lines(close)
        on = line > signal
        on[: self.needed_bars - 1] = False
        return on
