"""Mean reversion on the z-score of the close."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from backchat_contracts import Texts
from services.backtest.domain.indicators import BoolArray, FloatArray, latch, z_score
from services.backtest.domain.strategies.base import MeanReversion, parameter


class ZScore(MeanReversion):
    """On from a z-score below ``-entry`` until one above ``-exit``.

    The z-score is the distance of the close from the average of the last ``window`` closes, its own included,
    in their standard deviations (Ernest P. Chan, *Algorithmic Trading*, 2013, chapter 3). With an ``exit`` of
    0 it is the rule of `bollinger`; a greater one sells before the average is reached.
    """

    type: ClassVar = "zscore"
    title: ClassVar = Texts(ko="평균 회귀 (z-점수)", en="Mean reversion (z-score)")
    also_called: ClassVar = ("z스코어", "제트스코어", "평균 회귀", "z-score", "mean reversion")
    description: ClassVar = Texts(
        ko="최근 window 거래일의 종가로 잰 z-점수가 -entry 아래로 내려가면 사고 -exit를 넘으면 팝니다.",
        en="Buys a symbol when the z-score of its close over the last window trading days falls below "
        "-entry, sells it above -exit.",
    )

    # two closes are always one deviation from their average
    window: Annotated[int, Field(ge=3, le=1_000)] = parameter(
        20, ko="z-점수의 거래일 수", en="Trading days of the z-score"
    )
    entry: Annotated[float, Field(gt=0, le=10)] = parameter(
        2.0,
        ko="살 때 종가가 평균보다 낮은 표준편차 배수, window - 1의 제곱근보다 작음",
        en="Standard deviations below the average at which it buys, less than the root of window - 1",
    )
    exit: Annotated[float, Field(ge=0, lt=10)] = parameter(
        0.0,
        ko="팔 때 종가가 평균보다 낮은 표준편차 배수, entry보다 작음",
        en="Standard deviations below the average at which it sells, less than entry",
    )

    @model_validator(mode="after")
    def levels_can_be_reached(self) -> Self:
        if self.exit >= self.entry:
            raise ValueError(f"exit ({self.exit:g}) must be smaller than entry ({self.entry:g})")
        self.check_reachable("entry", self.entry)
        return self

    def exposure(self, close: FloatArray) -> BoolArray:
        score = z_score(close, self.window)
        return latch(score < -self.entry, score > -self.exit)
