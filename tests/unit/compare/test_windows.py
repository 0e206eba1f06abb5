"""Answers about a window of time: the figures of its days alone, by an oracle of their own."""

from dataclasses import replace
from datetime import date
from math import isclose, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from backchat_contracts import Language
from services.compare.answers import Answer, answer_of
from services.compare.domain.comparability import Run
from services.compare.domain.gathering import gather_backtests
from services.compare.domain.subject import Subject
from services.language.parsing import parse
from services.language.window import Window
from services.metrics.account import Fills
from tests.unit.compare.runs import ALL, BAD, GOOD, MIDDLE, answered, returns_of, strategy

LATE = strategy("Late", returns_of("late", 0.001, 0.01, 400), start_date="2013-06-03")
EARLY = strategy("Early", returns_of("early", 0.001, 0.01, 519))
"""Until the end of 2011."""


def curve(run: Run, start: str, end: str) -> NDArray[np.float64]:
    """Return the equity on the days of a window, after the close before it if there is one."""
    series = run.series
    assert series is not None
    inside = np.flatnonzero((series.days >= np.datetime64(start)) & (series.days <= np.datetime64(end)))
    return np.array(series.equity[max(inside[0] - 1, 0) : inside[-1] + 1])


def oracle(equity: NDArray[np.float64]) -> dict[str, float]:
    returns = np.diff(equity) / equity[:-1]
    growth = equity[-1] / equity[0]
    depth = float((equity / np.maximum.accumulate(equity) - 1.0).min())
    annual = float(growth ** (252 / len(returns)) - 1.0)
    return {
        "total_return": float(growth - 1.0),
        "cagr": annual,
        "final_equity": float(equity[-1]),
        "volatility": float(np.std(returns, ddof=1) * sqrt(252)),
        "sharpe_ratio": float(np.mean(returns) / np.std(returns, ddof=1) * sqrt(252)),
        "sortino_ratio": float(np.mean(returns) / sqrt(np.mean(np.minimum(returns, 0.0) ** 2)) * sqrt(252)),
        "max_drawdown": depth,
        "calmar_ratio": annual / -depth,
        "value_at_risk": float(np.percentile(returns, 5)),
    }


def figures_of(answer: Answer, run: Run) -> dict[str, float | None]:
    found = answer.findings
    windows = (found.common_window, found.window)
    figures = {each.backtest_id: each.values for window in windows if window for each in window.figures}
    return figures[run.id]


def assert_as_the_oracle(answer: Answer, run: Run, start: str, end: str) -> None:
    figures = figures_of(answer, run)
    for name, expected in oracle(curve(run, start, end)).items():
        value = figures[name]
        assert value is not None
        assert isclose(value, expected, rel_tol=1e-9), name


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("Which was best in 2012?", "2012-01-01", "2012-12-31"),
        ("2012년 하반기 수익률이 가장 높은 전략은?", "2012-07-01", "2012-12-31"),
        ("which was steadiest since March 2012?", "2012-03-01", "2014-11-03"),
        ("최근 6개월 샤프", "2014-05-04", "2014-11-03"),
        ("작년에 낙폭이 가장 작은 전략은?", "2013-01-01", "2013-12-31"),
        ("which was best until 2011?", "2010-01-01", "2011-12-31"),
        ("from 2012-06 to 2013-06 which one had the smallest drawdown?", "2012-06-01", "2013-06-30"),
    ],
)
def test_the_figures_are_those_of_the_window(query: str, start: str, end: str) -> None:
    answer = answered(query, *ALL, language="en" if query.isascii() else "ko")
    window, common = answer.findings.window, answer.findings.common_window

    assert window is not None
    assert common is not None
    days = [day for day in GOOD.series.days if start <= str(day) <= end] if GOOD.series else []
    assert (str(window.start), str(window.end), window.bars) == (str(days[0]), str(days[-1]), len(days))
    assert (common.start, common.end, common.bars) == (window.start, window.end, window.bars)
    for run in ALL:
        assert_as_the_oracle(answer, run, start, end)
    assert f"{days[0]}" in answer.summary.text.splitlines()[0]
    assert f"{days[-1]}" in answer.summary.text.splitlines()[0]
    assert f"{len(days)} " in answer.summary.text.splitlines()[0]


