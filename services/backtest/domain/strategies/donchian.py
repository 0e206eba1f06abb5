"""Breakout of Donchian channels."""

from typing import Annotated, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from backchat_contracts import Texts
from services.backtest.domain.indicators import BoolArray, FloatArray, highest, latch
from services.backtest.domain.strategies.base import SymbolRule, parameter


class Donchian(SymbolRule):
    """On from a close above the ``entry`` closes before it until one below the ``exit`` closes before it.

    The long side of the Turtles' first system on closes instead of highs and lows, with a single unit and
    no breakout left out (Curtis M. Faith, *The Original Turtle Trading Rules*, 2003).
    """

    type: ClassVar = "donchian"
    title: ClassVar = Texts(ko="돈치안 채널 돌파", en="Donchian breakout")
    also_called: ClassVar = ("돈치안", "채널 돌파", "터틀", "turtle", "channel breakout", "breakout")
    description: ClassVar = Texts(
        ko="종가가 직전 entry 거래일의 최고 종가를 넘으면 사고 직전 exit 거래일의 최저 종가보다 낮아지면 "
        "팝니다.",
        en="Buys a symbol when it closes above the highest close of the entry trading days before, sells it "
        "below the lowest of the exit trading days before.",
    )

    entry: Annotated[int, Field(ge=1, le=1_000)] = parameter(
        20, ko="넘으면 사는 최고 종가의 거래일 수", en="Trading days of the highest close above which it buys"
    )
    exit: Annotated[int, Field(ge=1, le=1_000)] = parameter(
        10,
        ko="내려가면 파는 최저 종가의 거래일 수, entry 이하",
        en="Trading days of the lowest close below which it sells, not more than entry",
    )

    @model_validator(mode="after")
    def exit_is_no_slower(self) -> Self:
        if self.exit > self.entry:
            raise ValueError(f"exit ({self.exit}) must not be larger than entry ({self.entry})")
        return self

    @property
    def needed_bars(self) -> int:
        return self.entry + 1

    @property
    def warm_up_bars(self) -> int:
        return 10 * self.entry  # long enough for what it holds on the first day to be known

    def exposure(self, close: FloatArray) -> BoolArray:
        up, down = np.zeros(close.shape, dtype=np.bool_), np.zeros(close.shape, dtype=np.bool_)
        up[1:] = close[1:] > highest(close, self.entry)[:-1]
        down[1:] = close[1:] < -highest(-close, self.exit)[:-1]
        return latch(up, down)
