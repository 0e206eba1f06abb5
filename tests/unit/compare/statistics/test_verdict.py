"""The verdict: who leads, what is shown, and what is not."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from services.compare.domain.statistics import (
    Analysis,
    Question,
    Verdict,
    analyse,
    pair_verdict,
    verdict_of,
)
from services.compare.domain.statistics.verdict import TESTS, decided_by
from tests.unit.compare.statistics.markets import market

DAYS = 500
SHARPE = Question("sharpe_ratio")


def apart(seed: int = 1, strategies: int = 2, gap: float = 0.004) -> NDArray[np.float64]:
    """Strategies each of which gains so much more a day than the next."""
    return market(seed, DAYS, strategies, shared=0.9) - gap * np.arange(strategies)


def analysed(
    returns: NDArray[np.float64], *questions: Question, benchmark: NDArray[np.float64] | None = None
) -> Analysis:
    return analyse(returns, benchmark, questions, seed=1, resamples=400)


def verdict(returns: NDArray[np.float64], question: Question = SHARPE, **options: Any) -> Verdict:
    return verdict_of(analysed(returns, question, **options), question)


def test_a_difference_that_is_shown() -> None:
    found = verdict(apart())

    (against,) = found.against
    assert (found.leader, found.ranking, found.ahead_of) == (0, (0, 1), (1,))
    assert (against.outcome, against.better, against.higher) == ("better", 0, 0)
    assert against.test == "Ledoit & Wolf"
    assert against.p is not None
    assert against.p <= 0.05
    assert against.interval is not None
    assert against.interval.low > 0.0
    assert against.difference is not None
    assert against.interval.low < against.difference < against.interval.high


def test_a_difference_that_is_not_shown_says_what_would_have_been() -> None:
    found = verdict(market(2, DAYS, 2))

    (against,) = found.against
    assert (against.outcome, against.better, against.days) == ("no difference shown", None, DAYS)
    assert against.p is not None
    assert against.p > 0.05
    assert against.detectable is not None
    assert against.difference is not None
    assert against.detectable > abs(against.difference)
    assert found.ahead_of == ()


def test_the_other_end_has_the_other_leader() -> None:
    returns = apart(strategies=3)
    found = verdict(returns, Question("sharpe_ratio", "lowest"))

    assert found.ranking == (2, 1, 0)
    assert [each.better for each in found.against] == [1, 0]
    assert found.against[0].difference is not None
    assert found.against[0].difference < 0.0


def test_the_largest_drawdown_is_the_lowest_value() -> None:
    returns = market(3, DAYS, 1) * np.array([1.0, 3.0])
    found = verdict(returns, Question("max_drawdown", "lowest"))

    assert found.leader == 1
    assert found.against[0].outcome == "better"
    assert found.against[0].better == 0


def test_less_volatility_is_better() -> None:
    returns = np.column_stack([market(5, DAYS, 1), 3.0 * market(6, DAYS, 1)])
    found = verdict(returns, Question("volatility", "lowest"))

    assert (found.leader, found.against[0].better, found.against[0].higher) == (0, 0, 1)
    assert found.against[0].test == "paired bootstrap"


def test_a_metric_without_a_good_end_is_higher_not_better() -> None:
    benchmark = market(7, DAYS, 1)[:, 0]
    returns = np.column_stack([1.5 * benchmark, 0.2 * benchmark]) + market(8, DAYS, 2) * 0.1
    found = verdict(returns, Question("beta"), benchmark=benchmark)

    assert found.leader == 0
    assert (found.against[0].outcome, found.against[0].better, found.against[0].higher) == ("higher", None, 0)
    assert found.ahead_of == (1,)


@pytest.mark.parametrize("metric", ["sharpe_ratio", "volatility", "max_drawdown", "beta", "win_rate"])
def test_identical_strategies_are_identical(metric: str) -> None:
    returns = np.repeat(market(9, DAYS, 1), 2, axis=1)
    question = Question(metric)
    analysis = analysed(returns, question, benchmark=market(10, DAYS, 1)[:, 0])
    found = verdict_of(analysis, question, values=[0.5, 0.5])

    assert found.against[0].outcome == "identical"
    assert found.ahead_of == ()


def test_a_lever_has_an_identical_sharpe_ratio_and_another_volatility() -> None:
    one = market(11, DAYS, 1)
    returns = np.hstack([one, 2.0 * one])
    assert verdict(returns).against[0].outcome == "identical"
    assert verdict(returns, Question("volatility")).against[0].outcome == "better"


def test_what_never_varies_has_no_test() -> None:
    returns = np.column_stack([np.full(DAYS, 0.001), np.zeros(DAYS)])
    assert verdict(returns, Question("cagr")).against[0].outcome == "undefined"
    assert verdict(returns, Question("max_drawdown")).against[0].outcome == "identical"
    assert verdict(returns).undefined == (0, 1)
    assert verdict(returns).leader is None


def test_a_strategy_without_a_figure_is_not_ranked() -> None:
    returns = np.column_stack([market(12, DAYS, 2), np.zeros(DAYS)])
    analysis = analysed(returns, SHARPE)
    found = verdict_of(analysis, SHARPE)

    assert set(found.ranking) == {0, 1}
    assert found.undefined == (2,)
    assert pair_verdict(analysis, "sharpe_ratio", 0, 2).outcome == "undefined"


def test_a_metric_of_the_trades_is_a_fact() -> None:
    question = Question("win_rate")
    analysis = analysed(market(13, DAYS, 4), question)
    found = verdict_of(analysis, question, values=[0.4, 0.6, None, 0.6])

    assert found.ranking == (1, 3, 0)
    assert found.undefined == (2,)
    assert [each.outcome for each in found.against] == ["fact", "fact"]
    assert [each.higher for each in found.against] == [None, 1]
    assert found.against[1].difference == pytest.approx(0.2)
    assert found.against[1].p is None
    assert found.ahead_of == ()


def test_a_fact_of_many_strategies_needs_no_comparison_of_returns() -> None:
    question = Question("trades", "lowest")
    analysis = analysed(market(14, 60, 22), question)
    found = verdict_of(analysis, question, values=list(range(22, 0, -1)))
    assert found.leader == 21
    assert {each.outcome for each in found.against} == {"fact"}


def test_without_stored_figures_a_metric_of_the_trades_has_none() -> None:
    analysis = analysed(market(15, DAYS, 2), Question("win_rate"))
    assert verdict_of(analysis, Question("win_rate")).leader is None
    assert pair_verdict(analysis, "win_rate", 0, 1).outcome == "undefined"


def test_a_pair_that_was_not_compared_is_an_error() -> None:
    analysis = analysed(market(16, 60, 22), SHARPE)
    leader = verdict_of(analysis, SHARPE).leader
    one, other = [n for n in range(22) if n != leader][:2]
    with pytest.raises(ValueError, match="were not compared"):
        pair_verdict(analysis, "sharpe_ratio", one, other)


def test_a_metric_that_was_not_asked_about_is_undefined() -> None:
    analysis = analysed(market(17, DAYS, 2), SHARPE)
    assert pair_verdict(analysis, "volatility", 0, 1).outcome == "undefined"


def test_in_a_set_the_leader_must_be_ahead_for_having_been_chosen() -> None:
    """Each pair is tested alone and among all pairs; the larger p counts."""
    returns = apart(seed=18, strategies=6, gap=0.0008)
    found = verdict(returns)
    analysis = analysed(returns, SHARPE)
    for each in found.against:
        pair = analysis.pair(each.one, each.other)
        assert pair
        assert pair.sharpe_test
        assert each.p is not None
        assert each.p >= pair.sharpe_test.p
        assert each.test == "Ledoit & Wolf, and the largest of all pairs"


def test_one_strategy_has_a_leader_and_no_rival() -> None:
    found = verdict(market(19, DAYS, 1))
    assert (found.leader, found.against) == (0, ())


@pytest.mark.parametrize("strategies", [1, 2])
def test_up_to_two_meet_the_benchmark_in_the_metric(strategies: int) -> None:
    benchmark = market(20, DAYS, 1)[:, 0]
    for shift, outcome in ((0.004, "better"), (0.0, "no difference shown"), (-0.004, "worse")):
        returns = 0.2 * market(21, DAYS, strategies) + benchmark[:, None] + shift
        found = verdict(returns, benchmark=benchmark).benchmark
        assert found
        assert (found.outcome, found.test) == (outcome, "as for a pair")
        assert found.difference
        assert found.p == found.difference.adjusted_p


def test_less_volatility_than_the_benchmark_is_better() -> None:
    benchmark = market(22, DAYS, 1)[:, 0]
    found = verdict(0.3 * benchmark[:, None], Question("volatility"), benchmark=benchmark).benchmark
    assert found
    assert found.outcome == "better"


def test_three_meet_the_benchmark_in_the_mean_return() -> None:
    benchmark = market(23, DAYS, 1)[:, 0]
    returns = 0.2 * market(24, DAYS, 3, sharpe=0.0) + benchmark[:, None]
    found = verdict(returns, benchmark=benchmark).benchmark
    assert found
    assert (found.outcome, found.test, found.superior) == ("no difference shown", "SPA and StepM", ())

    returns[:, 1] += 0.002
    found = verdict(returns, benchmark=benchmark).benchmark
    assert found
    assert (found.outcome, found.superior) == ("better", (1,))
    worst = verdict(returns, Question("sharpe_ratio", "lowest"), benchmark=benchmark).benchmark
    assert worst
    assert worst.outcome == "no difference shown"


@pytest.mark.parametrize("strategies", [1, 2, 3])
def test_the_benchmark_itself_is_identical_to_it(strategies: int) -> None:
    benchmark = market(25, DAYS, 1)
    found = verdict(np.repeat(benchmark, strategies, axis=1), benchmark=benchmark[:, 0]).benchmark
    assert found
    assert found.outcome == "identical"


def test_the_table_has_a_test_for_each_metric() -> None:
    assert decided_by("sharpe_ratio", 2) == TESTS["sharpe_ratio"][0]
    assert decided_by("cagr", 3) == "paired bootstrap, and the largest of all pairs"
    assert decided_by("win_rate", 2) == decided_by("win_rate", 200) == "none"
