"""Questions that compare strategies with the benchmark: its own figures on the same days."""

import pytest

from backchat_contracts import Language
from tests.unit.compare.runs import ALL, BAD, GOOD, answered, returns_of, run_of, strategy


def benchmark_of(query: str) -> dict[str, float | None]:
    found = answered(query, *ALL).findings.benchmark_figures
    assert found is not None
    assert found.name == "buy-and-hold"
    return found.values


def test_the_figures_of_the_benchmark_are_those_of_its_curve() -> None:
    assert GOOD.completed.performance is not None
    values = benchmark_of("Which have a higher benchmark return than the benchmark?")
    assert values == {"benchmark_return": None}  # the benchmark has none beside itself
    held = benchmark_of("Which strategies beat the benchmark?")["total_return"]
    assert held == pytest.approx(GOOD.completed.performance.benchmark_return)


@pytest.mark.parametrize(
    ("query", "first", "others"),
    [
        ("Which strategies beat the benchmark?", ["Good", "Middle"], ["Bad"]),
        ("Which strategy does not beat the benchmark?", ["Bad"], ["Good", "Middle"]),
        ("Which are riskier than the benchmark?", ["Bad"], ["Good", "Middle"]),
        ("Which are less volatile than the market?", ["Good", "Middle"], ["Bad"]),
    ],
)
def test_those_beyond_the_benchmark_are_named_and_the_others_apart(
    query: str, first: list[str], others: list[str]
) -> None:
    text = answered(query, *ALL).summary.text.splitlines()[0]
    before, _, after = text.partition("The others:")

    assert [name for name in ("Good", "Middle", "Bad") if f"'{name}'" in before] == first
    assert [name for name in ("Good", "Middle", "Bad") if f"'{name}'" in after] == others


@pytest.mark.parametrize(
    ("query", "language", "said"),
    [
        ("Does Bad beat the benchmark?", "en", "The total return of 'Bad' is -77.99 %, lower than that of"),
        ("Is Good riskier than the benchmark?", "en", "is -10.73 %, smaller than that of the benchmark"),
        ("Bad가 시장을 이겼어?", "ko", "의 +33.27 %보다 낮은 값입니다 (차이 -111.26 %p)."),
        (
            "How many trades did Bad have against the benchmark?",
            "en",
            "on these days: number of trades. 'Bad'",
        ),
    ],
)
def test_of_one_strategy_its_figure_is_told_beside_the_benchmarks(
    query: str, language: Language, said: str
) -> None:
    text = answered(query, *ALL, language=language).summary.text

    assert said in text
    assert "'Middle'" not in text


def test_none_beyond_the_benchmark_is_said() -> None:
    worse = strategy("Worse", returns_of("worse", -0.002, 0.02))
    text = answered("Which strategies beat the benchmark?", BAD, worse).summary.text

    assert text.startswith("None has a higher total return than the benchmark (buying and holding")


def test_the_benchmark_itself_does_not_beat_the_benchmark() -> None:
    held = strategy("Held", returns_of("held", 0.0003, 0.012))
    text = answered("Which strategies beat the benchmark?", held, BAD).summary.text

    assert text.startswith("None has a higher total return than the benchmark")


def test_of_those_within_the_bounds_alone_it_is_said_which_are_beyond_the_benchmark() -> None:
    text = answered("Which beats the benchmark with a volatility below 13 %?", *ALL).summary.text

    assert text.startswith("1 of 3 meets the condition: 'Good'")
    assert "'Middle'" not in text.splitlines()[1]
    none = answered("Which beats the benchmark with a volatility below 1 %?", *ALL).summary
    assert none.text.splitlines()[1] == "None of these can be compared with the benchmark."
    assert none.best_strategy_id is None


def test_a_backtest_on_other_symbols_is_not_held_against_this_benchmark() -> None:
    other = strategy("Other", returns_of("other", 0.003, 0.01), symbols=["GOOG"])
    answer = answered("Which strategies beat the benchmark?", *ALL, other)

    assert answer.summary.best_strategy_id == "good"
    assert "'Other'" not in answer.summary.text.splitlines()[0]


def test_an_amount_of_cash_is_not_compared_with_a_curve() -> None:
    answer = answered("Which have a higher final equity than the benchmark?", *ALL)

    assert answer.summary.text.startswith("There is no such figure of the benchmark itself")


def test_without_a_benchmark_there_is_no_comparison_with_one() -> None:
    alone = run_of("Alone", curves={"benchmark": None})
    text = answered("Does Alone beat the benchmark?", alone).summary.text

    assert text.startswith("These backtests kept no benchmark")
