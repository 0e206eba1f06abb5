"""Cross-sectional momentum."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from backchat_contracts import Texts
from services.backtest.domain.indicators import FloatArray
from services.backtest.domain.prices import Prices
from services.backtest.domain.strategies.base import Strategy, parameter, slots


class CrossSectionalMomentum(Strategy):
    """Holds the ``top`` symbols with the highest return over the last ``lookback`` bars, if it is positive.

    Each has an equal share, ``1 / top`` of the equity, or ``1 / N`` where fewer symbols are listed. Of equal
    returns that of the first column is higher. These are the winners of Jegadeesh & Titman, *Returns to
    Buying Winners and Selling Losers*, 1993, chosen anew at every bar.
    """

    type: ClassVar = "cross_sectional_momentum"
    title: ClassVar = Texts(ko="횡단면 모멘텀", en="Cross-sectional momentum")
    also_called: ClassVar = ("횡단면", "상대 모멘텀", "relative momentum", "cross sectional")
    description: ClassVar = Texts(
        ko="최근 lookback 거래일의 수익률이 가장 높고 플러스인 top개 종목을 같은 비중으로 보유합니다.",
        en="Holds, at equal weights, the top symbols with the highest positive return over the last lookback "
        "trading days.",
    )

    lookback: Annotated[int, Field(ge=1, le=1_000)] = parameter(
        126, ko="수익률을 재는 거래일 수", en="Trading days of the return"
    )
    top: Annotated[int, Field(ge=1, le=500)] = parameter(1, ko="보유하는 종목 수", en="Symbols that are held")

    @property
    def needed_bars(self) -> int:
        return self.lookback + 1

    def target_weights(self, prices: Prices) -> FloatArray:
        close = prices.close
        growth = np.ones(close.shape)
        growth[self.lookback :] = np.fmax(close[self.lookback :] / close[: -self.lookback], 1.0)
        top = min(self.top, close.shape[1])
        least = np.partition(growth, -top, axis=1)[:, -top, np.newaxis]
        chosen = (growth >= least) & (growth > 1.0)
        if (crowded := chosen.sum(axis=1) > top).any():  # equal returns
            best_first = np.argsort(-growth[crowded], axis=1, kind="stable")
            first = np.zeros_like(chosen[crowded])
            np.put_along_axis(first, best_first[:, :top], values=True, axis=1)
            chosen[crowded] &= first
        return np.divide(chosen, np.minimum(self.top, slots(~np.isnan(close))), dtype=np.float64)
