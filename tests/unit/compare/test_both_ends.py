"""Metrics without a good end where the best or the worst is asked for, and what no backtest tells of cash."""

import pytest

from services.compare.answers import Answer
from tests.unit.compare.runs import answered, returns_of, strategy

DRAWN = returns_of("drawn", 0.0005, 0.01)
LEFT = strategy("Left", DRAWN - 8.0 * DRAWN**2)
MIDDLE = strategy("Middle", returns_of("middle", 0.0013, 0.0085))
RIGHT = strategy("Right", returns_of("other", 0.0005, 0.01) ** 2)
"""From the most negative to the most positive skewness; the kurtosis is the largest of the last one."""


def asked(query: str, *, korean: bool = False) -> Answer:
    return answered(query, LEFT, MIDDLE, RIGHT, language="ko" if korean else "en")


@pytest.mark.parametrize("query", ["Which has the worst skewness?", "Which has the best skewness?"])
def test_both_ends_are_told_of_a_metric_that_has_no_good_one(query: str) -> None:
    answer = asked(query)
    text = answer.summary.text

    assert text.startswith("No value of the skewness is good or bad as such; these are both ends.")
    assert "The strategy with the highest skewness is 'Right'" in text
    assert "The strategy with the lowest skewness is 'Left'" in text
    assert [(each.metric, each.end) for each in answer.findings.ranking] == [
        ("skewness", "highest"),
        ("skewness", "lowest"),
    ]
    assert answer.summary.best_backtest_id is None


def test_both_ends_are_told_in_korean() -> None:
    text = asked("왜도가 가장 나쁜 전략은?", korean=True).summary.text

    assert "왜도: 어느 쪽이 좋은 값인지 정해져 있지 않은 지표라" in text
    assert "왜도가 가장 높은 전략은 'Right'입니다" in text
    assert "왜도가 가장 낮은 전략은 'Left'입니다" in text


def test_so_many_are_told_of_both_ends() -> None:
    text = asked("worst two by kurtosis").summary.text

    assert text.count("2 by excess kurtosis: 1. '") == 2
    assert "2 by excess kurtosis: 1. 'Right'" in text


@pytest.mark.parametrize("query", ["Which has the highest skewness?", "Compare the skewness"])
def test_an_end_that_is_named_is_the_only_one(query: str) -> None:
    answer = asked(query)

    assert "good or bad as such" not in answer.summary.text
    assert [each.end for each in answer.findings.ranking] == ["highest"]
    assert answer.summary.best_backtest_id == RIGHT.id


def test_how_much_cash_it_takes_is_not_computed() -> None:
    answer = asked("How much cash does it need?")

    assert answer.summary.text == (
        "How much a strategy needs is not computed. The initial cash that the backtests began with: "
        "'Left' 100,000; 'Middle' 100,000; 'Right' 100,000."
    )
    assert answer.findings.ranking == ()


def test_how_much_cash_one_takes_is_told_of_it_alone() -> None:
    text = asked("Left는 자금이 얼마나 필요해?", korean=True).summary.text

    assert text == "얼마가 필요한지는 백테스트로 알 수 없습니다. 백테스트의 초기 자금: 'Left' 100,000."
