"""The computed summary: the best strategy by the metric of the query, quoted from the figures alone."""

import re
from datetime import date

import pytest

from backchat_contracts import UNRANKED, Language, ResultWarning, Texts, WarningCode
from services.compare.domain.metrics import DEFAULT, METRICS
from services.compare.domain.summary import Entry, rank, summarise
from services.language.question import End
from tests.builders import figures, gap

CALM = figures("Calm", volatility=0.10, total_return=0.20, sharpe_ratio=0.9, max_drawdown=-0.05)
WILD = figures("Wild", volatility=0.40, total_return=0.80, sharpe_ratio=0.7, max_drawdown=-0.45)
FLAT = figures("Flat", volatility=0.0, total_return=0.0, sharpe_ratio=None, max_drawdown=0.0)


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("volatility", ["Calm", "Wild"]),  # less is better
        ("max_drawdown", ["Calm", "Wild"]),  # negative: the one nearer to zero
        ("total_return", ["Wild", "Calm"]),
        ("sharpe_ratio", ["Calm", "Wild"]),
    ],
)
def test_the_best_comes_first(name: str, order: list[str]) -> None:
    assert [entry.name for entry in rank([WILD, CALM], METRICS[name], METRICS[name].best_end)] == order
    assert [entry.name for entry in rank([CALM, WILD], METRICS[name], METRICS[name].best_end)] == order


def test_the_other_end_can_come_first() -> None:
    assert rank([CALM, WILD], METRICS["max_drawdown"], "lowest") == [WILD, CALM]


def test_what_has_no_value_is_not_ranked() -> None:
    assert rank([FLAT, WILD, CALM], METRICS["sharpe_ratio"], "highest") == [CALM, WILD]
    assert rank([FLAT], METRICS["sharpe_ratio"], "highest") == []


@pytest.mark.parametrize("name", ["total_return", "volatility"])
@pytest.mark.parametrize("end", ["highest", "lowest"])
def test_equals_keep_the_order_asked_for(name: str, end: End) -> None:
    twins = [figures(letter) for letter in "cab"]

    assert rank(twins, METRICS[name], end) == twins


def test_zero_is_a_value() -> None:
    assert rank([WILD, FLAT], METRICS["volatility"], "lowest") == [FLAT, WILD]


@pytest.mark.parametrize(
    ("query", "language", "best", "quotes"),
    [
        ("어떤 전략이 더 안정적인가요?", "ko", "calm", ["10.00 %", "40.00 %", "-5.00 %", "0.90"]),
        ("Which strategy is steadier?", "en", "calm", ["10.00 %", "40.00 %", "-5.00 %", "0.90"]),
        ("수익률이 높은 전략은?", "ko", "wild", ["+80.00 %", "+20.00 %", "-45.00 %", "0.70"]),
        ("Which has the highest return?", "en", "wild", ["+80.00 %", "+20.00 %", "-45.00 %", "0.70"]),
        ("최대 낙폭이 작은 것은?", "ko", "calm", ["-5.00 %", "-45.00 %", "0.90"]),
        ("Which is better?", "en", "calm", ["0.90", "0.70"]),
    ],
)
def test_the_best_is_named_and_the_figures_are_quoted(
    query: str, language: Language, best: str, quotes: list[str]
) -> None:
    summary = summarise(query, [WILD, CALM], language)

    assert summary.best_strategy_id == best
    first, second = ("'Calm'", "'Wild'") if best == "calm" else ("'Wild'", "'Calm'")
    assert summary.text.index(first) < summary.text.index(second)
    for quote in quotes:
        assert quote in summary.text
    assert "2010-01-04~2012-12-31" in summary.text
    assert bool(re.search("[가-힣]", summary.text)) is (language == "ko")


@pytest.mark.parametrize(
    ("query", "language", "said"),
    [
        ("Which has the largest drawdown?", "en", "The strategy with the largest maximum drawdown is 'Wild'"),
        ("낙폭이 가장 큰 전략은?", "ko", "최대 낙폭이 가장 큰 전략은 'Wild'"),
        ("가장 불안정한 전략은?", "ko", "변동성이 가장 큰 전략은 'Wild'"),
        ("Which is the riskiest?", "en", "The strategy with the largest maximum drawdown is 'Wild'"),
        ("Which is the worst?", "en", "The strategy with the worst risk-adjusted return is 'Wild'"),
    ],
)
def test_the_end_asked_for_is_the_one_that_is_named(query: str, language: Language, said: str) -> None:
    answer = summarise(query, [CALM, WILD], language)
    assert said in answer.text
    assert answer.best_strategy_id == "wild"


def test_no_figure_is_invented() -> None:
    text = summarise("Which is steadier?", [WILD, CALM], "en").text
    own = {"10.00", "40.00", "20.00", "80.00", "5.00", "45.00", "0.90", "0.70"}

    assert set(re.findall(r"\d+\.\d+", text)) <= own


