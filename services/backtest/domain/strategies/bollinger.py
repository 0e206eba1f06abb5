"""Mean reversion on Bollinger bands."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from backchat_contracts import Texts
from services.backtest.domain.indicators import BoolArray, FloatArray, latch, z_score
from services.backtest.domain.strategies.base import MeanReversion, parameter


class Bollinger(MeanReversion):
    """On from a close below the lower band until one above the middle band.

    The middle band is the plain average of the last ``window`` closes, the lower one ``width`` of their
    standard deviations (population) below it (John Bollinger, *Bollinger on Bollinger Bands*, 2001). Below
    the lower band is a z-score below ``-width``, above the middle one a positive z-score.
    """

    type: ClassVar = "bollinger"
    title: ClassVar = Texts(ko="볼린저 밴드 역추세", en="Bollinger band mean reversion")
    also_called: ClassVar = ("볼밴", "볼린저", "볼린저 밴드", "bollinger bands", "bollinger band")
    description: ClassVar = Texts(
        ko="종가가 볼린저 밴드의 하단선 아래로 내려가면 사고 중심선을 넘으면 팝니다.",
        en="Buys a symbol when it closes below its lower Bollinger band, sells it above the middle band.",
    )

    # two closes are always one deviation from their average
    window: Annotated[int, Field(ge=3, le=1_000)] = parameter(
        20, ko="밴드의 거래일 수", en="Trading days of the bands"
    )
    width: Annotated[float, Field(gt=0, le=10)] = parameter(
        2.0,
        ko="중심선과 하단선 사이의 표준편차 배수, window - 1의 제곱근보다 작음",
        en="Standard deviations between the middle and the lower band, less than the root of window - 1",
    )

    @model_validator(mode="after")
    def band_can_be_reached(self) -> Self:
        self.check_reachable("width", self.width)
        return self

    def exposure(self, close: FloatArray) -> BoolArray:
        score = z_score(close, self.window)
        return latch(score < -self.width, score > 0.0)
