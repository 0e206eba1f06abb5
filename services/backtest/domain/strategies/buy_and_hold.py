"""Buy and hold."""

from typing import ClassVar

import numpy as np

from backchat_contracts import Texts
from services.backtest.domain.indicators import BoolArray, FloatArray
from services.backtest.domain.strategies.base import SymbolRule


class BuyAndHold(SymbolRule):
    """Every symbol is on from the first bar to the last."""

    type: ClassVar = "buy_and_hold"
    title: ClassVar = Texts(ko="매수 후 보유", en="Buy and hold")
    also_called: ClassVar = ("존버", "바이 앤 홀드", "buy & hold", "buy hold", "hold")
    description: ClassVar = Texts(
        ko="모든 종목을 같은 비중으로 사서 끝까지 보유합니다. 종목이 상장되거나 끝나면 비중을 다시 맞춥니다.",
        en="Buys all symbols at equal weights and holds them; the weights are made equal again where one is "
        "listed or ends.",
    )

    @property
    def needed_bars(self) -> int:
        return 1

    def exposure(self, close: FloatArray) -> BoolArray:
        return np.ones(close.shape, dtype=np.bool_)
