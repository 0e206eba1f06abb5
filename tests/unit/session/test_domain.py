"""What a message refers to, and what is remembered for the next one."""

import pytest

from services.session.domain.history import Message
from services.session.domain.referring import on_topic, referred, remember
from services.session.domain.session import LONGEST_ANSWER, MOST_BYTES, Context, Session
from services.session.views import view_session
from tests.builders import NOW

LONGEST_ID = 128 * "략"

FOCUSED = Context(("alpha", "beta", "gamma"), "beta")
UNDECIDED = Context(("alpha", "beta"), None)


@pytest.mark.parametrize(
    "message",
    [
        "그 전략의 최대 낙폭은?",
        "그전략 샤프 비율 알려줘",
        "이 전략은 안전한가요?",
        "해당 전략의 승률은?",
        "그것의 수익률은?",
        "그거 괜찮아?",
        "최대 낙폭은?",
        "샤프 비율도 알려줘",
        "and its drawdown?",
        "What is its Sharpe ratio?",
        "How risky is it?",
        "Is that one any good?",
        "Is this strategy stable?",
        "Tell me the win rate of that strategy",
        "and the drawdown?",
        "What about the total return?",
        "is the drawdown large?",
        "수익률은 높아?",
        "샤프가 1 넘어?",
        "over which dates?",
        "which symbols?",
        "어떤 종목이야?",
    ],
)
def test_a_follow_up_about_one_is_about_the_strategy_in_focus(message: str) -> None:
    assert referred(message, FOCUSED) == ("beta",)


@pytest.mark.parametrize(
    "message",
    [
        "그 전략들 중 어떤 것이 더 안정적인가요?",
        "이 전략들의 최대 낙폭은?",
        "그들 중에서 가장 좋은 것은?",
        "두 전략의 수익률을 비교해줘",
        "둘 중 어느 쪽이 나은가요?",
        "둘 다 보여줘",
        "Which of the two has fewer trades?",
        "Which of them is steadier?",
        "Compare these by drawdown",
        "Which of those has the best return?",
        "How do they compare?",
        "What are their Sharpe ratios?",
        "Show both",
        "그 중에 낙폭이 제일 작은 건?",
    ],
)
@pytest.mark.parametrize("context", [FOCUSED, UNDECIDED])
def test_a_follow_up_about_several_is_about_those_compared_last(message: str, context: Context) -> None:
    assert referred(message, context) == context.strategy_ids


@pytest.mark.parametrize(
    "message",
    [
        "나머지는 어떤가요?",
        "다른 전략의 최대 낙폭은?",
        "그 전략 말고 가장 안전한 건?",
        "What about the other one's Sharpe ratio?",
        "And the rest?",
        "Which is best other than that?",
    ],
)
def test_a_follow_up_about_the_others_leaves_out_the_one_in_focus(message: str) -> None:
    assert referred(message, FOCUSED) == ("alpha", "gamma")
    assert referred(message, Context()) is None


@pytest.mark.parametrize(
    "message",
    [
        "어떤 전략이 더 안정적인가요?",
        "어느 전략이 수익률이 높아?",
        "가장 좋은 전략은?",
        "수익률이 제일 높은 전략은?",
        "전략을 비교해줘",
        "which is steadier?",
        "Which strategy is best?",
        "What strategy has the lowest drawdown?",
        "Compare all strategies",
        "Show me the worst performer",
        "Is momentum better?",
        "모든 전략의 수익률은?",
        "전체 전략의 최대 낙폭은?",
        "각 전략의 샤프 비율은?",
        "전략 모두 보여줘",
        "Show the returns of all strategies",
        "What is the drawdown of every strategy?",
        "the Sharpe ratio of each strategy",
        "top 5 by return",
        "lowest information ratio?",
        "변동성 하위 2개",
        "mdd 작은 순",
        "수익률 100% 넘긴 건?",
        "any with a drawdown worse than 60%?",
        "how many have a Sharpe above 1?",
        "did any make money?",
        "which strategies ran on AAPL?",
    ],
)
@pytest.mark.parametrize("context", [FOCUSED, UNDECIDED])
def test_a_question_that_chooses_is_about_all_there_are(message: str, context: Context) -> None:
    assert referred(message, context) is None


