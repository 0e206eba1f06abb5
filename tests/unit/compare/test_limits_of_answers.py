"""What limits an answer: other benchmarks and cash, idle accounts, too little data, too many metrics."""

import re

import numpy as np
import pytest

from backchat_contracts import Language
from tests.unit.compare.runs import ALL, BAD, GOOD, answered, returns_of, strategy


def test_an_account_that_stood_still_on_the_common_days_is_the_steadiest_of_nothing() -> None:
    late = strategy("Late", returns_of("late", 0.001, 0.01, 300), curves={"start": "2010-01-04"})
    idle_at_first = np.concatenate((np.zeros(320), returns_of("then", 0.001, 0.01, 940)))
    idle = strategy("Idle", idle_at_first)
    answer = answered("Which is the steadiest?", idle, late, GOOD)

    assert {each.name: each.code for each in answer.findings.excluded} == {"Idle": "no-trades"}
    assert answer.findings.excluded[0].detail == "It held nothing but cash on the days compared."
    assert answer.findings.verdict[0].leader == GOOD.id


def test_steadier_is_not_better_than_the_benchmark() -> None:
    answer = answered("Which has the lowest volatility and the highest return?", BAD, GOOD)

    assert answer.findings.benchmark is not None
    assert answer.findings.benchmark.metric == "total_return"
    assert answered("Which has the lowest volatility?", BAD, GOOD).findings.benchmark is None


def test_what_is_worse_than_the_benchmark_is_said_to_be() -> None:
    answer = answered("What is the Sharpe ratio?", strategy("Awful", returns_of("awful", -0.004, 0.012)))

    assert answer.findings.benchmark is not None
    assert answer.findings.benchmark.outcome == "worse"
    assert "worse than the benchmark" in answer.summary.text


def test_figures_beside_other_benchmarks_have_no_ranking() -> None:
    other = strategy("Other", returns_of("other", 0.0, 0.01), benchmark="SPY")
    answer = answered("Which has the higher alpha?", GOOD, other)

    assert answer.findings.verdict[0].outcome == "not-comparable"
    assert answer.findings.ranking[0].entries == ()
    assert "the benchmarks differ" in answer.summary.text


def test_amounts_of_different_cash_have_no_ranking() -> None:
    rich = strategy("Rich", returns_of("rich", 0.0, 0.01), initial_cash=1e6)
    answer = answered("Which has the higher final equity?", GOOD, rich)

    assert answer.findings.verdict[0].outcome == "not-comparable"
    assert "the initial cash differs, so the amounts are not ranked" in answer.summary.text


def test_one_with_the_same_returns_is_no_rival() -> None:
    twin = strategy("Twin", returns_of("good", 0.0015, 0.008))
    (verdict,) = answered("Which is better?", GOOD, twin, BAD).findings.verdict

    assert (verdict.outcome, verdict.next, verdict.over) == ("better", BAD.id, (BAD.id,))


def test_two_with_the_same_returns_are_not_the_best_and_the_worst() -> None:
    answer = answered("Which is better?", GOOD, strategy("Twin", returns_of("good", 0.0015, 0.008)))

    assert "the daily returns are the same" in answer.summary.text
    assert "The strategy with" not in answer.summary.text
    assert answer.summary.best_strategy_id is None


def test_an_interval_that_is_wider_than_anything_is_not_told() -> None:
    rare = np.zeros(100)
    rare[50] = 1e-4
    answer = answered(
        "Which is better?", strategy("Rare", rare), strategy("Some", returns_of("x", 0.0, 0.01, 100))
    )

    for number in re.findall(r"[\d.]+", answer.summary.text):
        assert len(number) < 12


def test_whether_one_meets_a_bound_is_answered_with_yes_or_no() -> None:
    yes, no = (
        answered("Is Good's Sharpe above 2?", *ALL),
        answered("Middle의 샤프가 3을 넘나요?", *ALL, language="ko"),
    )

    assert yes.summary.text.startswith("Yes: the Sharpe ratio of 'Good' is 2.98")
    assert no.summary.text.startswith("아니요, 'Middle'의 샤프 비율은 2.43입니다")


@pytest.mark.parametrize("side", ["above", "below"])
def test_a_figure_that_is_not_defined_is_on_no_side_of_a_bound(side: str) -> None:
    answer = answered(f"Which have a win rate {side} 60 %?", GOOD, BAD)

    details = {each.detail for each in answer.findings.excluded}
    assert details == {"Its win rate is not defined, so the question's condition can't be judged."}


