"""Questions that continue the one before, in the wording of people: what they mean after it."""

import pytest

from services.language.continuing import read_continuation
from services.language.following import is_incomplete
from services.language.parsing import parse, parse_all
from tests.unit.language.corpus import NAMES, written

BEST_SHARPE = "샤프 비율이 가장 높은 전략은?"
RISKIEST = "Which one has the largest drawdown?"
BETTER = "RSI와 SMA 중에 뭐가 나아?"
FIGURE = "RSI의 샤프 비율은?"


def after(earlier: str, *messages: str) -> str:
    return written(parse_all((earlier, *messages), NAMES))


@pytest.mark.parametrize(
    "message",
    [
        "왜?",
        "왜 그래?",
        "이유가 뭐야?",
        "그건 왜 그런 거야",
        "그 이유는?",
        "근데 왜?",
        "why?",
        "Why is that?",
        "how come?",
        "but why",
        "what's the reason?",
    ],
)
def test_why_is_asked_of_the_answer_before(message: str) -> None:
    assert after(BEST_SHARPE, message) == "sharpe_ratio+ (why)"
    assert after(BETTER, message) == "overall+ =rsi =sma (why)"
    assert after(FIGURE, message) == "sharpe_ratio =rsi (why)"


@pytest.mark.parametrize(
    "message",
    [
        "확실해?",
        "얼마나 확실해?",
        "진짜?",
        "정말요?",
        "믿어도 돼?",
        "유의미해?",
        "그 차이가 유의미해?",
        "그냥 운 아니야?",
        "p값은?",
        "how sure are you?",
        "Are you sure?",
        "really?",
        "is that significant?",
        "Is it just luck?",
        "how confident are you",
        "and is it statistically significant?",
    ],
)
def test_how_sure_an_answer_is(message: str) -> None:
    assert after(BEST_SHARPE, message) == "sharpe_ratio+ (certainty)"
    assert after(RISKIEST, message) == "max_drawdown- (certainty)"


@pytest.mark.parametrize(
    ("message", "sharpe", "drawdown"),
    [
        ("둘째는?", "sharpe_ratio+ @2", "max_drawdown- @2"),
        ("두 번째는?", "sharpe_ratio+ @2", "max_drawdown- @2"),
        ("2등은?", "sharpe_ratio+ @2", "max_drawdown- @2"),
        ("그 다음은?", "sharpe_ratio+ @2", "max_drawdown- @2"),
        ("and the second?", "sharpe_ratio+ @2", "max_drawdown- @2"),
        ("the third one?", "sharpe_ratio+ @3", "max_drawdown- @3"),
        ("runner-up?", "sharpe_ratio+ @2", "max_drawdown- @2"),
        ("the first one?", "sharpe_ratio+", "max_drawdown-"),
        ("꼴찌는?", "sharpe_ratio-", "max_drawdown+"),
        ("the last one?", "sharpe_ratio-", "max_drawdown+"),
        ("그 반대는?", "sharpe_ratio-", "max_drawdown+"),
        ("and the worst?", "sharpe_ratio-", "max_drawdown-"),
        ("제일 나쁜 건?", "sharpe_ratio-", "max_drawdown-"),
        ("the best?", "sharpe_ratio+", "max_drawdown+"),
        ("나머지는?", "sharpe_ratio+", "max_drawdown-"),
        ("what about the others?", "sharpe_ratio+", "max_drawdown-"),
        ("어느 쪽이?", "sharpe_ratio+", "max_drawdown-"),
        ("which one?", "sharpe_ratio+", "max_drawdown-"),
    ],
)
def test_other_places_and_ends_are_by_the_same_metric(message: str, sharpe: str, drawdown: str) -> None:
    assert after(BEST_SHARPE, message) == sharpe
    assert after(RISKIEST, message) == drawdown


