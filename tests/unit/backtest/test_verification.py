"""What differs between a stored result and one that was computed again."""

from dataclasses import replace
from datetime import date

import numpy as np

from backchat_contracts import Difference
from services.backtest.domain.verification import Recorded, differences
from tests.builders import PROVENANCE, performance, result

STORED = Recorded(performance(), result(), PROVENANCE)


def again(**changed: object) -> Recorded:
    return replace(STORED, **changed)


def test_what_is_the_same_has_no_differences() -> None:
    assert differences(STORED, Recorded(performance(), result(), PROVENANCE)) == ()


def test_a_metric_differs_by_so_much() -> None:
    (found,) = differences(STORED, again(performance=performance(sharpe_ratio=1.35)))
    assert found == Difference(
        field="performance.sharpe_ratio", stored=1.1, now=1.35, difference=found.difference
    )
    assert abs((found.difference or 0) - 0.25) < 1e-12


def test_a_metric_that_is_no_longer_defined_differs() -> None:
    (found,) = differences(STORED, again(performance=performance(win_rate=None)))
    assert found == Difference(field="performance.win_rate", stored=0.57, now=None)


def test_a_curve_differs_most_on_a_day() -> None:
    moved = np.array([100_000.5, 125_002.0])
    (found,) = differences(STORED, again(result=result(equity=moved)))
    assert found == Difference(
        field="equity_curve.equity",
        stored=125_000.0,
        now=125_002.0,
        difference=2.0,
        day=date(2010, 1, 5),
        days=2,
    )


def test_the_last_bit_counts() -> None:
    moved = np.array([100_000.0, np.nextafter(125_000.0, np.inf)])
    (found,) = differences(STORED, again(result=result(equity=moved)))
    assert found.days == 1


def test_a_day_more_is_told_instead_of_the_curves() -> None:
    days = np.array(["2010-01-04", "2010-01-05", "2010-01-06"], dtype="datetime64[D]")
    three = np.ones(3)
    longer = result(days=days, equity=three, benchmark=three, exposure=three)
    (found,) = differences(STORED, again(result=longer))
    assert (found.field, found.stored, found.now, found.day) == ("equity_curve.date", 2, 3, date(2010, 1, 6))


def test_trades_differ_by_symbol_too() -> None:
    (found,) = differences(STORED, again(result=result(symbols=("MSFT",))))
    assert (found.field, found.stored, found.now) == ("trades", 1, 1)


def test_other_prices_and_another_engine_are_told() -> None:
    other = PROVENANCE.model_copy(update={"data_hash": "e", "engine_version": 9})
    found = differences(STORED, again(provenance=other))
    assert [each.field for each in found] == ["provenance.engine_version", "provenance.data_hash"]
    assert [each.difference for each in found] == [6.0, None]


def test_what_was_not_stored_is_not_compared() -> None:
    """A metric that was added since is in no stored document; one that was not defined is, as None."""
    old = Recorded(performance(), result(benchmark=None, exposure=None), None)
    assert differences(old, again(performance=performance(beta=0.9))) == ()
    assert differences(STORED, again(performance=performance(beta=0.9))) == ()
    undefined = replace(STORED, performance=performance(beta=None))
    assert [each.field for each in differences(undefined, again(performance=performance(beta=0.9)))] == [
        "performance.beta"
    ]