def test_no_more_than_five_metrics_are_answered() -> None:
    query = "Sharpe, Sortino, volatility, drawdown, total return, CAGR and win rate: which is highest?"
    answer = answered(query, GOOD, BAD)

    assert len(answer.findings.verdict) == 5
    assert "One answer has 5 metrics at most." in answer.summary.text


def test_the_trials_are_those_of_the_symbols_that_are_compared() -> None:
    other = strategy("Other", returns_of("other", 0.0, 0.01), symbols=["GOOG"])
    alone, beside = (
        answered("Which is better?", GOOD, BAD, tried=7),
        answered("Which is better?", GOOD, BAD, other, tried=7),
    )

    assert alone.findings.trials == beside.findings.trials


def test_a_pair_tells_who_led_in_which_year() -> None:
    (pair,) = answered("Which is better?", GOOD, BAD).findings.pairs

    assert pair.years is not None
    assert (pair.years.years, pair.years.first, pair.years.second) == (17, 17, 0)
    assert len(pair.years.apart) == 5
    last = pair.years.apart[-1]
    assert GOOD.series is not None
    assert last.end == GOOD.series.days[-1].item()
    equity = GOOD.series.equity
    assert abs(last.first - (equity[-1] / equity[-253] - 1.0)) < 1e-9


def test_a_difference_of_volatility_in_less_than_a_year_comes_with_a_caution() -> None:
    calm, wild = (
        strategy(f"{days} {swing}", returns_of("s", 0.0, swing, days))
        for days, swing in ((200, 0.002), (200, 0.03))
    )
    long = [strategy(f"L{swing}", returns_of("s", 0.0, swing, 300)) for swing in (0.002, 0.03)]

    assert "Caution: below a year" in answered("Which is steadier?", calm, wild).summary.text
    assert "below a year" not in answered("Which is steadier?", *long).summary.text


def test_the_best_and_the_worst_are_both_named() -> None:
    answer = answered("Which is the best and which the worst?", *ALL)

    assert [verdict.leader for verdict in answer.findings.verdict] == [GOOD.id, BAD.id]


def test_a_correlation_is_told_and_nothing_is_ranked() -> None:
    answer = answered("What is the correlation of Good and Bad?", *ALL)
    (pair,) = answer.findings.pairs

    assert pair.correlation is not None
    assert answer.summary.text.startswith("Correlation of the daily returns: '")
    assert answer.summary.text.endswith(f" {pair.correlation:+.2f}.")
    assert answer.findings.ranking == answer.findings.verdict == ()


def test_of_many_pairs_both_ends_are_told() -> None:
    many = [strategy(f"S{n}", returns_of(f"s{n}", 0.0005, 0.01, 300)) for n in range(6)]
    answer = answered("Which two are the most correlated?", *many)
    known = sorted(pair.correlation for pair in answer.findings.pairs if pair.correlation is not None)

    assert "highest first" in answer.summary.text
    assert f"{known[-1]:+.2f}; " in answer.summary.text.replace("…", "")
    assert answer.summary.text.endswith(f"{known[0]:+.2f}.")


def test_correlations_of_too_many_are_shown_elsewhere() -> None:
    many = [strategy(f"S{n}", returns_of(f"s{n}", 0.0005, 0.01, 100)) for n in range(21)]

    assert "/pairs" in answered("Which two are the most correlated?", *many).summary.text


@pytest.mark.parametrize("query", ["Which has a beta closest to 1?", "베타가 1에 가장 가까운 전략은?"])
def test_no_ranking_tells_which_is_nearest_to_a_value(query: str) -> None:
    answer = answered(query, *ALL, language="en")

    assert answer.summary.text.startswith("Strategies are ranked from the highest or the lowest")
    assert answer.findings.ranking == ()


@pytest.mark.parametrize(
    "query", ["What is the average Sharpe?", "전체 수익률 합계는?", "the median by return?"]
)
def test_there_are_no_figures_of_several_together(query: str) -> None:
    answer = answered(query, *ALL, language="en")

    assert answer.summary.text.startswith("Figures are of each strategy alone")
    assert answer.findings.ranking == ()


@pytest.mark.parametrize("query", ["Which will be the best next year?", "When did Good trade the most?"])
def test_what_no_comparison_tells_is_said_and_not_guessed(query: str) -> None:
    answer = answered(query, *ALL)

    assert answer.findings.ranking == ()
    assert answer.summary.best_strategy_id is None
    assert "the past" in answer.summary.text or "Of when there are" in answer.summary.text


