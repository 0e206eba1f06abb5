"""The verdict of a calibration."""

import json
from pathlib import Path

from services.compare.domain.statistics import TESTABLE
from tests.calibration.experiments import (
    Pair,
    RealDifference,
    Universe,
    pairs_with_difference,
    pairs_without_difference,
    universes,
)
from tests.calibration.markets import MARKETS
from tests.calibration.report import Outcome, Share, power, shown_wrongly, write


def outcome(wrong: int = 50, of: int = 1_000, metric: str = "sharpe_ratio", lucky: int = 5) -> Outcome:
    """So many of the pairs have a difference that is not there, and so many of 100 universes a lucky best."""

    def shown(number: int) -> frozenset[str]:
        names = {metric} if number < wrong else set()
        return frozenset(names | ({"sharpe_ratio"} if number < of // 20 else set()))

    pairs = [Pair(MARKETS[0], shown(number), TESTABLE, {}) for number in range(of)]
    best = [Universe(MARKETS[0], number < lucky, ranked=True, ahead=False) for number in range(100)]
    return Outcome(pairs, pairs[:9], [RealDifference(1.0, 252, seen=True, mistaken=False)], best, best)


def test_five_percent_is_what_was_promised() -> None:
    assert outcome().wrong == []


def test_more_is_too_much_in_any_metric() -> None:
    assert outcome(66, metric="cagr").wrong == ["cagr: a difference is shown in 6.6 % of pairs without one"]
    assert outcome(65, metric="cagr").wrong == []


def test_a_test_that_never_errs_is_none() -> None:
    quiet = Outcome([Pair(MARKETS[0], frozenset(), TESTABLE, {})] * 9, [], [], [], [])
    assert quiet.wrong == ["sharpe_ratio: a difference is shown in only 0.0 % of pairs without one"]


def test_luck_is_no_skill() -> None:
    lucky = outcome(lucky=7)
    told = "the best of many without skill is better in 7.0 % of universes"
    assert lucky.wrong[0] == told
    assert "of more than are compared" in lucky.wrong[1]


def test_what_was_not_tested_does_not_count() -> None:
    untested = [Pair(MARKETS[0], frozenset(), frozenset(), {})] * 5
    assert shown_wrongly([*outcome().pairs, *untested], "sharpe_ratio") == Share(50, 1_000)


def test_power_is_by_difference_and_length() -> None:
    assert power(outcome().real, 1.0, 252) == (Share(1, 1), Share(0, 1))
    assert power(outcome().real, 1.0, 1_260) == (Share(0, 0), Share(0, 0))


def test_the_file_has_all_shares(tmp_path: Path) -> None:
    path = tmp_path / "build" / "calibration.json"
    write(path, outcome(), {"pairs": 1_000})

    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["wrong"] == []
    assert content["pairs"] == 1_000
    assert content["shown_without_difference"].keys() == TESTABLE
    assert content["shown_without_difference"]["sharpe_ratio"]["all"] == {
        "share": 0.05,
        "error": 0.0069,
        "of": 1_000,
    }
    assert content["universes"]["ranked"]["share"] == 1.0


def test_the_same_seed_has_the_same_verdicts() -> None:
    assert list(pairs_without_difference(3, 1)) == list(pairs_without_difference(3, 1))
    assert list(pairs_with_difference(1, 1)) == list(pairs_with_difference(1, 1))


def test_the_best_of_many_is_above_its_benchmark() -> None:
    (found,), (chosen,) = universes(1, 1), universes(1, 1, strategies=60, compared=20)
    assert found.ranked
    assert chosen.ranked