@pytest.mark.parametrize(
    ("query", "metric", "best"),
    [
        ("highest return in 2012", "total_return", max),
        ("2013년 샤프가 가장 낮은 전략은?", "sharpe_ratio", min),
        ("smallest drawdown in 2011", "max_drawdown", max),
        ("2011년에 제일 안정적인 전략", "volatility", min),
    ],
)
def test_a_ranking_is_of_the_window(query: str, metric: str, best: type[max]) -> None:
    year = next(each for each in ("2011", "2012", "2013") if each in query)
    expected = {run.id: oracle(curve(run, f"{year}-01-01", f"{year}-12-31"))[metric] for run in ALL}
    (ranking,) = answered(query, *ALL).findings.ranking

    assert ranking.entries[0].backtest_id == best(expected, key=lambda key: expected[key])
    for each in ranking.entries:
        assert isclose(each.value, expected[each.backtest_id], rel_tol=1e-9)


def test_the_returns_of_years_make_the_whole_return() -> None:
    """The first day's return is from the close before the window: none is lost between windows."""
    queries = [f"What was Good's return in {year}?" for year in range(2010, 2015)]
    growth = [1.0 + (figures_of(answered(query, *ALL), GOOD)["total_return"] or 0.0) for query in queries]
    whole = GOOD.completed.performance

    assert whole is not None
    assert isclose(float(np.prod(growth)), 1.0 + whole.total_return, rel_tol=1e-9)


def test_the_trades_of_a_window_are_counted() -> None:
    bars = np.array([5, 100, 530, 600, 900])  # 2012 has those from 520 to 780
    profits = np.array([0.0, 50.0, 0.0, 70.0, 0.0])
    shares = np.array([10.0, -10.0, 10.0, -10.0, 10.0])
    fills = Fills(
        bar=bars,
        symbol=bars * 0,
        shares=shares,
        price=abs(shares) * 10.0,
        commission=bars * 0.0 + 1.0,
        realised_pnl=profits,
    )
    filled = strategy("Filled", returns_of("filled", 0.0, 0.01), curves={"fills": fills})
    answer = answered("Which had the most trades in 2012?", filled, GOOD)
    figures = figures_of(answer, filled)

    assert (figures["trades"], figures["win_rate"], figures["costs_paid"]) == (2, 1.0, 2.0)
    assert answer.findings.ranking[0].entries[0].backtest_id == filled.id


def test_without_the_fills_a_window_has_no_figures_of_trades_and_that_is_said() -> None:
    unkept = strategy("Busy", returns_of("busy", 0.0, 0.01), curves={"fills_left_out": 200_000})
    answer = answered("How many trades did Busy make in 2012?", unkept)

    assert figures_of(answer, unkept)["trades"] is None
    assert "'Busy': the fills were too many to be kept" in answer.summary.text
    assert answered("How many trades did Busy make?", unkept).findings.window is None


def test_what_is_asked_and_what_is_used_are_shown() -> None:
    found = answered("작년에 제일 좋았던 전략은?", *ALL, language="ko").findings

    assert found.understood is not None
    assert found.window is not None
    assert found.understood.window == "1 year ago"
    assert (found.window.asked_start, found.window.asked_end) == (date(2013, 1, 1), date(2013, 12, 31))
    assert found.window.counted_from == date(2014, 11, 3)
    assert found.window.whole


@pytest.mark.parametrize(
    ("query", "language", "said"),
    [
        ("Which was best in 2030?", "en", "The backtests have no day of 2030-01-01~2030-12-31."),
        ("1999년에 제일 좋았던 전략은?", "ko", "1999-01-01~1999-12-31에는 백테스트의 자료가 없습니다."),
        ("How did Bad do in 2030?", "en", "The backtests have no day of 2030-01-01~2030-12-31."),
        ("which beat the market in 2030?", "en", "The backtests have no day of 2030-01-01~2030-12-31."),
        ("which lost money in 2030?", "en", "The backtests have no day of 2030-01-01~2030-12-31."),
    ],
)
def test_outside_of_the_data_it_is_said_and_nothing_else_is_told(
    query: str, language: Language, said: str
) -> None:
    answer = answered(query, *ALL, language=language)

    assert said in answer.summary.text
    assert "2010-01-04~2014-11-03" in answer.summary.text
    assert "%" not in answer.summary.text
    assert answer.summary.best_strategy_id is None
    assert {each.code for each in answer.findings.excluded} <= {"outside-window", "not-asked"}


def test_of_curves_that_did_not_come_nothing_is_said_but_that() -> None:
    missing = replace(GOOD, series=None)
    text = answered("Which was best in 2012?", missing).summary.text

    assert "no day of" not in text
    assert "did not come in time" in text
    assert "no backtest results to compare" in answered("Which was best in 2012?").summary.text


def test_a_window_that_is_partly_outside_is_cut_and_that_is_said() -> None:
    answer = answered("which was best from 2005 to 2011?", *ALL)

    assert answer.findings.window is not None
    assert not answer.findings.window.whole
    assert "Period: 2010-01-04 to 2011-12-30 (520 trading days)." in answer.summary.text
    assert "These are the days of 2005-01-01~2011-12-31 that the backtests have." in answer.summary.text
    assert_as_the_oracle(answer, GOOD, "2005-01-01", "2011-12-31")


