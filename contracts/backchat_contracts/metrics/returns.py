"""What a backtest gained."""

from typing import Annotated

from backchat_contracts.base import Contract, Texts
from backchat_contracts.metrics.metric import FEWEST_ANNUAL_BARS, Metric


class ReturnValues(Contract):
    """The returns."""

    total_return: Annotated[
        float,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="총수익률", en="total return"),
            definition=Texts(
                ko="첫 종가부터 마지막 종가까지 자산이 늘어난 비율.",
                en="Growth of the equity from the first close to the last.",
            ),
            signed=True,
            formula="E_T / E_0 - 1",
        ),
    ]
    cagr: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="연평균 수익률", en="compound annual growth rate"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="총수익률을 252거래일 기준 복리로 환산한 한 해의 수익률.",
                en="Yearly growth that compounds to the total return.",
            ),
            signed=True,
            formula="(E_T / E_0)^(252 / n) - 1",
        ),
    ]
    final_equity: Annotated[
        float,
        Metric(
            unit="money",
            direction="higher_is_better",
            label=Texts(ko="최종 자산", en="final equity"),
            definition=Texts(ko="마지막 종가 기준 자산.", en="Equity at the last close."),
            formula="E_T",
        ),
    ]
