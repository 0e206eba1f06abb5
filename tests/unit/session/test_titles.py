"""The titles that sessions get from their first messages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.session.domain.titles import LONGEST, title_of


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("어떤 전략이 더 안정적인가요?", "어떤 전략이 더 안정적인가요?"),
        ("Which strategy is steadier?", "Which strategy is steadier?"),
        ("안녕하세요! 어떤 전략이 더 안정적인가요?", "어떤 전략이 더 안정적인가요?"),
        ("안녕하세요 수익률은?", "수익률은?"),
        ("Hi, which one is best?", "which one is best?"),
        ("Hello there! Which one is best?", "Which one is best?"),
        ("Hello Momentum 수익률은?", "Hello Momentum 수익률은?"),
        ("안녕 전략의 수익률은?", "안녕 전략의 수익률은?"),
        ("안녕하세요", "안녕하세요"),
        ("hi!", "hi!"),
        ("A\nvs.\tB\r\n\r\nwhich?", "A vs. B which?"),
        ("a\u202eb\u200bc\x07d\u2028e", "abc d e"),
        ("👨\u200d👩\u200d👧 momentum?", "👨\u200d👩\u200d👧 momentum?"),
        ("\u200b", None),
        (
            (
                "어떤 전략이 더 안정적인가요? 그리고 그 전략의 최대 낙폭과 샤프 비율, 승률을 표로 "
                "자세히 정리해 줄 수 있나요?"
            ),
            "어떤 전략이 더 안정적인가요?",
        ),
        (
            "Please compare all momentum strategies by their Sharpe ratio since 2010 and tell me the best",
            "Please compare all momentum strategies by their Sharpe…",
        ),
        (
            (
                "Please tell me whether the strategy that I have called 'Slow Momentum 200/50 on US Tech' is "
                "steadier"
            ),
            "Please tell me whether the strategy that I have called…",
        ),
        (
            f"'{'Slow Momentum ' * 5}on US Tech'의 수익률은 얼마인가요?",
            f"'{'Slow Momentum ' * 5}on US Tech'…",
        ),
        (
            (
                "What's the drawdown of \u201cCalm Seas? Yes or no, we never know\u201d compared to all "
                "others there are?"
            ),
            "What's the drawdown of…",
        ),
        ("x" * 100, "x" * 59 + "…"),
        ("가" * 58 + "👩\u200d👧" + "나" * 10, "가" * 58 + "…"),
    ],
)
def test_a_title_says_what_the_first_message_says(message: str, title: str | None) -> None:
    assert title_of(message) == title


@given(st.text(max_size=300))
def test_a_title_is_one_short_line(message: str) -> None:
    title = title_of(message)
    assert title is None or (title == title.strip() and title.isprintable()) or "\u200d" in title
    assert title is None or len(title.splitlines()) == 1
    assert title is None or len(title) <= LONGEST + 45  # a name that it begins with is kept whole


@pytest.mark.parametrize("unit", ["'", "a'", "\u2018", ". ", "hi, ", '"x', "? ", " '"])
def test_the_longest_message_is_read_in_no_time(unit: str) -> None:
    began = time.process_time()
    title_of((unit * 4000)[:4000])
    assert time.process_time() - began < 1.0