def test_those_without_the_whole_window_are_told_apart() -> None:
    answer = answered("2013년에 수익률이 가장 높은 전략은?", GOOD, BAD, LATE, EARLY, language="ko")
    codes = {each.name: each.code for each in answer.findings.excluded}

    assert codes == {"Late": "outside-window", "Early": "outside-window"}
    assert [each.name for each in answer.findings.ranking[0].entries] == ["Good", "Bad"]
    assert "2013-06-03~2014-12-15" in answer.summary.text
    assert "2010-01-04~2011-12-30" in answer.summary.text
    assert_as_the_oracle(answer, LATE, "2013-01-01", "2013-12-31")


def test_where_only_one_has_the_whole_window_the_common_days_are_compared() -> None:
    answer = answered("which was best in 2013?", GOOD, LATE)

    assert "Period: 2013-06-03 to 2013-12-31" in answer.summary.text
    assert answer.findings.verdict[0].outcome == "no-difference-shown"
    assert answer.findings.excluded == ()


def test_data_that_end_a_few_days_earlier_have_the_window_too() -> None:
    shorter = strategy("Shorter", returns_of("shorter", 0.0, 0.01, 1257))
    answer = answered("which was best since 2013?", GOOD, BAD, shorter)

    assert len(answer.findings.ranking[0].entries) == 3


@pytest.mark.parametrize(("days", "comparable"), [(60, True), (59, False)])
def test_fewer_than_sixty_days_are_not_compared(days: int, *, comparable: bool) -> None:
    answer = answered(f"which was best over the last {days} trading days?", *ALL)
    window = answer.findings.window

    assert window is not None
    assert window.bars == days
    assert (answer.findings.verdict[0].outcome == "no-difference-shown") is comparable
    assert (figures_of(answer, GOOD)["sharpe_ratio"] is not None) is comparable
    assert figures_of(answer, GOOD)["total_return"] is not None
    assert ("Of fewer than 60 trading days there is no Sharpe ratio" in answer.summary.text) is not comparable


def test_over_a_few_days_the_figures_that_there_are_are_told() -> None:
    answer = answered("2012년 1월 수익률이 가장 높은 전략은?", *ALL, language="ko")
    expected = {run: oracle(curve(run, "2012-01-01", "2012-01-31"))["total_return"] for run in ALL}
    first = max(expected, key=lambda run: expected[run])

    assert "기간이 60 거래일보다 짧아 비교하지 않습니다" in answer.summary.text
    assert (
        f"둘이 되지 않습니다. '{first.completed.strategy_name}' 총수익률 {expected[first]:+.2%}".replace(
            "%", " %"
        )
        in answer.summary.text
    )


@pytest.mark.parametrize(
    ("query", "metric", "sign", "bound"),
    [
        ("which had a return above 1% in March 2012?", "total_return", 1, 0.01),
        ("which had a return below 0 in March 2012?", "total_return", -1, 0.0),
        ("which had a drawdown deeper than 5 % in 2012?", "max_drawdown", -1, -0.05),
        ("2013년에 샤프가 1 넘는 전략은?", "sharpe_ratio", 1, 1.0),
    ],
)
def test_bounds_are_of_the_window(query: str, metric: str, sign: int, bound: float) -> None:
    start, end = ("2012-03-01", "2012-03-31") if "March" in query else ("2012-01-01", "2012-12-31")
    if "2013" in query:
        start, end = "2013-01-01", "2013-12-31"
    met = [run for run in ALL if sign * (oracle(curve(run, start, end))[metric] - bound) > 0]
    text = answered(query, *ALL, language="en").summary.text

    assert f"{len(met)} of 3 meet" in text
    line = next(each for each in text.splitlines() if "meet" in each)
    assert all(f"'{run.completed.strategy_name}'" in line for run in met)


def test_whether_one_meets_a_bound_is_of_the_window() -> None:
    lost = oracle(curve(BAD, "2012-01-01", "2012-12-31"))["total_return"]
    text = answered("Did Bad lose money in 2012?", *ALL).summary.text

    assert f"Yes: the total return of 'Bad' is {100 * lost:.2f} % (2012-01-02~2012-12-31)." in text


def test_correlations_and_pairs_are_of_the_window() -> None:
    answer = answered("correlation in 2012", GOOD, BAD)
    one, other = (
        np.diff(equity) / equity[:-1]
        for equity in (curve(run, "2012-01-01", "2012-12-31") for run in (GOOD, BAD))
    )
    (pair,) = answer.findings.pairs

    assert pair.correlation == pytest.approx(np.corrcoef(one, other)[0, 1])
    assert "Period: 2012-01-02 to 2012-12-31 (261 trading days)." in answer.summary.text


