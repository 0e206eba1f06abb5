"""Volatility targeting."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from backchat_contracts import Texts
from services.backtest.domain.indicators import FloatArray, compiled, deviation
from services.backtest.domain.strategies.base import SymbolRule, parameter
from services.metrics.account import TRADING_DAYS


class VolatilityTarget(SymbolRule):
    """Every symbol is held with the part of its slot that would have had the volatility ``target``.

    The part is ``target`` over the annual volatility of the last ``window`` daily returns (sample standard
    deviation), at most ``most``; it is changed only once it has moved by more than ``band`` of itself, as
    every change costs an order. Source: Harvey et al., *The Impact of Volatility Targeting*, 2018.
    """

    type: ClassVar = "volatility_target"
    title: ClassVar = Texts(ko="변동성 목표", en="Volatility target")
    also_called: ClassVar = (
        "변동성 타깃",
        "변동성 타겟",
        "변동성 조절",
        "vol target",
        "volatility targeting",
    )
    description: ClassVar = Texts(
        ko="최근 window 거래일의 연 변동성이 높은 종목을 적게 보유합니다. 비중에 target / 변동성을 곱합니다.",
        en="Holds less of a symbol the higher its annual volatility over the last window trading days: its "
        "share is scaled by target / volatility.",
    )

    window: Annotated[int, Field(ge=2, le=1_000)] = parameter(
        20, ko="변동성을 재는 거래일 수", en="Trading days of the volatility"
    )
    target: Annotated[float, Field(gt=0, le=1)] = parameter(
        0.15, ko="목표 연 변동성 (0.15는 15 %)", en="Annual volatility that is wanted, 0.15 being 15 %"
    )
    most: Annotated[float, Field(gt=0, le=1)] = parameter(
        1.0, ko="비중 배수의 상한", en="The most that a share is scaled by"
    )
    band: Annotated[float, Field(ge=0, le=1)] = parameter(
        0.1,
        ko="비중 배수가 이 비율보다 더 변해야 주문함 (0.1은 10 %)",
        en="How much the scale must move before it is changed, 0.1 being 10 % of itself",
    )

    @property
    def needed_bars(self) -> int:
        return self.window + 1

    def exposure(self, close: FloatArray) -> FloatArray:
        volatility = np.full(close.shape, np.nan)
        returns = close[1:] / close[:-1] - 1.0
        annual = np.sqrt(TRADING_DAYS * self.window / (self.window - 1))
        volatility[1:] = deviation(returns, self.window) * annual
        with np.errstate(divide="ignore"):  # of a price that did not move
            scale = np.minimum(self.most, self.target / volatility)
        kept: FloatArray = _keep_within(scale, self.band)
        return kept


@compiled
def _keep_within(scale: FloatArray, band: float) -> FloatArray:
    """Per column: the scale, kept as it was until it has moved by more than ``band`` of that; at first 0."""
    kept = np.zeros(scale.shape)
    bars, symbols = scale.shape
    last = np.zeros(symbols)
    for t in range(bars):
        for n in range(symbols):
            if abs(scale[t, n] - last[n]) > band * last[n]:
                last[n] = scale[t, n]
            kept[t, n] = last[n]
    return kept