def test_the_same_input_gives_the_same_words() -> None:
    assert summarise("비교", [WILD, CALM], "ko") == summarise("비교", [WILD, CALM], "ko")


@pytest.mark.parametrize(("query", "name"), [("which is steadier?", "volatility"), ("which is best?", None)])
def test_a_metric_that_no_question_names_is_not_told(query: str, name: str | None) -> None:
    assert summarise(query, [WILD, CALM], "en").metric == name
    assert DEFAULT.name == "sharpe_ratio"


@pytest.mark.parametrize(
    ("query", "language", "text"),
    [
        ("최대 낙폭은?", "ko", "'Calm'의 최대 낙폭은 -5.00 %입니다 (2010-01-04~2012-12-31)."),
        ("거래 횟수는?", "ko", "'Calm'의 거래 횟수는 14입니다 (2010-01-04~2012-12-31)."),
        ("the drawdown?", "en", "The maximum drawdown of 'Calm' is -5.00 % (2010-01-04~2012-12-31)."),
    ],
)
def test_one_strategy_is_asked_for_one_figure(query: str, language: Language, text: str) -> None:
    assert summarise(query, [CALM], language).text == text
    assert summarise(query, [CALM], language).best_strategy_id == "calm"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_one_strategy_and_no_metric_gives_an_overview(language: Language) -> None:
    text = summarise("?", [CALM], language).text

    assert all(figure in text for figure in ("+20.00 %", "0.90", "-5.00 %", "10.00 %"))


@pytest.mark.parametrize(("language", "word"), [("ko", "해당 없음"), ("en", "not defined")])
def test_a_figure_that_is_not_defined_is_said_to_be(language: Language, word: str) -> None:
    assert word in summarise("sharpe", [FLAT], language).text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_strategy_without_a_value_is_not_kept_quiet(language: Language) -> None:
    assert "'Flat'" in summarise("sharpe", [CALM, WILD, FLAT], language).text


def test_results_without_a_value_are_not_said_to_be_missing() -> None:
    text = summarise("sharpe", [FLAT, figures("Even", sharpe_ratio=None)], "en").text

    assert "no backtest results" not in text
    assert "not defined" in text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "비교할 수 있는 백테스트 결과가 없습니다."),
        ("en", "There are no backtest results to compare."),
    ],
)
def test_nothing_to_compare_is_said(language: Language, text: str) -> None:
    summary = summarise("which is steadier?", [], language)

    assert (summary.text, summary.best_strategy_id) == (text, None)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_gaps_are_listed_with_their_reason(language: Language) -> None:
    missing = gap("lost", error="전략을 찾을 수 없습니다")

    cases: list[list[Entry]] = [[CALM, WILD, missing], [CALM, missing], [missing]]
    for entries in cases:
        summary = summarise("which is steadier?", entries, language)
        assert "lost: 전략을 찾을 수 없습니다" in summary.text
        assert summary.best_strategy_id in {"calm", None}
    assert summarise("?", [missing], language).best_strategy_id is None


@pytest.mark.parametrize(("language", "caution"), [("ko", "주의"), ("en", "Caution")])
def test_different_periods_come_with_a_caution(language: Language, caution: str) -> None:
    other = figures("Short", backtest_period={"start": date(2012, 1, 3), "end": date(2012, 12, 31)})

    assert caution in summarise("which is steadier?", [CALM, other], language).text
    assert caution not in summarise("which is steadier?", [CALM, WILD], language).text
    assert caution not in summarise("which is steadier?", [other], language).text


def warned(name: str, code: WarningCode, **given: float) -> Entry:
    warning = ResultWarning(code=code, detail=Texts(ko=f"{code} 입니다.", en=f"It is {code}."))
    return figures(name, warnings=(warning,), **given)


@pytest.mark.parametrize("code", sorted(UNRANKED))
@pytest.mark.parametrize("query", ["Which is steadier?", "Which has the highest return?", "Drawdown?"])
def test_what_is_worth_no_comparison_is_shown_and_never_the_best(code: WarningCode, query: str) -> None:
    cash = warned("Cash", code, volatility=0.0, total_return=9.9, max_drawdown=0.0)
    summary = summarise(query, [cash, CALM, WILD], "en")

    assert summary.best_strategy_id in {"calm", "wild"}
    assert "is 'Cash'" not in summary.text
    assert f"Caution — 'Cash': It is {code}." in summary.text
    assert "'Cash' " in summary.text.partition("Caution")[0]