def test_the_benchmark_is_that_of_the_window() -> None:
    answer = answered("2012년에 벤치마크보다 수익률이 높은 전략은?", GOOD, BAD, language="ko")
    assert GOOD.series is not None
    held = GOOD.series.benchmark
    assert held is not None
    days = GOOD.series.days
    first, last = np.searchsorted(days, np.array(["2012-01-01", "2013-01-01"], "datetime64[D]")) - 1
    figures = answer.findings.benchmark_figures

    assert figures is not None
    assert figures.values["total_return"] == pytest.approx(held[last] / held[first] - 1.0)


def test_what_was_tried_says_nothing_of_a_window() -> None:
    answer = answered("highest Sharpe in 2012", *ALL, tried=20)

    assert answer.findings.trials is None
    assert "definitions were tried" not in answer.summary.text
    assert all(each.deflated_sharpe_ratio is None for each in answer.findings.statistics)


@pytest.mark.parametrize(
    ("query", "language", "said"),
    [
        ("during covid which was best?", "en", "From which day to which day that time is can't be told."),
        ("코로나 때 제일 나았던 전략", "ko", "어느 날부터 어느 날까지인지 알 수 없습니다."),
        ("which was best in March?", "en", "From which day to which day that time is can't be told."),
    ],
)
def test_of_a_time_that_is_not_known_that_is_said_before_the_whole_figures(
    query: str, language: Language, said: str
) -> None:
    answer = answered(query, *ALL, language=language)

    assert said in answer.summary.text
    assert ("Over the whole period:" in answer.summary.text) is (language == "en")
    assert answer.findings.window is None
    assert answer.findings.common_window is not None
    assert answer.findings.common_window.bars == 1261


def test_beside_a_known_year_a_crisis_is_left_out_and_that_is_said() -> None:
    text = answered("2012년 코로나 때 제일 나았던 전략", *ALL, language="ko").summary.text

    assert "기간: 2012-01-02~2012-12-31" in text
    assert "기간을 나타내는 다른 말은" in text


@pytest.mark.parametrize("query", ["which was best except in 2012?", "Sharpe ratio without 2012"])
def test_a_window_with_a_gap_is_not_answered(query: str) -> None:
    answer = answered(query, *ALL)

    assert "One window of time, without a gap, is answered at once" in answer.summary.text
    assert answer.findings.ranking == ()


def test_of_several_windows_it_is_said_which_to_ask_about_each() -> None:
    answer = answered("Sharpe ratio in 2012 vs 2013", *ALL)

    assert "Of several windows at once there are the returns of years" in answer.summary.text
    assert "Try: 'in 2012?', 'and in 2013?'" in answer.summary.text
    assert answer.findings.ranking == ()


def subject_of(query: str, window: Window | None = None) -> Subject:
    completed = {run.id: run.completed for run in ALL}
    entries = gather_backtests(list(completed), completed, "en")
    names = {entry.strategy_id: entry.name for entry in entries}
    return Subject(ALL, entries, parse(query, names), {}, "en", window=window)


def test_the_window_of_a_request_wins_over_that_of_its_question() -> None:
    window = Window(date(2012, 1, 1), date(2012, 12, 31))
    answer = answer_of(subject_of("Which was best in 2013?", window))

    assert_as_the_oracle(answer, GOOD, "2012-01-01", "2012-12-31")
    assert answer.summary.text.startswith("The answer is about the window of the request")
    assert not answer_of(subject_of("Which was best in 2012?", window)).summary.text.startswith("The answer")


def test_equal_questions_about_other_windows_are_others() -> None:
    window = Window(date(2012, 1, 1), date(2012, 12, 31))
    keys = [subject_of("Which is best?").key, subject_of("Which is best?", window).key]

    assert keys[0] != keys[1]
    assert keys[1] == subject_of("Which is best?", window).key
    assert subject_of("best in 2012").key != subject_of("best in 2013").key


def test_a_question_about_all_of_the_time_is_answered_with_the_stored_figures() -> None:
    answer = answered("over the whole period, which had the highest return?", *ALL)

    assert answer.findings.window is None
    assert answer.summary.text == answered("which had the highest return?", *ALL).summary.text


def test_an_account_that_stood_still_in_the_window_is_told_apart() -> None:
    returns = returns_of("idle", 0.001, 0.01)
    returns[510:800] = 0.0
    idle = strategy("Idle", returns)
    codes = {each.name: each.code for each in answered("best in 2012", GOOD, MIDDLE, idle).findings.excluded}

    assert codes == {"Idle": "no-trades"}
