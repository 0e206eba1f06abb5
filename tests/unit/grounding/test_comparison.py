"""What an answer about a comparison may speak of."""

from backchat_contracts import ComparisonCompleted
from services.compare.domain.gathering import gather_backtests
from services.grounding.checking import checked
from services.grounding.comparison import FEW, MOST_STRATEGIES, facts_of, names_of
from services.grounding.facts import Facts
from tests.builders import NOW, comparison_completed, figures
from tests.unit.compare.runs import BAD, GOOD, MIDDLE, answered


def compared(query: str) -> ComparisonCompleted:
    """Return the event of a comparison with all that is found."""
    completed = {run.id: run.completed for run in (GOOD, MIDDLE, BAD)}
    entries = gather_backtests(list(completed), completed, "en")
    answer = answered(query, GOOD, MIDDLE, BAD)
    plain = comparison_completed(*entries, query=query, summary=answer.summary.text)
    return plain.model_copy(update=dict(answer.findings))


def facts(query: str = "Which has the highest Sharpe ratio?") -> Facts:
    return facts_of(compared(query), "en")


def test_each_strategy_has_its_figures_with_their_intervals() -> None:
    known = facts().by_ref

    assert {known[f"s{n}.sharpe_ratio"].owner for n in (1, 2, 3)} == {"Good", "Middle", "Bad"}
    low, value, high = (known[f"s1.sharpe_ratio{end}"].value for end in (".low", "", ".high"))
    assert low is not None
    assert value is not None
    assert high is not None
    assert low < value < high


def test_the_verdicts_difference_is_of_both() -> None:
    difference = facts().by_ref["v1.difference"]

    assert (difference.owner, difference.other, difference.kind) == ("Good", "Middle", "difference")
    assert facts().by_ref["v1.p"].owners == {"Good", "Middle"}


def test_the_benchmark_has_figures_where_it_is_asked_about() -> None:
    known = facts("Which beat the benchmark?")

    assert known.by_ref["benchmark.total_return"].owner == known.benchmark == "buy-and-hold"


def test_an_answer_by_reference_may_be_sent_and_one_of_its_own_figures_may_not() -> None:
    known = facts()
    good = "Good has the highest Sharpe ratio, [[s1.sharpe_ratio]]; Bad has [[s3.sharpe_ratio]]."
    swapped = "Bad has the highest Sharpe ratio, [[s1.sharpe_ratio]]."

    assert checked(good, known).problems == ()
    assert [each.code for each in checked(swapped, known).problems] == ["wrong-owner"]
    assert [each.code for each in checked("Good has 2.98.", known).problems] == ["free-numeral"]


def test_of_a_window_there_are_the_figures_and_dates_of_its_days_alone() -> None:
    known, whole = facts("Which had the highest return in 2012?"), facts("Which had the highest return?")
    said = "In {}, Middle returned [[s2.total_return]] on 261 trading days."

    assert known.by_ref["s2.total_return"].value != whole.by_ref["s2.total_return"].value
    assert checked(said.format(2012), known).problems == ()
    assert [each.code for each in checked(said.format(2011), known).problems] == ["free-numeral"]


def test_of_those_without_days_in_a_window_there_are_no_figures() -> None:
    known = facts("Which had the highest return in 2030?")

    assert known.by_ref["s1.total_return"].value is None
    assert checked("There is no data of 2030; it ends in 2012.", known).problems == ()


def test_two_of_one_name_are_told_apart_by_their_ids() -> None:
    one, other = figures("Twin", backtest_id="backtest-1"), figures("Twin", backtest_id="backtest-2")

    assert names_of([one, other]) == {
        one.backtest_id: "Twin #backtest-1",
        other.backtest_id: "Twin #backtest-2",
    }


def test_of_many_there_are_the_main_figures_of_the_first() -> None:
    many = comparison_completed(*(figures(f"S{n}") for n in range(MOST_STRATEGIES + FEW)))
    known = facts_of(many, "ko")

    assert f"s{MOST_STRATEGIES}.total_return" in known.by_ref
    assert f"s{MOST_STRATEGIES + 1}.total_return" not in known.by_ref
    assert "s1.beta" not in known.by_ref
    assert len(known.names) == MOST_STRATEGIES + FEW


def test_dates_and_counts_are_those_of_the_data() -> None:
    known = facts_of(comparison_completed(figures("A"), figures("B")), "en")

    assert 2012 in known.dates
    assert NOW.date() not in known.dates


def test_periods_and_drawdowns_are_figures_with_their_days() -> None:
    known = facts("worst month of Good and Bad?")
    assert {known.by_ref[f"t{n}.1.total_return"].owner for n in (1, 2)} == {"Good", "Bad"}

    known = facts("when was the worst drawdown of Good?")
    figure = known.by_ref["t1.1.max_drawdown"]
    assert (figure.owner, figure.metric) == ("Good", "max_drawdown")
    timing = compared("when was the worst drawdown of Good?").timing
    assert timing
    (drawdown,) = timing.strategies[0].drawdowns
    said = f"Good fell by [[t1.1.max_drawdown]], from {drawdown.peak} to {drawdown.trough}."
    assert not checked(said, known, "when?").problems
    assert checked("Good fell by [[t1.1.max_drawdown]], from 1999-01-04.", known, "when?").problems


def test_where_each_ends_is_a_figure_with_its_days() -> None:
    query = "how far below its peak does Good end?"
    known, timing = facts(query), compared(query).timing
    assert timing
    last = timing.strategies[0].last_drawdown
    assert last
    figure = known.by_ref["t1.last.max_drawdown"]
    assert (figure.owner, figure.metric) == ("Good", "max_drawdown")
    said = f"Good ends at [[t1.last.max_drawdown]] from its peak of {last.peak} on {last.day}."
    assert not checked(said, known, query).problems
