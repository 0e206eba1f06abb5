"""The performance metrics: one entry each, which is at the same time the field that carries its value.

Events and replies inherit `MetricValues`; the backtest service computes each entry, the compare service
ranks strategies and writes summaries by it, and `GET /api/v1/metrics` lists it. A metric that is added
after a release is optional (`float | None = None`), as older results lack it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from backchat_contracts.base import Contract, Texts

Unit = Literal["fraction", "ratio", "count", "money"]
"""`fraction`: 0.12 is 12 %. `money`: in the currency of the prices."""

Direction = Literal["higher_is_better", "lower_is_better", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What a metric's value means.

    Attributes:
        unit: of the value.
        direction: whether higher or lower values are the good ones.
        label: its name within a sentence.
        meaning: its definition, with its sign and when there is no value.
        signed: it is shown with its sign, as a gain or a loss.

    """

    unit: Unit
    direction: Direction
    label: Texts
    meaning: Texts
    signed: bool = False

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the field in JSON Schemas."""
        return handler(schema) | {"description": f"{self.meaning.en} Unit: {self.unit}."}


class MetricValues(Contract):
    """The metrics of a backtest, from the equity at each close; null where a metric is not defined.

    Annual figures are on 252 trading days, with a risk-free rate of 0.
    """

    total_return: Annotated[
        float,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="총수익률", en="total return"),
            meaning=Texts(
                ko="첫 종가부터 마지막 종가까지 자산이 늘어난 비율.",
                en="Growth of the equity from the first close to the last.",
            ),
            signed=True,
        ),
    ]
    cagr: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="연평균 수익률", en="compound annual growth rate"),
            meaning=Texts(
                ko="총수익률을 252거래일 기준 복리로 환산한 한 해의 수익률. 거래일이 60일보다 적으면 없음.",
                en="Yearly growth that compounds to the total return; null below 60 trading days.",
            ),
            signed=True,
        ),
    ]
    volatility: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="lower_is_better",
            label=Texts(ko="연 변동성", en="annual volatility"),
            meaning=Texts(
                ko="일간 수익률의 표준편차를 연 단위로 환산한 값. 거래일이 60일보다 적으면 없음.",
                en="Standard deviation of the daily returns, annualised; null below 60 trading days.",
            ),
        ),
    ]
    sharpe_ratio: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="higher_is_better",
            label=Texts(ko="샤프 비율", en="Sharpe ratio"),
            meaning=Texts(
                ko="일간 수익률의 평균을 표준편차로 나누어 연 단위로 환산한 값. 자산이 변하지 않거나 "
                "거래일이 60일보다 적으면 없음.",
                en="Mean over standard deviation of the daily returns, annualised; null if all are equal "
                "or below 60 trading days.",
            ),
        ),
    ]
    sortino_ratio: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="higher_is_better",
            label=Texts(ko="소르티노 비율", en="Sortino ratio"),
            meaning=Texts(
                ko="일간 수익률의 평균을 하방 편차로 나누어 연 단위로 환산한 값. 손실일이 없거나 거래일이 "
                "60일보다 적으면 없음.",
                en="Mean over downside deviation of the daily returns, annualised; null where no day lost "
                "or below 60 trading days.",
            ),
        ),
    ]
    max_drawdown: Annotated[
        float,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="최대 낙폭", en="maximum drawdown"),
            meaning=Texts(
                ko="이전 고점에서 가장 크게 떨어진 폭. 0 이하이며 -0.23은 23 % 하락.",
                en="Deepest fall from an earlier peak, zero or negative: -0.23 is a fall by 23 %.",
            ),
            signed=True,
        ),
    ]
    trades: Annotated[
        int,
        Metric(
            unit="count",
            direction="lower_is_better",
            label=Texts(ko="거래 횟수", en="number of trades"),
            meaning=Texts(
                ko="체결된 매수와 매도의 수. 적을수록 비용이 적음.",
                en="Fills, buys and sells; the fewer, the lower the costs.",
            ),
        ),
    ]
    win_rate: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="승률", en="win rate"),
            meaning=Texts(
                ko="매도 가운데 수수료를 빼고 이익을 낸 비율. 매도가 없으면 없음.",
                en="Share of the sells with a profit after commission; null where nothing was sold.",
            ),
        ),
    ]
    final_equity: Annotated[
        float,
        Metric(
            unit="money",
            direction="higher_is_better",
            label=Texts(ko="최종 자산", en="final equity"),
            meaning=Texts(ko="마지막 종가 기준 자산.", en="Equity at the last close."),
        ),
    ]


def _entry(name: str) -> Metric:
    for each in MetricValues.model_fields[name].metadata:
        if isinstance(each, Metric):
            return each
    raise TypeError(f"the field {name} of MetricValues needs a Metric in its annotation")


METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {name: _entry(name) for name in MetricValues.model_fields}
)
"""The catalogue, by field name."""