def test_if_none_is_worth_a_comparison_none_is_the_best() -> None:
    both = [warned("A", "no-trades"), warned("B", "short-window")]
    summary = summarise("어떤 전략이 더 안정적인가요?", both, "ko")

    assert summary.best_strategy_id is None
    assert "가장 안정적인" not in summary.text
    assert "주의 — 'A': no-trades 입니다." in summary.text


def test_a_warning_about_the_best_is_told_where_it_concerns_the_metric() -> None:
    few = warned("Few", "few-trades", volatility=0.01, win_rate=1.0)
    idle = warned("Idle", "mostly-cash", volatility=0.02, win_rate=0.9)

    assert "Caution" not in summarise("Which is steadier?", [few, idle], "en").text
    assert "It is few-trades." in summarise("Which has the best win rate?", [few, idle], "en").text
    assert "It is mostly-cash." in summarise("Which is steadier?", [idle, WILD], "en").text
    assert "It is mostly-cash." in summarise("How volatile is Idle?", [idle], "en").text


@pytest.mark.parametrize("entries", [(), (gap(),)])
def test_a_single_one_that_is_worth_no_comparison_is_not_the_best(entries: tuple[Entry, ...]) -> None:
    cash = warned("Cash", "no-trades", volatility=0.0)
    summary = summarise("Which is steadier?", [cash, *entries], "en")

    assert summary.best_strategy_id is None
    assert "'Cash'" in summary.text


@pytest.mark.parametrize(
    ("language", "clause"), [("en", " Not ranked: 'Cash'"), ("ko", " 순위 제외: 'Cash'")]
)
def test_what_is_not_ranked_is_not_the_last_of_the_ranked(language: Language, clause: str) -> None:
    cash = warned("Cash", "short-window", total_return=-0.9)
    text = summarise("Which has the highest return?", [CALM, cash, WILD], language).text

    assert clause in text
    assert "'Cash'" not in text.partition(clause)[0]


MILD = figures("Mild", value_at_risk=-0.01, beta=0.5, costs_paid=900.0, longest_drawdown=40, benchmark="SPY")
HARD = figures(
    "Hard", value_at_risk=-0.03, beta=1.5, costs_paid=1_500.0, longest_drawdown=90, benchmark="SPY"
)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("Which has the better value at risk?", "the mildest daily value at risk is 'Mild'"),
        ("일간 위험가치가 나은 전략은?", "일간 위험가치가 가장 양호한 전략은 'Mild'"),
        ("Which longest drawdown is better?", "whose longest drawdown was the shortest is 'Mild'"),
        ("거래 비용이 더 적은 전략은?", "거래 비용이 가장 적은 전략은 'Mild'입니다: 거래 비용 900.00"),
    ],
)
def test_the_best_end_is_said_in_the_fields_words(query: str, said: str) -> None:
    language: Language = "ko" if "?" in query and not query.isascii() else "en"
    answer = summarise(query, [HARD, MILD], language)
    assert said in answer.text
    assert answer.best_strategy_id == "mild"


def test_a_metric_without_a_good_end_names_no_best() -> None:
    answer = summarise("Which has the lowest beta?", [HARD, MILD], "en")
    assert answer.text.startswith("'Hard' beta +1.50; 'Mild' beta +0.50.")
    assert (answer.metric, answer.best_strategy_id) == ("beta", None)


def test_amounts_of_different_cash_are_listed_and_not_ranked() -> None:
    rich = figures("Rich", costs_paid=9_000.0, initial_cash=1e6)
    answer = summarise("Who paid less in costs?", [rich, MILD], "en")
    assert "'Rich' costs paid 9,000.00; 'Mild' costs paid 900.00" in answer.text
    assert "the initial cash differs" in answer.text
    assert answer.best_strategy_id is None


def test_a_cost_of_one_strategy_is_quoted() -> None:
    assert "거래 비용은 900.00" in summarise("거래 비용은?", [MILD], "ko").text


@pytest.mark.parametrize(("other", "cautioned"), [("SPY", False), ("QQQ", True), (None, True)])
def test_figures_beside_other_benchmarks_are_cautioned(other: str | None, *, cautioned: bool) -> None:
    best = figures("Best", alpha=0.1, benchmark="SPY")
    answer = summarise("Which alpha is higher?", [best, figures("Other", alpha=0.05, benchmark=other)], "en")
    assert ("the benchmarks differ" in answer.text) == cautioned
    assert answer.best_strategy_id == "best"


def test_a_strategy_that_is_called_like_a_metric_is_not_that_metric() -> None:
    alpha, beta = figures("Alpha", volatility=0.1, alpha=0.0), figures("Beta", volatility=0.2, alpha=0.5)
    assert summarise("Is Alpha steadier than Beta?", [alpha, beta], "en").metric == "volatility"
    assert summarise("Which alpha is higher, Alpha or Beta?", [alpha, beta], "en").metric == "alpha"
