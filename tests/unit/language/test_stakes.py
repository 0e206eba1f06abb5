"""What a sum would have become: which sum, of which strategies, and what is a request to run instead."""

import pytest

from services.language.commands import read_command
from services.language.parsing import parse, parse_all
from services.language.question import Criterion
from services.language.stakes import read_stake

NAMES = {"dual": "Dual Momentum", "trend": "추세추종"}


@pytest.mark.parametrize(
    ("text", "stake", "named"),
    [
        ("what did 100k turn into with each", 100_000, ()),
        ("how much would 50k have become with Dual Momentum", 50_000, ("dual",)),
        ("if I put $10,000 in Dual Momentum how much would I have", 10_000, ("dual",)),
        ("what would $1m be worth in Dual Momentum", 1_000_000, ("dual",)),
        ("so 10k in Dual Momentum turns into what", 10_000, ("dual",)),
        ("which one turned 100k into the most", 100_000, ()),
        ("추세추종에 500만원 넣었으면 지금 얼마야", 5_000_000, ("trend",)),
        ("추세추종에 천만원 넣었으면", 10_000_000, ("trend",)),
        ("1억 투자했으면 얼마야", 100_000_000, ()),
        ("100만원이 얼마가 됐어", 1_000_000, ()),
    ],
)
def test_a_sum_is_read(text: str, stake: float, named: tuple[str, ...]) -> None:
    asked = parse(text, NAMES)
    assert (asked.stake, asked.named, asked.criteria) == (stake, named, (Criterion("total_return"),))
    assert not asked.unread
    assert read_command(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "초기자금 1000만원으로 돌려줘",
        "run RSI with 100k",
        "what would 10% be",
        "how much did 2008 become",
        "0 투자했으면",
    ],
)
def test_what_names_no_sum_that_grew_is_something_else(text: str) -> None:
    assert read_stake(text) is None


def test_the_sum_is_kept_for_another_strategy_and_another_year() -> None:
    asked = parse_all(["what would 50k be worth with Dual Momentum", "and 추세추종?", "in 2009?"], NAMES)
    assert (asked.stake, asked.named) == (50_000, ("trend",))
    assert asked.window is not None
