"""Strategies named by their numbers: "37/112" among names like SMA 37/112."""

import pytest

from services.language.parsing import parse

NAMES = {"a": "SMA 37/112", "b": "SMA 37/224", "c": "SMA 33/208", "d": "Calm"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("37/112는 2010년에 얼마나 벌었지", ("a",)),
        ("33/208이랑 37/224 비교해줘", ("c", "b")),
        ("sma 37/112 vs 37/224, dd n return", ("a", "b")),
        ("is 33/208 better than Calm?", ("c", "d")),
        ("37-224 sharpe", ("b",)),
    ],
)
def test_numbers_name_the_strategy_that_has_them(text: str, named: tuple[str, ...]) -> None:
    question = parse(text, NAMES)
    assert question.named == named
    assert (question.thresholds, question.unread, question.unresolved) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "written", "near"),
    [
        ("SMA 20/100 sharpe", "sma 20/100", "SMA 37/112"),
        ("what is the sharpe of SMA 20/100?", "sma 20/100", "SMA 37/112"),
        ("37/113은 샤프 얼마야", "37/113", "SMA 37/112"),
        ("SMA 30/210 수익률", "sma 30/210", "SMA 33/208"),
    ],
)
def test_numbers_of_no_strategy_are_said_to_be_none(text: str, written: str, near: str) -> None:
    question = parse(text, NAMES)
    assert question.unresolved == (written,)
    assert question.near[0].names[0] == near
    assert (question.named, question.thresholds) == ((), ())


def test_one_number_after_the_word_that_names_begin_with() -> None:
    names = {"a": "SMA 20", "b": "SMA 200", "c": "Calm"}
    assert parse("sma 200 params?", names).named == ("b",)
    assert parse("sma 500?", names).unresolved == ("sma 500",)
    assert "sma 3" not in parse("which SMA 3 years sharpe", names).unresolved


def test_the_same_numbers_under_several_names_are_asked_back() -> None:
    names = {"a": "SMA 10/50", "b": "EMA 10/50", "c": "SMA 20/100"}
    question = parse("10/50 sharpe", names)
    assert not question.named
    assert question.near[0].names == ("SMA 10/50", "EMA 10/50")
    assert parse("SMA 20/100 vs 10/50", names).named == ("c", "a")


@pytest.mark.parametrize(
    "text", ["2012/03 수익률", "return from 2005-2009", "수익률 10 % - 20 %", "sharpe 0.4/0.5"]
)
def test_dates_and_bounds_are_no_names(text: str) -> None:
    question = parse(text, NAMES)
    assert (question.named, question.unresolved) == ((), ())
