"""Fixed weights with a rebalance calendar."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from math import fsum
from types import MappingProxyType
from typing import Annotated, ClassVar, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from backchat_contracts import Symbol, Texts
from services.backtest.domain.indicators import BoolArray, FloatArray, IntArray
from services.backtest.domain.prices import Prices
from services.backtest.domain.strategies.base import InvalidParameters, Strategy, parameter, slots
from services.backtest.domain.window import some

Period = Literal["never", "daily", "weekly", "monthly", "quarterly", "yearly"]
Days = NDArray[np.datetime64]
_ROUNDING: Final = 1e-9

_NUMBERS: Final[Mapping[Period, Callable[[Days], IntArray]]] = MappingProxyType(
    {
        "never": lambda days: np.zeros(len(days), dtype=np.int64),
        "daily": lambda days: np.arange(len(days)),
        "weekly": lambda days: (
            (days.astype("datetime64[D]").astype(np.int64) + 3) // 7
        ),  # 1970 began on a Thursday
        "monthly": lambda days: days.astype("datetime64[M]").astype(np.int64),
        "quarterly": lambda days: days.astype("datetime64[M]").astype(np.int64) // 3,
        "yearly": lambda days: days.astype("datetime64[Y]").astype(np.int64),
    }
)
"""The number of the period that a day is in. Weeks begin on Mondays: day 0, in 1970, was a Thursday."""


class FixedWeights(Strategy):
    """Holds each symbol at a fixed share of the equity, and buys and sells what has drifted now and then.

    It rebalances on the first trading day of each period, known as such at its own close (the last day of a
    period is known only when the next has begun); the orders are filled on the day after. The share of a
    symbol that is not listed, not yet or no more, stays in cash; it is bought as soon as it is listed.
    Without weights, every symbol that is listed has the same share.
    """

    type: ClassVar = "fixed_weights"
    title: ClassVar = Texts(ko="고정 비중", en="Fixed weights")
    also_called: ClassVar = ("고정비중", "리밸런싱", "fixed weight", "rebalancing")
    description: ClassVar = Texts(
        ko="종목을 정해진 비중으로 보유합니다. 비중은 주기마다 첫 거래일 종가에 정해 다음 거래일에 다시 "
        "맞춥니다.",
        en="Holds symbols at fixed weights, which are restored in every period: decided at the close of its "
        "first trading day, traded on the next.",
    )

    weights: Annotated[dict[Symbol, Annotated[float, Field(gt=0, le=1)]], Field(max_length=500)] = parameter(
        {},
        ko="종목별 비중, 합계 1 이하 (예: AAPL 0.6, IBM 0.4). 없으면 모든 종목이 같은 비중",
        en="Share of the equity by symbol, 1 in total at most, such as AAPL 0.6 and IBM 0.4; without it all "
        "symbols have the same share",
    )
    rebalance: Period = parameter(
        "monthly", ko="비중을 다시 맞추는 주기", en="How often the weights are restored"
    )

    @field_validator("weights", mode="before")
    @classmethod
    def each_symbol_once(cls, weights: object) -> object:
        if isinstance(weights, dict):
            names = Counter(str(name).strip().upper() for name in weights)
            if repeated := sorted(name for name, times in names.items() if times > 1):
                raise ValueError(f"weights has {some(repeated)} more than once")
        return weights

    @model_validator(mode="after")
    def no_more_than_there_is(self) -> Self:
        if (total := fsum(self.weights.values())) > 1.0 + _ROUNDING:
            raise ValueError(f"weights must be 1 in total at most, got {total:.12g}")
        return self

    @property
    def needed_bars(self) -> int:
        return 1

    def check_symbols(self, symbols: Collection[str]) -> None:
        if not self.weights:
            return
        if strange := sorted(self.weights.keys() - set(symbols)):
            raise InvalidParameters(f"weights has symbols that the backtest does not have: {some(strange)}")
        if left_out := sorted(set(symbols) - self.weights.keys()):
            raise InvalidParameters(
                f"weights must have every symbol of the backtest; missing: {some(left_out)}"
            )

    def target_weights(self, prices: Prices) -> FloatArray:
        listed = ~np.isnan(prices.close)
        if not self.weights:
            return np.divide(listed, slots(listed), dtype=np.float64)
        return np.multiply(listed, [self.weights[symbol] for symbol in prices.symbols], dtype=np.float64)

    def rebalances(self, dates: Days) -> BoolArray:
        periods = _NUMBERS[self.rebalance](dates)
        begins: BoolArray = np.diff(periods, prepend=periods[:1]) != 0
        return begins
