"""How a backtest's returns varied, and what it lost on the way."""

from typing import Annotated

from backchat_contracts.base import Contract, Texts
from backchat_contracts.metrics.metric import FEWEST_ANNUAL_BARS, Metric


class RiskValues(Contract):
    """Risk, and return per unit of it."""

    volatility: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="lower_is_better",
            label=Texts(ko="연 변동성", en="annual volatility"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="일간 수익률의 표준편차를 연 단위로 환산한 값.",
                en="Standard deviation of the daily returns, annualised.",
            ),
            formula="stdev(r) * sqrt(252)",
            source="sample standard deviation",
        ),
    ]
    sharpe_ratio: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="higher_is_better",
            label=Texts(ko="샤프 비율", en="Sharpe ratio"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="일간 수익률의 평균을 표준편차로 나누어 연 단위로 환산한 값. 자산이 변하지 않으면 없음.",
                en="Mean over standard deviation of the daily returns, annualised; null if all are equal.",
            ),
            formula="mean(r) / stdev(r) * sqrt(252)",
            source="Sharpe, The Sharpe Ratio, 1994",
        ),
    ]
    sortino_ratio: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="higher_is_better",
            label=Texts(ko="소르티노 비율", en="Sortino ratio"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="일간 수익률의 평균을 하방 편차로 나누어 연 단위로 환산한 값. 손실일이 없으면 없음.",
                en="Mean over downside deviation of the daily returns, annualised; null where no day lost.",
            ),
            formula="mean(r) / sqrt(mean(min(r, 0)^2)) * sqrt(252)",
            source="Sortino & Price, Performance Measurement in a Downside Risk Framework, 1994",
        ),
    ]
    max_drawdown: Annotated[
        float,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="최대 낙폭", en="maximum drawdown"),
            definition=Texts(
                ko="이전 고점에서 가장 크게 떨어진 폭. 0 이하이며 -0.23은 23 % 하락.",
                en="Deepest fall from an earlier peak, zero or negative: -0.23 is a fall by 23 %.",
            ),
            signed=True,
            formula="min(E_t / max(E_0..E_t) - 1)",
        ),
    ]
    calmar_ratio: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="higher_is_better",
            label=Texts(ko="칼마 비율", en="Calmar ratio"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="연평균 수익률을 최대 낙폭의 크기로 나눈 값. 낙폭이 없으면 없음.",
                en="Compound annual growth over the depth of the maximum drawdown; null without a drawdown.",
            ),
            formula="cagr / -max_drawdown, over the whole backtest",
            source="Young, Calmar Ratio: A Smoother Tool, 1991",
        ),
    ] = None
    ulcer_index: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="lower_is_better",
            label=Texts(ko="얼서 지수", en="ulcer index"),
            definition=Texts(
                ko="이전 고점 대비 하락폭의 제곱평균제곱근.",
                en="Root mean square of the falls from the peak before, over all trading days.",
            ),
            formula="sqrt(mean(d^2)), d_t = E_t / max(E_0..E_t) - 1",
            source="Martin & McCann, The Investor's Guide to Fidelity Funds, 1989",
        ),
    ] = None
    longest_drawdown: Annotated[
        int | None,
        Metric(
            unit="count",
            direction="lower_is_better",
            label=Texts(ko="최장 낙폭 기간", en="longest drawdown"),
            definition=Texts(
                ko="자산이 이전 고점보다 낮았던 가장 긴 연속 거래일 수.",
                en="Most trading days in a row on which the equity was below an earlier peak.",
            ),
            formula="longest run of days with E_t < max(E_0..E_t)",
        ),
    ] = None
    time_under_water: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="lower_is_better",
            label=Texts(ko="고점 아래 기간", en="time under water"),
            definition=Texts(
                ko="자산이 이전 고점보다 낮았던 거래일의 비율.",
                en="Share of the trading days on which the equity was below an earlier peak.",
            ),
            formula="days with E_t < max(E_0..E_t) / days",
        ),
    ] = None
    value_at_risk: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="일간 위험가치", en="daily value at risk"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="일간 수익률의 5 % 분위수. 스무 날 가운데 하루는 이보다 나빴음.",
                en="The 5th percentile of the daily returns: one day in twenty was worse.",
            ),
            signed=True,
            formula="5th percentile of r, interpolated linearly",
            source="historical simulation; Jorion, Value at Risk, 1997",
        ),
    ] = None
    conditional_value_at_risk: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="일간 조건부 위험가치", en="daily conditional value at risk"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="가장 나빴던 5 % 거래일의 평균 수익률.",
                en="Mean of the worst 5 % of the daily returns.",
            ),
            signed=True,
            formula="mean of the floor(0.05 (n - 1)) + 1 lowest r",
            source="Rockafellar & Uryasev, Optimization of Conditional Value-at-Risk, 2000",
        ),
    ] = None
    skewness: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="neither",
            label=Texts(ko="왜도", en="skewness"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="일간 수익률의 3차 표준화 적률. 음수이면 손실 쪽 꼬리가 더 긺. 자산이 변하지 않으면 없음.",
                en="Third standardised moment of the daily returns: below 0 the losses have the longer "
                "tail; null if all are equal.",
            ),
            signed=True,
            formula="mean(z^3), z = (r - mean(r)) / population stdev(r)",
            source="definition, of the population",
        ),
    ] = None
    kurtosis: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="neither",
            label=Texts(ko="초과 첨도", en="excess kurtosis"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="일간 수익률의 4차 표준화 적률에서 3을 뺀 값. 0보다 크면 정규분포보다 극단값이 "
                "많음. 자산이 변하지 않으면 없음.",
                en="Fourth standardised moment of the daily returns, less the 3 of a normal distribution; "
                "null if all are equal.",
            ),
            signed=True,
            formula="mean(z^4) - 3, z = (r - mean(r)) / population stdev(r)",
            source="definition, of the population",
        ),
    ] = None
    tail_ratio: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="higher_is_better",
            label=Texts(ko="꼬리 비율", en="tail ratio"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="일간 수익률의 95 % 분위수를 5 % 분위수의 크기로 나눈 값. 5 % 분위수가 0이면 없음.",
                en="The 95th percentile of the daily returns over the size of the 5th; null where that is 0.",
            ),
            formula="|95th percentile of r| / |5th percentile of r|",
            source="empyrical",
        ),
    ] = None
