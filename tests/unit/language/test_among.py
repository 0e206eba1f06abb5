"""Which of the strategies spoken of a text is about, which it leaves out, and by which metric it goes on."""

import pytest

from services.language.among import Among, read_among
from services.language.parsing import parse, parse_all
from tests.unit.language.corpus import NAMES, written


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("now for all 4", Among("all", 4)),
        ("all four by volatility", Among("all", 4)),
        ("둘 다", Among("all", 2)),
        ("drop the two worst", Among("without", 2, -1)),
        ("lose the bottom one", Among("without", place=-1)),
        ("하위 2개 빼고", Among("without", 2, -1)),
        ("그중 위 둘만", Among("first", 2)),
        ("the same for everyone", Among("all")),
        ("all of them again", Among("all")),
        ("put everyone back in", Among("all")),
        ("다시 다 넣고 칼마로", Among("all")),
        ("네 개 다", Among("all", 4)),
        ("전부 다시", Among("all")),
        ("the other 3", Among("rest", 3)),
        ("the remaining two then", Among("rest", 2)),
        ("나머지 둘은?", Among("rest", 2)),
        ("나머지 애들 샤프도", Among("rest")),
        ("without those two", Among("without", 2)),
        ("drop it", Among("without", 1)),
        ("그 둘 빼고", Among("without", 2)),
        ("걔 빼고", Among("without", 1)),
        ("leave out the bottom one", Among("without", place=-1)),
        ("1등 빼고", Among("without", place=1)),
        ("put it back", Among("back")),
        ("다시 넣어줘", Among("back")),
        ("back to the first two", Among("former", 2, 1)),
        ("아까 그 둘로", Among("former", 2)),
        ("처음 두 개로 다시", Among("former", 2, 1)),
        ("the first two?", Among("first", 2)),
        ("앞의 둘은?", Among("first", 2)),
        ("middle two then", Among("middle", 2)),
        ("가운데 두 개는?", Among("middle", 2)),
    ],
)
def test_which_are_meant(text: str, among: Among) -> None:
    read = read_among(text, named=False)
    assert read is not None
    assert read[0] == among


@pytest.mark.parametrize(
    "text",
    [
        "which of them all is best",
        "전부 다 벌었어?",
        "excluding the last year, who is best?",
        "without costs, which is best?",
        "다른 전략도 다 똑같아?",
        "it fell back in 2008",
        "그 가운데 제일 좋은 건?",
    ],
)
def test_none_of_those_before_are_meant(text: str) -> None:
    assert parse(text, NAMES).among is None


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (("샤프 순위", "RSI 빼고"), "sharpe_ratio ~rsi"),
        (("샤프 순위", "RSI 빼고", "SMA도 빼고"), "sharpe_ratio ~rsi ~sma"),
        (("샤프 순위", "RSI 빼고", "RSI 다시 넣어줘"), "sharpe_ratio"),
        (("rank by sharpe", "drop RSI and SMA", "add SMA again"), "sharpe_ratio ~rsi"),
        (("rank by sharpe", "drop RSI", "now for all 4"), "sharpe_ratio"),
        (("rank by sharpe", "drop RSI", "what about calmar"), "calmar_ratio ~rsi"),
        (("worst drawdown?", "not RSI, which after that"), "max_drawdown- @2 ~rsi"),
        (("RSI랑 SMA 변동성", "now for all 4"), "volatility"),
        (("변동성 순위", "RSI랑 SMA 제외하고 제일 좋은 건"), "volatility- ~rsi ~sma"),
        (("define ulcer index", "who has the lowest"), "ulcer_index-"),
        (("define ulcer index", "who's got the best"), "ulcer_index-"),
        (("소르티노가 뭐야", "그거 젤 높은 애"), "sortino_ratio+"),
        (("Is RSI the best by sharpe?", "ok then who is"), "sharpe_ratio+"),
        (("RSI가 MDD 제일 작지?", "그럼 젤 작은건?"), "max_drawdown+"),
        (("소르티노 순위", "샤프랑 순위가 달라?"), "sortino_ratio sharpe_ratio"),
        (("낙폭 50% 넘는 거", "and everything shallower than that"), "max_drawdown>=-0.5"),
        (("샤프 1 넘는 거", "그보다 낮은 건?"), "sharpe_ratio<=1"),
        (("수익률 100% 넘는 거", "그럼 50% 밑도는 건 몇개"), "total_return<0.5"),
        (("which lost money?", "the two worst"), "total_return- #2 total_return<0"),
        (("MDD 제일 작은 건?", "RSI가 SMA보다 얼마나 작은데"), "max_drawdown =rsi =sma"),
    ],
)
def test_what_goes_on(messages: tuple[str, ...], expected: str) -> None:
    assert sorted(written(parse_all(messages, NAMES)).split()) == sorted(expected.split())


SMA = {f"sma-{number}": f"SMA {number}" for number in (20, 50, 200)} | {
    "rsi": "RSI",
    "six": "6개월모멘텀",
    "m": "모멘텀",
}


@pytest.mark.parametrize(
    ("text", "named", "excluded"),
    [
        ("which SMA is better, 20 or 200", {"sma-20", "sma-200"}, set()),
        ("SMA 20이랑 200 중에 뭐가 나아", {"sma-20", "sma-200"}, set()),
        ("SMA 중에 제일 나은 건", {"sma-20", "sma-50", "sma-200"}, set()),
        ("which SMA is best", {"sma-20", "sma-50", "sma-200"}, set()),
        ("which SMA strategy is best?", {"sma-20", "sma-50", "sma-200"}, set()),
        ("SMA 20 or 200 % return", {"sma-20"}, set()),
        ("the momentum one with the 6 month name", {"six"}, set()),
        ("drop the momentum ones", set(), {"six", "m"}),
    ],
)
def test_strategies_that_are_named_together(text: str, named: set[str], excluded: set[str]) -> None:
    question = parse(text, SMA)
    assert set(question.named) == named
    assert set(question.excluded) == excluded


def test_a_word_that_all_names_have_is_of_none_in_particular() -> None:
    names = {f"s{number}": f"SMA {number}/{number * 4}" for number in range(5, 70)}
    question = parse("SMA 중에 수익률 100% 넘긴거", names)
    assert (question.named, question.unresolved) == ((), ())
    assert len(question.thresholds) == 1


@pytest.mark.parametrize("text", ["which of all 8 trades the least", "of all 8, which trades least?"])
def test_how_many_there_are_is_no_bound(text: str) -> None:
    assert written(parse(text, NAMES)) == "trades-"
