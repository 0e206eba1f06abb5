"""Time series momentum."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from backchat_contracts import Texts
from services.backtest.domain.indicators import BoolArray, FloatArray
from services.backtest.domain.strategies.base import SymbolRule, parameter


class Momentum(SymbolRule):
    """On while the return over the last ``lookback`` bars is positive.

    Time series momentum without a skipped month (Moskowitz, Ooi & Pedersen, *Time Series Momentum*, 2012).
    """

    type: ClassVar = "momentum"
    title: ClassVar = Texts(ko="모멘텀", en="Momentum")
    also_called: ClassVar = ("시계열 모멘텀", "time series momentum", "time-series momentum")
    description: ClassVar = Texts(
        ko="최근 lookback 거래일의 수익률이 플러스인 동안 보유합니다.",
        en="Holds a symbol while its return over the last lookback trading days is positive.",
    )

    lookback: Annotated[int, Field(ge=1, le=1_000)] = parameter(
        126, ko="수익률을 재는 거래일 수", en="Trading days of the return"
    )

    @property
    def needed_bars(self) -> int:
        return self.lookback + 1

    def exposure(self, close: FloatArray) -> BoolArray:
        rising = np.zeros(close.shape, dtype=np.bool_)
        rising[self.lookback :] = close[self.lookback :] > close[: -self.lookback]
        return rising
