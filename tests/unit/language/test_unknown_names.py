"""Which words that are not known are taken as a name of a strategy that there is not."""

import pytest

from services.language.parsing import parse

NAMES = {"bh": "Buy and Hold", "dual": "Dual Momentum", "rsi": "RSI 역추세"}


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("sharpe of Golden Compass", ("golden compass",)),
        ("sharpe of silver fox", ("silver fox",)),
        ("what was the return of the silver strategy", ("silver",)),
        ("Bollinger return", ("bollinger",)),
        ("silver return?", ("silver",)),
        ("how is moonshot doing", ("moonshot",)),
        ("and silver in 2011?", ("silver",)),
        ("'Gamma Ray' return?", ("gamma ray",)),
        ("sharpe for 'Blue Moon'", ("blue moon",)),
        ("Samsung in 2011?", ("samsung",)),
        ("황금나침반 전략 수익률", ("황금나침반",)),
        ("블루문 샤프", ("블루문",)),
    ],
)
def test_a_name_that_there_is_not_is_refused(question: str, names: tuple[str, ...]) -> None:
    assert parse(question, NAMES).unresolved == names


@pytest.mark.parametrize(
    ("question", "unread"),
    [
        ("why are 2010 and 2011 flat??", ()),
        ("fine, the four we have then. max dd for each", ()),
        ("so pull up its sharpe", ()),
        ("we've got four right? sharpe ratios please", ()),
        ("and what'd it have done in q4 2012", ()),
        ("what abt its sharpe btw", ()),
        ("걔 수수료로 얼마 냈어", ()),
        ("샤프랑 순위가 달라?", ()),
    ],
)
def test_a_word_of_any_sentence_is_no_name(question: str, unread: tuple[str, ...]) -> None:
    asked = parse(question, NAMES)
    assert (asked.unresolved, asked.unread, asked.unknown) == ((), unread, ())


@pytest.mark.parametrize("question", ["who fell hardest in 2008", "which bounced back hardest in 09"])
def test_how_hard_it_fell_is_no_measure_of_its_own(question: str) -> None:
    asked = parse(question, NAMES)
    assert not asked.unknown
    assert asked.criteria[0].end is not None


@pytest.mark.parametrize(
    "written",
    ["바이앤홀드", "바이 앤 홀드", "매수후보유", "buy n hold", "b&h", "BnH", "buy-and-hold", "Buy & Hold"],
)
def test_buy_and_hold_is_the_strategy_where_one_is_called_so(written: str) -> None:
    assert parse(f"sharpe of {written} in 2009?", NAMES).named == ("bh",)
    without = parse(f"sharpe of {written} in 2009?", {"rsi": "RSI 역추세"})
    assert not without.named


def test_words_of_names_may_be_shortened() -> None:
    assert parse("dual mom in 2008", NAMES).named == ("dual",)