@pytest.mark.parametrize(
    ("earlier", "messages", "expected"),
    [
        (BETTER, ("나머지는?",), "overall+"),
        (BETTER, ("왜?", "확실해?"), "overall+ =rsi =sma (certainty)"),
        (BEST_SHARPE, ("둘째는?", "왜?"), "sharpe_ratio+ @2 (why)"),
        (BEST_SHARPE, ("둘째는?", "the third?"), "sharpe_ratio+ @3"),
        (BEST_SHARPE, ("and in 2013?", "why?"), "sharpe_ratio+ [2013-01-01~2013-12-31] (why)"),
        (BEST_SHARPE, ("2013년 꼴찌는?",), "sharpe_ratio- [2013-01-01~2013-12-31]"),
        ("top 3 by return", ("the second?",), "total_return+ @2"),
        ("수익률 상위 2개", ("그럼 하위 2개는?",), "total_return- #2"),
        ("which is best?", ("the last?", "the last?"), "overall-"),
        ("compare RSI with Foobar", ("and in 2011?",), "overall =rsi =?foobar [2011-01-01~2011-12-31]"),
        ("which had a Sharpe above 1?", ("the rest?",), "sharpe_ratio<=1"),
        (BEST_SHARPE, ("삼성전자는 2011년에?",), "=?삼성전자 [2011-01-01~2011-12-31]"),
        ("compare the Sharpe ratios", ("which one?",), "sharpe_ratio+"),
        ("compare the drawdowns", ("the second?",), "max_drawdown+ @2"),
        ("compare the volatility", ("the worst?",), "volatility+"),
        (FIGURE, ("the worst?",), "overall- …worst"),
        (FIGURE, ("둘째는?",), "…place"),
        ("베타가 가장 큰 전략은?", ("제일 나쁜 건?",), "beta"),
    ],
)
def test_what_is_continued_may_itself_continue(
    earlier: str, messages: tuple[str, ...], expected: str
) -> None:
    assert after(earlier, *messages) == expected


@pytest.mark.parametrize(
    "message",
    [
        "왜 RSI가 제일 위험해?",
        "why is RSI so risky?",
        "which one has the highest return?",
        "어느 쪽이 더 안정적이야?",
        "두 번째로 수익률이 높은 전략은?",
        "나머지 전략들의 샤프는?",
        "정말 RSI가 낫나요?",
        "are you sure that RSI is better?",
        "the best Sharpe",
        "제일 나쁜 전략은 뭐야 샤프로",
        "안녕",
        "hello",
        "RSI는?",
        "what about RSI?",
        "확실히 좋은 전략은?",
        "is the second half better?",
    ],
)
def test_a_whole_question_continues_nothing(message: str) -> None:
    assert parse(message, NAMES).continuation is None


def test_what_is_too_long_to_be_read_is_said() -> None:
    question = parse(f"{'the ' * 250}highest Sharpe ratio?", NAMES)
    assert question.unread[-1].startswith("highest Sharpe")


def test_first_questions_keep_their_meaning() -> None:
    assert written(parse("2등은?", NAMES)) == "overall+ @2 …place"
    assert written(parse("the worst?", NAMES)) == "overall- …worst"


def test_a_message_is_read_in_no_time_however_long_it_is() -> None:
    assert read_continuation("and " * 250 + "the" * 250) is None
    assert is_incomplete(parse("why?", {}))


@pytest.mark.parametrize(
    ("earlier", "message", "asked"),
    [
        ("top 3 by return", "and by sharpe?", "sharpe_ratio+ #3"),
        ("수익률 상위 3개", "샤프로는?", "sharpe_ratio+ #3"),
        ("수익률 꼴찌 2개", "그럼 mdd 기준으로는?", "max_drawdown- #2"),
        ("who is second by Sharpe?", "and by return?", "total_return+ @2"),
        ("Which is worst by Sharpe?", "by drawdown?", "max_drawdown-"),
        ("RSI와 SMA 중 샤프가 높은 건?", "수익률로는?", "total_return+ =rsi =sma"),
        ("how many have a Sharpe above 1?", "and by Sortino?", "sortino_ratio>1"),
        (FIGURE, "수익률로는?", "total_return"),
    ],
)
def test_another_metric_keeps_what_is_asked_of_the_order(earlier: str, message: str, asked: str) -> None:
    assert after(earlier, message) == asked


