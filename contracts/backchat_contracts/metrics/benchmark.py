"""A backtest beside its benchmark."""

from typing import Annotated

from backchat_contracts.base import Contract, Texts
from backchat_contracts.metrics.metric import FEWEST_ANNUAL_BARS, Metric


class BenchmarkValues(Contract):
    """The returns beside those of the benchmark."""

    benchmark_return: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="neither",
            label=Texts(ko="벤치마크 수익률", en="benchmark return"),
            definition=Texts(
                ko="같은 기간 벤치마크의 총수익률.",
                en="Total return of the benchmark over the same trading days.",
            ),
            signed=True,
            formula="B_T / B_0 - 1",
        ),
    ] = None
    alpha: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="알파", en="alpha"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="벤치마크에 대한 베타로 설명되지 않는 수익률의 연 환산. 벤치마크가 변하지 않으면 없음.",
                en="Yearly return that the beta does not explain; null where the benchmark did not move.",
            ),
            signed=True,
            formula="(1 + mean(r - beta * b))^252 - 1",
            source="Jensen, The Performance of Mutual Funds, 1968",
        ),
    ] = None
    beta: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="neither",
            label=Texts(ko="베타", en="beta"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="벤치마크 일간 수익률에 대한 회귀 기울기. 벤치마크가 변하지 않으면 없음.",
                en="Slope of the daily returns on those of the benchmark; null where that did not move.",
            ),
            signed=True,
            formula="cov(r, b) / var(b)",
            source="least squares",
        ),
    ] = None
    information_ratio: Annotated[
        float | None,
        Metric(
            unit="ratio",
            direction="higher_is_better",
            label=Texts(ko="정보 비율", en="information ratio"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="벤치마크 대비 일간 초과수익률의 평균을 표준편차로 나눈 연 환산 값. 서로 같으면 없음.",
                en="Mean over standard deviation of the daily excess returns over the benchmark, annualised; "
                "null where the two are the same.",
            ),
            signed=True,
            formula="mean(r - b) / stdev(r - b) * sqrt(252)",
            source="Goodwin, The Information Ratio, 1998",
        ),
    ] = None
    tracking_error: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="neither",
            label=Texts(ko="추적 오차", en="tracking error"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="벤치마크 대비 일간 초과수익률의 표준편차를 연 단위로 환산한 값.",
                en="Standard deviation of the daily returns in excess of the benchmark's, annualised.",
            ),
            formula="stdev(r - b) * sqrt(252)",
        ),
    ] = None
    up_capture: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="higher_is_better",
            label=Texts(ko="상승 포착률", en="up capture"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="벤치마크가 오른 날의 연 환산 수익률을 벤치마크의 것으로 나눈 값. 그런 날이 없으면 없음.",
                en="Annualised return on days when the benchmark rose, over that of the benchmark; null "
                "without such days.",
            ),
            signed=True,
            formula="annual growth of r / annual growth of b, over days with b > 0",
            source="empyrical, of daily returns",
        ),
    ] = None
    down_capture: Annotated[
        float | None,
        Metric(
            unit="fraction",
            direction="lower_is_better",
            label=Texts(ko="하락 포착률", en="down capture"),
            fewest_bars=FEWEST_ANNUAL_BARS,
            definition=Texts(
                ko="벤치마크가 내린 날의 연 환산 수익률을 벤치마크의 것으로 나눈 값. 그런 날이 없으면 없음.",
                en="Annualised return on days when the benchmark fell, over that of the benchmark; null "
                "without such days.",
            ),
            signed=True,
            formula="annual growth of r / annual growth of b, over days with b < 0",
            source="empyrical, of daily returns",
        ),
    ] = None
