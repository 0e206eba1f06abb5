"""Which backtests can be compared with which, on which days, and what differs between them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from backchat_contracts import WarningCode
from services.compare.domain.comparability import Reason, Run, compare_pair, differences, group
from tests.builders import PROVENANCE, curve
from tests.unit.compare.runs import run_of

KRW = PROVENANCE.model_copy(update={"currency": "KRW"})
USD = PROVENANCE.model_copy(update={"currency": "USD"})


def names(runs: tuple[Run, ...]) -> list[str]:
    return [run.completed.strategy_name for run in runs]


def during(start: str, days: int) -> dict[str, object]:
    return {"start": start, "equity": curve("x", days)}


def test_windows_that_hold_the_same_bars_are_equal() -> None:
    monday, saturday = run_of("A"), run_of("B", start_date=date(2010, 1, 2), curves={"start": "2010-01-04"})

    assert compare_pair(monday, saturday).comparable == "comparable"
    assert differences([monday, saturday]) == ()
    assert group([monday, saturday]).same_days


def test_other_windows_are_compared_on_the_common_days() -> None:
    one, other = run_of(curves=during("2010-01-04", 300)), run_of(curves=during("2010-06-01", 300))
    found = compare_pair(one, other)

    assert (found.comparable, found.reasons) == ("common-window", ())
    assert str(found.days[0]) == "2010-06-01"
    assert str(found.days[-1]) == one.window.partition("~")[2]
    assert [each.name for each in differences([one, other])] == ["window"]


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (run_of(symbols=["AAPL"]), run_of(symbols=["IBM"]), ("universe",)),
        (run_of(provenance=KRW), run_of(provenance=USD), ("currency",)),
        (
            run_of(curves=during("2010-01-04", 100)),
            run_of(curves=during("2010-04-01", 99)),
            ("few-common-bars",),
        ),
        (
            run_of(symbols=["AAPL"], provenance=KRW, curves=during("2000-01-04", 99)),
            run_of(provenance=USD),
            ("universe", "currency", "few-common-bars"),
        ),
    ],
)
def test_what_can_not_be_compared_is_told_why(one: Run, other: Run, reasons: tuple[Reason, ...]) -> None:
    assert compare_pair(one, other).comparable == "not-comparable"
    assert compare_pair(one, other).reasons == reasons == compare_pair(other, one).reasons


@pytest.mark.parametrize(("days", "comparable"), [(60, "common-window"), (59, "not-comparable")])
def test_sixty_common_days_are_enough(days: int, comparable: str) -> None:
    long = run_of(curves=during("2010-01-04", 300))
    assert compare_pair(long, run_of(curves=during("2010-01-04", days))).comparable == comparable


def test_the_order_of_the_symbols_and_an_unknown_currency_are_no_difference() -> None:
    one, other = run_of(symbols=["AAPL", "IBM"], provenance=KRW), run_of(symbols=["IBM", "AAPL"])

    assert compare_pair(one, other).comparable == "comparable"
    assert group([one, other]).excluded == {}
    assert group([other, one, run_of(symbols=["AAPL", "IBM"], provenance=USD)]).excluded != {}


def test_what_differs_is_listed_with_all_values() -> None:
    free, dear, same = run_of("A"), run_of("B", slippage_rate=0.02, initial_cash=1e6), run_of("C")
    found = {each.name: each.values for each in differences([free, dear, same])}

    assert found["slippage_rate"] == ((0.0, (free.id, same.id)), (0.02, (dear.id,)))
    assert found.keys() == {"slippage_rate", "initial_cash"}
    assert compare_pair(free, dear).comparable == "comparable"


def test_other_prices_count_where_universe_and_window_are_the_same() -> None:
    changed = PROVENANCE.model_copy(update={"data_hash": 32 * "e"})
    market = {"benchmark": curve("other prices")}
    one, other = run_of(provenance=PROVENANCE), run_of(provenance=changed, curves=market)

    (found,) = differences([one, other])
    assert found.name == "data_hash"
    assert found.values == ((32 * "d", (one.id,)), (32 * "e", (other.id,)))
    shorter = run_of(provenance=changed, curves=during("2010-01-04", 200))
    assert [each.name for each in differences([one, shorter])] == ["window"]


def test_other_days_before_the_first_one_are_no_other_prices() -> None:
    changed = PROVENANCE.model_copy(update={"data_hash": 32 * "e"})
    costs = {"benchmark": 0.98 * curve("the benchmark")}

    assert differences([run_of(provenance=PROVENANCE), run_of(provenance=changed, curves=costs)]) == ()


def test_most_with_one_universe_are_compared_and_of_equal_groups_the_first() -> None:
    a, b, c = run_of("A", symbols=["AAPL"]), run_of("B", symbols=["IBM"]), run_of("C", symbols=["IBM"])

    assert names(group([a, b, c]).runs) == ["B", "C"]
    assert group([a, b, c]).excluded == {a.id: "universe"}
    assert names(group([a, b]).runs) == ["A"]


@pytest.mark.parametrize("code", ["no-trades", "short-window"])
def test_what_is_worth_no_comparison_is_in_no_group(code: WarningCode) -> None:
    cash, a, b = run_of("Cash", warned=code, symbols=["GOOG"]), run_of("A"), run_of("B", warned="few-trades")

    assert names(group([cash, a, b]).runs) == ["A", "B"]
    assert group([cash, a, b]).excluded == {cash.id: code}
    assert group([cash]).runs == ()


def test_without_curves_there_is_no_comparison() -> None:
    lost, there = replace(run_of("A"), series=None), run_of("B")

    assert group([lost, there]).excluded == {lost.id: "series-unavailable"}
    assert len(group([]).days) == 0


def test_of_windows_without_common_days_the_most_are_compared() -> None:
    early = [run_of(name, curves=during("2000-01-03", 250)) for name in "AB"]
    late = [run_of(name, curves=during("2010-01-04", 250)) for name in "CDE"]
    found = group([*early, *late])

    assert names(found.runs) == ["C", "D", "E"]
    assert set(found.excluded.values()) == {"few-common-bars"}
    assert len(found.days) == 250


def test_of_overlapping_windows_those_are_compared_that_have_enough_days_together() -> None:
    starts = ("2010-01-04", "2010-03-01", "2010-04-26")  # 40 trading days apart
    runs = [run_of(start, curves=during(start, 120)) for start in starts]
    found = group(runs)

    assert names(found.runs) == list(starts[1:])  # of two such times the later
    assert (len(found.days), found.excluded) == (80, {runs[0].id: "few-common-bars"})


def test_days_that_one_lacks_are_no_common_days() -> None:
    whole = run_of("A")
    assert whole.series is not None
    holes = np.ones(300, bool)
    holes[[5, 77]] = False
    kept = {name: getattr(whole.series, name)[holes] for name in ("days", "equity", "benchmark", "exposure")}
    other = replace(run_of("B"), series=replace(whole.series, **kept))

    assert len(compare_pair(whole, other).days) == 298
    assert not group([whole, other]).same_days
