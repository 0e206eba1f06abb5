"""How a backtest traded."""

from typing import Annotated

from backchat_contracts.base import Contract, Texts
from backchat_contracts.metrics.metric import FEWEST_ANNUAL_BARS, Metric


class TradingValues(Contract):
    """Trades, exposure and costs."""

    trades: Annotated[
        int,
        Metric(
            unit="count",
            direction="lower_is_better",
            label=Texts(ko="거래 횟수", en="number of trades"),
            definition=Texts(
                ko="체결된 매수와 매도의 수. 적을수록 비용이 적음.",
                en="Fills, buys and sells; the fewer, the lower the costs.",
            ),
            formula="number of fills",
        ),
    ]
    win_rate: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="승률", en="win rate"),
            definition=Texts(
                ko="매도 가운데 수수료를 빼고 이익을 낸 비율. 매도가 없으면 없음.",
                en="Share of the sells with a profit after commission; null where nothing was sold.",
            ),
            formula="sells with profit > 0 / sells",
        ),
    ]
    profit_factor: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="higher_is_better",
            label=Texts(ko="이익 계수", en="profit factor"),
            definition=Texts(
                ko="매도에서 낸 이익의 합계를 손실의 합계로 나눈 값. 손실을 낸 매도가 없으면 없음.",
                en="Sum of the profits of sells over that of their losses; null where none lost.",
            ),
            formula="sum of profits > 0 / -(sum of profits < 0), over sells",
        ),
    ] = None
    payoff_ratio: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="higher_is_better",
            label=Texts(ko="손익비", en="payoff ratio"),
            definition=Texts(
                ko="매도 한 건의 평균 이익을 평균 손실로 나눈 값. 한쪽이라도 없으면 없음.",
                en="Mean profit of the sells that gained over the mean loss of others; null without both.",
            ),
            formula="mean of profits > 0 / -(mean of profits < 0), over sells",
        ),
    ] = None
    expectancy: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="매도당 기대수익률", en="expectancy"),
            definition=Texts(
                ko="매도한 주식의 취득 원가 대비 실현 손익의 평균. 매도가 없으면 없음.",
                en="Mean profit of the sells over what the shares had cost; null where nothing was sold.",
            ),
            signed=True,
            formula="mean of profit / cost of the shares sold, over sells",
        ),
    ] = None
    exposure: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="neither",
            label=Texts(ko="평균 투자 비중", en="exposure"),
            definition=Texts(
                ko="자산 가운데 투자된 몫의 평균. 1에서 현금 비중을 뺀 값.",
                en="Mean share of the equity that was invested, not in cash.",
            ),
            formula="mean(1 - cash_t / E_t)",
        ),
    ] = None
    turnover: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="lower_is_better",
            label=Texts(ko="연간 회전율", en="annual turnover"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="한 해 동안 매수·매도한 금액의 절반을 평균 자산으로 나눈 값.",
                en="Half of what was bought and sold in a year over the mean equity.",
            ),
            formula="sum of |shares| * price / 2 / mean(E) * 252 / n",
            source="one-way turnover",
        ),
    ] = None
    costs_paid: Annotated[
        float | None,
        Metric(
            unit="money",
            direction="lower_is_better",
            label=Texts(ko="거래 비용", en="costs paid"),
            definition=Texts(
                ko="수수료와 슬리피지로 낸 금액.",
                en="Commission and slippage that were paid.",
            ),
            formula="sum of commission + |shares| * |price - open|",
        ),
    ] = None
