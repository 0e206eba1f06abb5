"""Dates, and returns by period of the calendar: of the days of the curves, with pandas as the oracle."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from backchat_contracts.timing import PeriodUnit, StrategyTiming, Timing
from services.compare.domain.comparability import Run
from services.compare.domain.leading import BENCHMARK, MOST_TOLD
from tests.unit.compare.runs import ALL, BAD, GOOD, answered, returns_of, strategy

RULES: dict[PeriodUnit, str] = {"day": "B", "week": "W-SUN", "month": "ME", "quarter": "QE", "year": "YE"}


def timing_of(query: str, *runs: Run) -> Timing:
    found = answered(query, *runs).findings.timing
    assert found
    return found


def only(query: str, run: Run) -> StrategyTiming:
    (told,) = timing_of(query, run).strategies
    return told


def curve(run: Run, which: str = "equity") -> "pd.Series[float]":
    assert run.series
    return pd.Series(getattr(run.series, which), pd.DatetimeIndex(run.series.days))


def by(unit: PeriodUnit, equity: "pd.Series[float]") -> "pd.Series[float]":
    """Return the returns of the periods; the first close alone has none."""
    ends = equity.resample(RULES[unit]).last().dropna()
    returns = ends / ends.shift(1, fill_value=equity.iloc[0]) - 1.0
    return returns if equity.index[1] <= returns.index[0] else returns.iloc[1:]


@pytest.mark.parametrize("unit", RULES)
@pytest.mark.parametrize("asked", ["best", "worst"])
def test_the_best_and_the_worst_period(unit: PeriodUnit, asked: str) -> None:
    told, returns = only(f"{asked} {unit} of Good?", GOOD), by(unit, curve(GOOD))

    (period,) = told.periods
    assert period.total_return == pytest.approx(returns.max() if asked == "best" else returns.min())
    assert told.of == told.matching == len(returns)
    last = returns.idxmax() if asked == "best" else returns.idxmin()
    assert period.end == curve(GOOD)[:last].index[-1].date()


def test_returns_by_year_compound_to_the_whole_and_say_which_years_are_not_whole() -> None:
    told = only("Good by year", GOOD)

    assert [each.total_return for each in told.periods] == pytest.approx(by("year", curve(GOOD)).tolist())
    days = curve(GOOD).index
    assert (told.periods[0].start, told.periods[-1].end) == (days[0].date(), days[-1].date())
    assert [each.whole for each in told.periods[1:-1]] == [True] * (len(told.periods) - 2)
    assert not told.periods[-1].whole


def test_a_long_list_is_bounded_and_says_how_many_are_left_out() -> None:
    answer = answered("Good by month", GOOD)
    months = len(by("month", curve(GOOD)))

    assert answer.findings.timing
    assert len(answer.findings.timing.strategies[0].periods) == MOST_TOLD < months
    assert f"and {months - MOST_TOLD} more" in answer.summary.text


def test_a_window_begins_at_the_close_before_it() -> None:
    told = only("Good by month in 2012", GOOD)
    returns = by("month", curve(GOOD))

    assert [each.total_return for each in told.periods] == pytest.approx(returns["2012"].tolist())
    assert told.periods[0].start.year == told.periods[-1].end.year == 2012
    assert all(each.whole for each in told.periods)


def test_the_periods_with_a_gain_and_those_with_a_loss() -> None:
    returns = by("month", curve(BAD))
    gains, losses = only("how many winning months has Bad", BAD), only("how many losing months has Bad", BAD)

    assert (gains.matching, losses.matching) == ((returns > 0).sum(), (returns < 0).sum())
    assert all(each.total_return < 0 for each in losses.periods)


def test_the_strategy_with_the_fewest_losing_months_comes_first() -> None:
    told = timing_of("Which had the fewest losing months?", *ALL).strategies
    assert [each.matching for each in told] == sorted(each.matching for each in told)
    assert (
        answered("Which had the fewest losing months?", *ALL).summary.best_backtest_id == told[0].backtest_id
    )


def test_the_deepest_drawdown_and_when_it_was_over() -> None:
    (drawdown,) = only("when was the worst drawdown of Good?", GOOD).drawdowns
    equity = curve(GOOD)
    fall = equity / equity.cummax() - 1.0

    assert drawdown.max_drawdown == pytest.approx(fall.min())
    assert drawdown.trough == fall.idxmin().date()
    assert equity[str(drawdown.peak)] == pytest.approx(equity[: str(drawdown.trough)].max())
    back = equity[str(drawdown.trough) :]
    over = back[back >= equity[str(drawdown.peak)]]
    assert drawdown.recovery == (over.index[0].date() if len(over) else None)


def test_what_never_fell_has_no_drawdown_and_no_losing_day() -> None:
    up = strategy("Up", np.full(300, 0.001))
    assert (
        answered("when did Up recover?", up).summary.text
        == "'Up' has no drawdown: it was never below its peak."
    )
    assert only("how many losing days has Up", up).matching == 0


def test_what_has_not_recovered_is_said() -> None:
    down = strategy("Down", np.array([0.01] * 100 + [-0.01] * 100))
    text = answered("has Down recovered?", down).summary.text
    assert text.startswith("No, it has not recovered.")
    assert "not recovered by the end of the data" in text


def test_who_had_the_highest_return_is_told_of_the_periods_that_all_have() -> None:
    told = {
        each.backtest_id: each
        for each in timing_of("which quarters did Good beat Bad?", GOOD, BAD).strategies
    }
    good, bad = by("quarter", curve(GOOD)), by("quarter", curve(BAD))

    assert told[GOOD.id].matching == (good > bad).sum()
    assert told[BAD.id].matching == (bad > good).sum()
    assert told[GOOD.id].of == len(good)


def test_a_strategy_that_began_later_is_measured_against_on_its_days() -> None:
    late = strategy("Late", returns_of("late", 0.001, 0.01, 400), start_date="2013-06-03")
    for each in timing_of("which years did Late beat Good?", GOOD, late).strategies:
        assert each.of == 2


def test_one_alone_is_measured_against_the_benchmark() -> None:
    told = {
        each.backtest_id: each
        for each in timing_of("how many years did Good beat the benchmark?", GOOD).strategies
    }
    won = by("year", curve(GOOD)) > by("year", curve(GOOD, "benchmark"))
    assert told[GOOD.id].matching == won.sum()
    assert told[BENCHMARK].matching == (~won).sum()


def test_the_benchmark_alone() -> None:
    told = only("worst year of the benchmark?", GOOD)
    assert told.backtest_id == BENCHMARK
    assert told.periods[0].total_return == pytest.approx(by("year", curve(GOOD, "benchmark")).min())


def test_curves_that_did_not_come_and_windows_without_days_are_said() -> None:
    lost = Run(BAD.completed, None)
    assert "did not come in time" in answered("worst month of Bad?", lost).summary.text
    text = answered("worst month of Good in 1999?", GOOD).summary.text
    assert "no day of 1999-01-01~1999-12-31" in text


def test_a_name_of_no_strategy_is_said_and_no_other_answered_about() -> None:
    answer = answered("worst month of Foo?", *ALL)
    assert answer.summary.text == "'foo': no strategy here has that name."
    assert answer.findings.timing is None


def test_only_returns_are_told_by_period() -> None:
    text = answered("Sharpe ratio of Good by year", GOOD).summary.text
    assert "By period there are returns alone" in text
    assert "Sharpe ratio in 2008" in text
    only_said = answered("best year of Good by Sharpe", GOOD).summary.text
    assert only_said.startswith("By period there are returns alone")
    assert "The best year" not in only_said


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("Good 최악의 해는?", "'Good'의 가장 나쁜 해: 20"),
        ("Good 두 번째로 나쁜 달은?", "'Good'의 2번째로 나쁜 달: 20"),
        ("Good 가장 나빴던 달 3개", "'Good'의 가장 나쁜 달 3개: 20"),
        ("Good 99번째로 나쁜 해는?", "'Good'의 해: 5개뿐입니다."),
        ("Good 언제 회복했어?", "'Good'의 가장 깊은 낙폭: -"),
        ("Good은 손실 난 해가 있어?", "개 해 중 "),
        ("Good이 Bad를 이긴 해는?", "함께 있는 5개 해 중"),
    ],
)
def test_a_korean_question_has_a_korean_answer(query: str, said: str) -> None:
    runs = [GOOD, BAD] if "Bad" in query else [GOOD]
    assert said in answered(query, *runs, language="ko").summary.text


def test_dates_are_days_of_the_backtest() -> None:
    told = only("the 3 worst drawdowns of Good", GOOD)
    days = set(curve(GOOD).index.date)
    assert len(told.drawdowns) == 3
    assert {day for each in told.drawdowns for day in (each.peak, each.trough)} <= days
    assert all(isinstance(each.recovery, date | None) for each in told.drawdowns)


def test_where_each_ends_is_told_from_the_nearest_to_its_peak() -> None:
    timing = timing_of("which are still under water at the end?", *ALL)
    falls = {run.id: curve(run) / curve(run).cummax() - 1.0 for run in ALL}

    told = {each.backtest_id: each.last_drawdown for each in timing.strategies}
    ends = [each.max_drawdown for each in told.values() if each]
    assert ends == sorted(ends, reverse=True)
    for run in ALL:
        last, equity = told[run.id], curve(run)
        assert last
        assert last.max_drawdown == pytest.approx(falls[run.id].iloc[-1])
        assert last.day == equity.index[-1].date()
        assert last.peak == equity[equity == equity.max()].index[-1].date()


def test_what_ends_at_its_highest_close_is_at_a_new_high() -> None:
    up, down = strategy("Rising", np.full(300, 0.001)), strategy("Falling", np.full(300, -0.001))
    assert "Rising' ends at a new high" in answered("is Rising under water at the end?", up).summary.text
    assert answered("is Rising at a new high at the end?", up).summary.text.startswith("Yes: ")
    assert answered("is Falling at a new high at the end?", down).summary.text.startswith("No: ")
    both = answered("which ones are at new highs at the end?", up, down).summary
    assert both.text.startswith("1 of 2 ends at a new high.")
    assert both.best_backtest_id is None


@pytest.mark.parametrize(("query", "nearest"), [("which ends nearest its peak?", True), ("", False)])
def test_the_nearest_and_the_farthest_are_the_answer(query: str, *, nearest: bool) -> None:
    answer = answered(query or "which ends farthest below its peak?", *ALL)
    ends = {run.id: (curve(run) / curve(run).cummax() - 1.0).iloc[-1] for run in ALL}
    best = max(ends, key=lambda key: ends[key]) if nearest else min(ends, key=lambda key: ends[key])
    assert answer.summary.best_backtest_id == best


def test_the_end_of_a_year_is_its_last_day_and_peaks_before_the_year_count() -> None:
    timing = timing_of("which were under water at the end of 2012?", GOOD)
    equity = curve(GOOD)[:"2012"]
    (told,) = timing.strategies
    assert told.last_drawdown
    assert told.last_drawdown.day == equity.index[-1].date()
    assert told.last_drawdown.max_drawdown == pytest.approx((equity / equity.cummax() - 1.0).iloc[-1])


def test_a_year_that_is_excepted_is_not_counted() -> None:
    returns = by("year", curve(BAD))
    losses = returns[(returns < 0) & (returns.index.year != 2012)]

    told = only("losing years of Bad besides 2012", BAD)

    assert (told.matching, told.of) == (len(losses), len(returns) - 1)
    text = answered("losing years of Bad besides 2012", BAD).summary.text
    assert f"lost in {len(losses)} of the {len(returns) - 1} years other than 2012" in text


def test_several_years_are_told_apart_and_those_without_days_are_said() -> None:
    answer = answered("returns of Good 2011 vs 2013 vs 1999", GOOD)
    returns = by("year", curve(GOOD))

    assert answer.findings.timing
    (told,) = answer.findings.timing.strategies
    expected = [returns["2011"].iloc[0], returns["2013"].iloc[0]]
    assert [each.total_return for each in told.periods] == pytest.approx(expected)
    assert answer.summary.text.endswith("The backtests have no day of 1999.")


def test_a_loss_in_a_window_may_be_made_good_after_it() -> None:
    fell = strategy("Fell", np.array([0.001] * 100 + [-0.01] * 20 + [0.001] * 800))
    assert fell.series
    days = fell.series.days
    year = days[110].item().year
    (drawdown,) = only(f"did Fell recover from its {year} loss?", fell).drawdowns
    equity = curve(fell)
    back = equity[drawdown.trough.isoformat() :]
    assert drawdown.recovery == back[back >= equity[str(drawdown.peak)]].index[0].date()
    assert drawdown.recovery
    assert drawdown.recovery.year > year


@pytest.mark.parametrize(("query", "said"), [("more than one", "No: "), ("at least one", "Yes: ")])
def test_yes_is_said_only_where_there_are_so_many(query: str, said: str) -> None:
    once = strategy("Once", np.concatenate((np.full(450, 0.001), np.full(250, -0.002), np.full(500, 0.001))))
    text = answered(f"does Once have {query} losing year?", once).summary.text
    assert text.startswith(said)
    assert "lost in 1 of" in text