def test_why_is_answered_with_what_was_run_and_the_figures_beside() -> None:
    first, order, *beside = answered("Why is Bad the riskiest?", *ALL, language="en").summary.text.split("\n")
    assert first.startswith("The figures do not tell why.")
    assert "Bad" in order
    assert [line.split("'")[1] for line in beside[:3]] == ["Bad", "Middle", "Good"]
    assert "annual volatility" in beside[0]
    assert "drawdown" not in beside[0]  # it is what was asked
    assert answered("왜 Bad가 가장 위험해?", *ALL, language="ko").summary.text.startswith("이유는 수치만으로")


@pytest.mark.parametrize("query", ["Is Good better than Foo?", "Good랑 Foo 중에 뭐가 더 안정적이야?"])
def test_a_strategy_that_does_not_exist_is_compared_with_nothing(query: str) -> None:
    answer = answered(query, *ALL, language="en")

    assert answer.summary.text.startswith("'foo': no strategy here has that name.")
    assert "'Good'" in answer.summary.text
    assert "'Bad'" not in answer.summary.text
    assert answer.findings.understood.unresolved == ("foo",)


def test_where_no_strategy_named_exists_nothing_is_ranked() -> None:
    answer = answered("Is Foo better than Bar?", *ALL)

    assert answer.findings.ranking == ()
    assert answer.summary.best_strategy_id is None


def test_those_that_exist_are_ranked_beside_one_that_does_not() -> None:
    answer = answered("Which of Good, Foo and Bad is steadiest?", *ALL)

    assert answer.summary.text.startswith("'foo': no strategy here has that name.")
    assert answer.summary.best_strategy_id is not None


@pytest.mark.parametrize("query", ["샤프 하위 2개 빼고 알려줘", "All but the worst 2 by Sharpe"])
def test_the_last_two_are_ruled_out_and_the_others_listed(query: str) -> None:
    text = answered(query, *ALL, language="en").summary.text

    assert text.startswith("All but 'Bad', 'Middle'")
    assert "'Good' Sharpe ratio 2.98" in text


@pytest.mark.parametrize("query", ["How did Bad do?", "Bad는 어땠어?", "Tell me about Bad", "Bad 성과는?"])
def test_how_one_did_is_answered_with_its_own_figures(query: str) -> None:
    answer = answered(query, *ALL, language="en")

    assert answer.summary.text.startswith("'Bad' (2010")
    assert "'Good'" not in answer.summary.text
    assert answer.summary.best_strategy_id == "bad"


@pytest.mark.parametrize("query", ["Compare Bad with the others", "Bad 비교해줘", "How does Bad compare?"])
def test_how_one_compares_is_answered_beside_the_others(query: str) -> None:
    assert "'Good'" in answered(query, *ALL).summary.text


@pytest.mark.parametrize(
    "query",
    ["How did Bad do in March?", "Did Bad lose money during covid?", "Bad는 최근에 수익률이 얼마였어?"],
)
def test_of_a_time_that_is_not_known_it_is_said_that_figures_are_of_all_of_it(query: str) -> None:
    text = answered(query, *ALL, language="en").summary.text

    assert text.startswith("From which day to which day that time is can't be told.")
    assert "Over the whole period:" in text
    assert "-77.99 %" in text


@pytest.mark.parametrize(
    ("query", "language", "said"),
    [
        ("What is a Sharpe ratio?", "en", "Sharpe ratio: "),
        ("What does MDD mean?", "en", "maximum drawdown: "),
        ("샤프 비율이 뭐야?", "ko", "샤프 비율: "),
    ],
)
def test_what_a_metric_means_is_told_and_nothing_is_ranked(query: str, language: Language, said: str) -> None:
    answer = answered(query, *ALL, language=language)

    assert answer.summary.text.startswith(said)
    assert answer.findings.ranking == ()


def test_a_count_is_of_the_order_that_it_stands_with() -> None:
    lines = answered("top 2 by sharpe, but not the most volatile", *ALL).summary.text

    assert "All but 'Bad', the most volatile" in lines


def test_all_of_them_ruled_out_leave_none() -> None:
    text = answered("All but the worst 3 by Sharpe", *ALL).summary.text

    assert "the worst risk-adjusted return: none." in text
