"""What limits the worth of a run's figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from backchat_contracts import FEWEST_ANNUAL_BARS, ResultWarning, Texts, WarningCode
from services.backtest.domain.instruments import Finding, Instrument
from services.backtest.domain.simulator import Run
from services.backtest.domain.window import some

FEWEST_ROUND_TRIPS: Final = 5
MOST_TOLD: Final = 3
"""How many findings about the prices a warning tells; the market's report has them all."""
LEAST_EXPOSURE: Final = 0.5
"""The share of the equity that is invested on average."""


def warnings_of(
    run: Run, missing_warm_up_bars: int, ended: Mapping[str, date], instruments: Iterable[Instrument]
) -> tuple[ResultWarning, ...]:
    """Return the warnings about a run.

    Args:
        run: its equity, cash and fills.
        missing_warm_up_bars: of the bars before the first day that its strategy needs.
        ended: the last day of each symbol that has ended before the run did.
        instruments: whose prices it used.

    """
    doubtful = [finding for instrument in instruments for finding in instrument.warnings]
    return (*_of_data(doubtful), *_of_run(run, missing_warm_up_bars, ended))


def _of_data(doubtful: Sequence[Finding]) -> Iterator[ResultWarning]:
    if doubtful:
        more = len(doubtful) - MOST_TOLD
        told = doubtful[:MOST_TOLD]
        yield _warning(
            "data-warnings",
            ko="사용한 가격에 의심스러운 점이 있습니다: "
            + " ".join(f"{each.file} {each.problem.ko}" for each in told)
            + (f" 그 밖에 {more}건." if more > 0 else ""),
            en="The prices that it used are doubtful: "
            + " ".join(f"{each.file}: {each.problem.en}" for each in told)
            + (f" {more} more." if more > 0 else ""),
        )


def _of_run(run: Run, missing: int, ended: Mapping[str, date]) -> Iterator[ResultWarning]:
    bars = len(run.equity)
    if bars < FEWEST_ANNUAL_BARS:
        yield _warning(
            "short-window",
            ko=f"거래일이 {bars}일뿐이라 연 단위 수치가 없습니다({FEWEST_ANNUAL_BARS}일 이상 필요).",
            en=f"It has {bars} trading days; annual figures need {FEWEST_ANNUAL_BARS}.",
        )
    if missing:
        yield _warning(
            "warm-up-incomplete",
            ko=f"첫 결정에 필요한 이전 거래일 가운데 {missing}일의 가격이 없습니다.",
            en=f"Earlier trading days that its first decision should see and that have no prices: {missing}.",
        )
    if ended:
        listed = some([f"{symbol} {day}" for symbol, day in ended.items()])
        yield _warning(
            "instrument-ended",
            ko=f"기간 중에 거래가 끝난 종목(마지막 거래일): {listed}. 보유분은 마지막 종가에 팔았습니다.",
            en=f"Symbols whose prices ended before the run did: {listed}. What was held of them was sold at "
            "the last close.",
        )
    if not len(run.fills.shares):
        yield _warning(
            "no-trades",
            ko="한 번도 거래하지 않았으므로 현금의 수치입니다.",
            en="It never traded: the figures are those of cash.",
        )
        return
    sold = run.fills.shares < 0.0
    left = run.positions[run.fills.bar[sold], run.fills.symbol[sold]]
    round_trips = int((left == 0.0).sum())
    if round_trips < FEWEST_ROUND_TRIPS:
        yield _warning(
            "few-trades",
            ko=f"청산한 거래가 {round_trips}건이라 승률 같은 수치는 의미가 작습니다.",
            en=f"Round trips: {round_trips}. The win rate and the like say little.",
        )
    cash = float((run.cash / run.equity).mean())
    if cash > 1.0 - LEAST_EXPOSURE:
        yield _warning(
            "mostly-cash",
            ko=f"평균적으로 자산의 {cash:.0%}가 현금이었습니다.",
            en=f"On average {cash:.0%} of the equity was in cash.",
        )


def _warning(code: WarningCode, *, ko: str, en: str) -> ResultWarning:
    return ResultWarning(code=code, detail=Texts(ko=ko, en=en))