@pytest.mark.parametrize(
    ("earlier", "message", "asked"),
    [
        ("mdd 젤 큰 놈", "40퍼 안쪽으로 막은 애는", "max_drawdown>=-0.4"),
        (BEST_SHARPE, "1 넘는 건?", "sharpe_ratio>1"),
        ("Which has the highest return?", "any above 20 %?", "total_return>0.2"),
        (FIGURE, "1 넘어?", "sharpe_ratio>1 =rsi"),
    ],
)
def test_a_bound_without_a_metric_is_of_the_one_before(earlier: str, message: str, asked: str) -> None:
    assert after(earlier, message) == asked


def test_a_bound_that_can_be_of_no_metric_before_says_nothing() -> None:
    assert is_incomplete(parse("40퍼 안쪽으로 막은 애는", NAMES))
    assert after("뭐가 제일 나아?", "20 % 넘는 건?") == ""


@pytest.mark.parametrize("message", ["꼴찌 둘은?", "하위 2개는?", "the bottom two?"])
def test_places_alone_are_of_the_order_before(message: str) -> None:
    assert after("수익률 상위 3개", message) == "total_return- #2"


@pytest.mark.parametrize("message", ["thanks, see you in 2013", "2013년에 봐요", "bye, until 2013!"])
def test_a_time_beside_a_farewell_is_not_asked_about(message: str) -> None:
    assert written(parse(message, NAMES)) == ""


def test_a_time_beside_a_word_that_goes_on_is() -> None:
    assert after(BEST_SHARPE, "and in 2013?") == "sharpe_ratio+ [2013-01-01~2013-12-31]"


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (
            ("best in 2008?", "how many lost more than 30% that year"),
            "total_return<-0.3 [2008-01-01~2008-12-31]",
        ),
        (("best in 2008?", "그해 꼴찌는?"), "overall- [2008-01-01~2008-12-31]"),
        (("best?", "그해 꼴찌는?"), "overall- (period)"),
        (("worst in 08", "best in '09"), "overall+ [2009-01-01~2009-12-31]"),
        (("which one bled the least in the gfc",), "max_drawdown+ [2007-10-09~2009-03-09]"),
        (("which one bled the least", "and the most?"), "max_drawdown-"),
        (("who lost the least", "and the most?"), "total_return-"),
        (("제일 덜 까먹은 애가 누구임?", "제일 큰 건?"), "max_drawdown-"),
        (("반대로 제일 많이 물린건?",), "max_drawdown-"),
        (("rank em by sortino", "bottom two?"), "sortino_ratio- #2"),
        (("수익률 높은 순으로 상위 2개만", "하위 2개는"), "total_return- #2"),
        (("which is worse, RSI or SMA?", "on dd I mean"), "max_drawdown- =rsi =sma"),
        (("제일 좋은 전략은?", "낙폭 말이야"), "max_drawdown+"),
        (("RSI vs SMA", "is the gap just noise?"), "overall =rsi =sma (certainty)"),
        (("RSI와 SMA 중에 뭐가 나아?", "그 차이 믿을만해?"), "overall+ =rsi =sma (certainty)"),
        (("RSI sharpe?", "diff significant?"), "sharpe_ratio (certainty)"),
    ],
)
def test_what_is_kept_of_the_question_before(messages: tuple[str, ...], expected: str) -> None:
    assert written(parse_all(messages, NAMES)) == expected


def test_what_was_not_understood_before_is_not_told_again() -> None:
    assert parse_all(("블라블라 샤프가 제일 좋은 전략은?", "그럼 하위 2개는?"), NAMES).unread == ()