@pytest.mark.parametrize(
    "message",
    ["그 전략의 최대 낙폭은?", "그 전략들 중 최고는?", "and its drawdown?", "which of them?", "안녕"],
)
def test_without_a_context_every_message_is_about_all(message: str) -> None:
    assert referred(message, Context()) is None


@pytest.mark.parametrize("message", ["그 전략의 최대 낙폭은?", "and its drawdown?"])
def test_where_none_came_out_first_it_is_about_those_of_the_answer(message: str) -> None:
    assert referred(message, UNDECIDED) == UNDECIDED.strategy_ids


@pytest.mark.parametrize("word", ["item", "profits", "biteme", "bothered", "thesecret"])
def test_a_pronoun_within_a_word_is_none(word: str) -> None:
    assert referred(f"which {word}?", FOCUSED) is None


@pytest.mark.parametrize(
    "message",
    [
        "그 전략은 어때?",
        "백테스트 보여줘",
        "성과 알려줘",
        "Compare",
        "which one?",
        "show the results",
        "how did it perform?",
        "tell me about Golden Cross",
        "golden-cross?",
        "황금교차 알려줘",
    ],
)
def test_what_is_about_strategies_is_on_topic(message: str) -> None:
    assert on_topic(message, ["Golden Cross", "golden-cross", "황금교차"])


@pytest.mark.parametrize("message", ["안녕하세요", "Hello!", "오늘 날씨", "Tell me a joke", "고마워", "???"])
def test_small_talk_is_not(message: str) -> None:
    assert not on_topic(message, ["Golden Cross", "golden-cross"])


def test_an_answer_about_several_is_remembered_with_its_best() -> None:
    assert remember(FOCUSED, ["delta", "epsilon"], "delta") == Context(("delta", "epsilon"), "delta")


def test_an_answer_about_one_strategy_keeps_the_others() -> None:
    assert remember(FOCUSED, ["alpha"], "alpha") == Context(("alpha", "beta", "gamma"), "alpha")


def test_an_answer_about_a_new_strategy_leaves_it_and_the_one_before() -> None:
    assert remember(FOCUSED, ["delta"], "delta") == Context(("beta", "delta"), "delta")
    assert remember(UNDECIDED, ["delta"], "delta") == Context(("delta",), "delta")


def test_an_answer_without_a_best_has_no_focus() -> None:
    assert remember(FOCUSED, ["alpha", "beta"], None) == Context(("alpha", "beta"), None)


def test_an_answer_about_nothing_moves_no_focus() -> None:
    assert remember(FOCUSED, [], None) == FOCUSED


def test_a_session_finds_a_message_and_its_answer() -> None:
    said = Message("t-1", "user", "hello", NOW)
    answer = Message("t-0", "assistant", "hi", NOW)
    session = Session("s", "kim", NOW, NOW, history=(answer, said))

    assert session.message_of("t-1")
    assert not session.message_of("t-2")
    assert session.answer_to("t-0") == answer
    assert session.answer_to("t-1") is None  # said, not answered


def as_json(*history: Message, context: Context = Context()) -> bytes:  # noqa: B008 - it is frozen
    session = Session(LONGEST_ID, LONGEST_ID, NOW, NOW, history=history, context=context)
    return view_session(session).model_dump_json().encode()


@pytest.mark.parametrize("content", ["Which is steadier?", "어떤 전략?", '"\\\n\x01\x7f', "📈" * 4000])
@pytest.mark.parametrize("ids", [(), ("calm", LONGEST_ID)])
def test_a_message_takes_no_more_than_its_size(content: str, ids: tuple[str, ...]) -> None:
    message = Message("t-1", "assistant", content, NOW, "gpt-5-mini", "ko", ids)
    taken = len(as_json(message, message)) - len(as_json(message))

    assert message.size - 100 < taken <= message.size


def test_a_full_session_with_one_more_answer_is_one_record() -> None:
    said = Message(LONGEST_ID, "user", 4000 * "\x01", NOW, language="ko")
    ids = 50 * (LONGEST_ID,)
    longest = Message(LONGEST_ID, "assistant", LONGEST_ANSWER * "\x01", NOW, "gpt-5-mini", "ko", ids)
    history = ((MOST_BYTES - 1) // said.size) * (said,)
    session = Session("s", "kim", NOW, NOW, history=history)

    assert not session.is_full
    assert len(as_json(*history, said, longest, context=Context(ids, LONGEST_ID))) < 999_000
