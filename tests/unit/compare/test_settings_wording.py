"""How settings, and what a sum became, are told: alike or apart, of one and of several."""

import pytest

from backchat_contracts import Language
from tests.unit.compare.runs import ALL, GOOD, answered, returns_of, strategy

DEAR = strategy("Dear", returns_of("dear", 0.0001, 0.01), commission_rate=0.004, initial_cash=50_000.0)


@pytest.mark.parametrize(
    ("query", "language", "said"),
    [
        ("do they use the same symbols?", "en", "Yes, the same for both: symbols AAPL, IBM."),
        ("종목이 서로 달라?", "ko", "아니요, 두 전략 모두 같습니다 — 종목 AAPL, IBM."),
        ("do all of them have the same capital", "en", "initial cash: 100,000 ('Good'); 50,000 ('Dear')."),
        ("초기 자금 다 같아?", "ko", "아니요, 서로 다릅니다 — 초기 자금: 100,000 ('Good'); 50,000 ('Dear')."),
        ("is the starting capital different?", "en", "Yes, they are not the same — initial cash:"),
        (
            "against which benchmark",
            "en",
            "The same for both: benchmark buying and holding AAPL, IBM at equal weights.",
        ),
        (
            "is the initial capital 100k?",
            "en",
            "Only of some — initial cash: 100,000 ('Good'); 50,000 ('Dear').",
        ),
        ("which engine version", "en", "The same for both: engine version"),
    ],
)
def test_settings_of_several_are_told_by_their_values(query: str, language: Language, said: str) -> None:
    assert said in answered(query, GOOD, DEAR, language=language).summary.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("what is the commission rate of Dear?", "'Dear': commission 0.4 %."),
        ("is the commission of Dear 0.4%?", "Yes — 'Dear': commission 0.4 %."),
        ("is the commission of Dear 0.1%?", "No — 'Dear': commission 0.4 %."),
    ],
)
def test_a_setting_of_one_is_told(query: str, said: str) -> None:
    assert answered(query, GOOD, DEAR).summary.text == said


def test_whether_one_is_alike_is_told_beside_its_benchmark() -> None:
    text = answered("do they trade the same symbols?", GOOD).summary.text
    assert text == (
        "'Good': symbols AAPL, IBM.\n"
        "This is about one strategy. Its benchmark is buying and holding AAPL, IBM at equal weights."
    )


def test_without_backtests_no_setting_is_told() -> None:
    assert answered("against which benchmark").summary.text == "There are no backtest results to compare."


def test_a_sum_grows_by_the_total_return() -> None:
    (entry, *_) = [each for each in ALL if each is GOOD]
    returned = entry.completed.performance.total_return if entry.completed.performance else None
    assert returned is not None
    one = answered("what would 50k be worth with Good", *ALL).summary
    assert one.text.startswith(f"50,000 became {50_000 * (1 + returned):,.0f} with 'Good' (")
    every = answered("what did 50k turn into with each", *ALL).summary.text
    assert every.index("'Good'") < every.index("'Middle'") < every.index("'Bad'")


def test_of_two_it_is_said_how_sure_one_is_beyond_the_other() -> None:
    text = answered("which is better than Bad?", *ALL[:2]).summary.text
    assert "p = " in text or "p < " in text
