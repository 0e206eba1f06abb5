"""Which strategies and which conditions a message keeps of those before it."""

import pytest

from services.language.choosing import chooses
from services.language.parsing import parse
from services.session.domain.referring import referred
from services.session.domain.session import Asked, Context
from services.session.domain.sets import about_a_set
from tests.unit.session.conversation import with_three

pytestmark = pytest.mark.anyio
NAMES = ("Calm", "Wild", "Mild")
ONE = Context(("a", "b", "c"), focus="a", asked=Asked(("why is its return 0 in 2010",), ("a",)))
THREE = Context(("a", "b", "c"), asked=Asked(("sharpe above 1",)))


def named(text: str) -> set[str]:
    return {name for name in NAMES if f"'{name}'" in text}


@pytest.mark.parametrize(
    "message",
    [
        "진짜 거래 한번도 안했다고?",
        "거래를 한 번도 안 했다며",
        "never traded?",
        "no trades at all?",
        "전체로는 예금보다 나은거 맞아?",
        "전체 기간으로는 샤프 1 넘는거지?",
    ],
)
def test_what_is_asked_of_one_stays_with_it(message: str) -> None:
    assert referred(message, ONE) == ("a",)


@pytest.mark.parametrize(
    "message",
    ["거래 한 번도 안 한 전략은?", "샤프 1 넘는 거", "any with no trades?"],
)
def test_what_chooses_is_asked_of_all(message: str) -> None:
    assert chooses(message, parse(message, {}))


@pytest.mark.parametrize(
    "message",
    [
        "MDD도 15% 안쪽인건?",
        "and with a drawdown within 15%?",
        "also with at least 10 trades",
        "수익률도 10% 넘는 건",
    ],
)
def test_a_further_bound_is_on_those_that_met_the_one_before(message: str) -> None:
    about = about_a_set(message, THREE)
    assert about is not None
    assert about.strategies == ("a", "b", "c")


@pytest.mark.parametrize(
    ("messages", "names"),
    [
        (("which has the highest return?", "without it, who is best?"), {"Wild", "Mild"}),
        (("수익률 젤 좋은거 뭐야", "그럼 걔 빼고는 누가 낫냐"), {"Wild", "Mild"}),
        (("Calm vs Wild, which is better?", "the parameters I mean"), {"Calm", "Wild"}),
        (("Calm이랑 Wild 뭐가 달라", "파라미터 말이야"), {"Calm", "Wild"}),
        (("which is the worst?", "rank them by return"), set(NAMES)),
        (("샤프 제일 낮은 건?", "샤프로 줄세워봐"), set(NAMES)),
    ],
)
async def test_the_strategies_that_are_kept(messages: tuple[str, ...], names: set[str]) -> None:
    conversation = await with_three()
    answer = await conversation.say(*messages)
    left_out = set(NAMES) - names
    assert (named(answer) or names) == names, answer
    assert not named(answer) & left_out


@pytest.mark.parametrize(
    ("messages", "again"),
    [
        (("any with a return above 0?", "just the names of those that do"), "any with a return above 0?"),
        (("수익률 0 넘는거 몇개야", "넘는애들 이름만"), "수익률 0 넘는거 몇개야"),
    ],
)
async def test_names_are_those_that_met_the_condition(messages: tuple[str, ...], again: str) -> None:
    conversation = await with_three()
    said = await conversation.say(*messages)
    assert named(said) == named(await conversation.say(again))


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (("Calm vs Wild, which is better?", "any year both gained?"), "in which both gained"),
        (("Calm vs Wild, which is better?", "둘 다 수익 난 해 있어?"), "2개 전략 모두 수익이 난 해"),
        (("did any year see all of them lose? any year all lost?",), "in which all 3 lost"),
        (("Calm sharpe?", "any that were up every single year?"), "in every year"),
    ],
)
async def test_years_of_all_are_those_that_all_had(messages: tuple[str, ...], said: str) -> None:
    conversation = await with_three()
    assert said in await conversation.say(*messages)


async def test_what_has_not_run_has_no_figures_to_compare() -> None:
    conversation = await with_three()
    await conversation.say("run Calm again with 1 % slippage")
    assert "has not been run" in await conversation.say("better or worse than before?")
    assert "has not been run" in await conversation.say("and what did the drawdown do")
    assert "not been run" not in await conversation.say("Wild's Sharpe ratio?")
    assert "아직 실행하지 않아" not in await conversation.say("샤프 제일 좋은 건?")
