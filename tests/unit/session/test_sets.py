"""Messages that go on with strategies spoken of before: all of a ranking, the other two, the bottom one."""

import pytest

from services.language.among import Among
from services.session.domain.session import Asked, Context
from services.session.domain.sets import about_a_set
from services.session.domain.spoken import Spoken, Told
from tests.unit.session.conversation import with_three

pytestmark = pytest.mark.anyio

THREE = {"Calm", "Wild", "Mild"}
FOUR = ("a", "b", "c", "d")


def named(text: str) -> set[str]:
    return {name for name in THREE if f"'{name}'" in text}


@pytest.mark.parametrize(
    ("messages", "names"),
    [
        (("rank them by sharpe", "what about calmar"), THREE),
        (("샤프 순위 보여줘", "그럼 수익률은?"), THREE),
        (("2013년 성적 어때 전부", "수익률 말고 낙폭으로"), THREE),
        (("Calm and Wild sharpe?", "volatility too"), {"Calm", "Wild"}),
        (("Calm vs Wild, who wins on sharpe", "what about calmar"), {"Calm", "Wild"}),
        (("Calm이랑 Wild 샤프 비교해줘", "변동성도"), {"Calm", "Wild"}),
        (("Calm이랑 Wild 샤프 비교해줘", "나머지 하나는?"), {"Mild"}),
        (("Calm and Wild sharpe?", "the others?"), {"Mild"}),
        (("Calm and Wild sharpe?", "now for all 3"), THREE),
        (("Calm and Wild sharpe?", "now for all 3", "back to the first two, add turnover"), {"Calm", "Wild"}),
        (("rank them by sharpe", "drop Calm"), {"Wild", "Mild"}),
        (("rank them by sharpe", "drop Calm", "and volatility?"), {"Wild", "Mild"}),
        (("rank them by sharpe", "drop Calm and Wild"), {"Mild"}),
        (("샤프 순위", "Calm 빼고", "Calm 다시 넣어줘"), THREE),
        (("샤프 순위", "Calm 빼고", "Wild도 빼고", "다시 다 넣고 칼마로"), THREE),
        (("rank them by sharpe", "drop Calm", "put it back"), THREE),
        (("rank them by sharpe", "ok same thing on drawdown", "kick out Calm"), {"Wild", "Mild"}),
        (("rank them by sharpe", "kick out Calm", "throw Calm back in"), THREE),
        (("Calm이랑 Wild 비교해줘", "Mild도 같이", "그 셋의 낙폭"), THREE),
        (("Calm이랑 Wild 샤프 비교해줘", "MDD는?", "둘 다 2013년엔?"), {"Calm", "Wild"}),
    ],
)
async def test_the_set_that_is_meant(messages: tuple[str, ...], names: set[str]) -> None:
    conversation = await with_three()
    assert named(await conversation.say(*messages)) == names


@pytest.mark.parametrize(
    "messages",
    [
        ("which made the most in 2013?", "its drawdown?"),
        ("2013년에 수익률이 제일 높은 건?", "낙폭은?"),
        ("rank them by sharpe", "ok the bottom one then, how bad was its dd"),
        ("샤프 순위", "꼴찌 낙폭은?"),
        ("샤프 순위", "2등 수익률은?"),
        ("2013년에 Calm이 Wild보다 나아?", "걔 2012년엔?"),
    ],
)
async def test_one_is_meant(messages: tuple[str, ...]) -> None:
    conversation = await with_three()
    assert len(named(await conversation.say(*messages))) == 1


async def test_of_none_that_met_a_bound_nothing_is_chosen() -> None:
    conversation = await with_three()
    text = await conversation.say("any with a sharpe over 30?", "which of those trades least?")
    assert text.startswith("None met the condition")
    assert "앞 질문의 조건에 맞는 전략이 없어" in await conversation.say("그중에 제일 좋은 건?")


async def test_it_is_said_that_those_are_not_known() -> None:
    conversation = await with_three()
    text = await conversation.say("compare them all on sharpe", "the other two?")
    assert "Say their names" in text
    assert not named(text)


async def test_what_is_asked_of_the_metric_that_was_explained() -> None:
    conversation = await with_three()
    text = await conversation.say("define ulcer index", "who has the lowest")
    assert "ulcer index" in text
    assert named(text) == THREE


async def test_whether_the_order_differs() -> None:
    conversation = await with_three()
    text = await conversation.say("소르티노 순위", "샤프랑 순위가 달라?")
    assert text.startswith("두 지표의 순위가")
    assert "소르티노 비율" in text
    assert "샤프 비율" in text


def spoken(query: str, *answers: Told, about: tuple[str, ...] | None = None) -> Spoken:
    last = answers[-1]
    context = Context(last.strategy_ids, last.focus, asked=Asked((query,), about))
    return Spoken(context, Asked((query,), about), answers)


ALL = Told(FOUR, "a")


@pytest.mark.parametrize(
    ("before", "among", "those"),
    [
        (spoken("샤프 순위", ALL), Among("all"), (None, ())),
        (spoken("샤프 순위", ALL), Among("all", 4), (FOUR, ())),
        (spoken("a and b?", Told(("a", "b")), about=("a", "b")), Among("all", 4), (None, ())),
        (spoken("a and b?", Told(("a", "b")), about=("a", "b")), Among("all", 2), (("a", "b"), ())),
        (spoken("a's sharpe?", Told(("a",), "a"), about=("a",)), Among("rest", 3), (None, ("a",))),
        (spoken("샤프 순위", ALL), Among("without", 2, -1), (None, ("c", "d"))),
        (spoken("best sharpe?", ALL), Among("rest", 3), (("b", "c", "d"), ())),
        (spoken("best sharpe?", ALL), Among("rest"), (None, ("a",))),
        (spoken("worst?", ALL, Told(("d", "c", "b", "a"), "d")), Among("rest", 2), (("c", "b"), ())),
        (spoken("a and b?", Told(("a", "b")), about=("a", "b")), Among("rest", 2), (None, ("a", "b"))),
        (spoken("a and b?", ALL, Told(("a", "b")), about=("a", "b")), Among("rest", 2), (("c", "d"), ())),
        (spoken("a and b?", ALL, Told(("a", "b")), about=("a", "b")), Among("rest", 3), None),
        (spoken("샤프 순위", ALL), Among("rest", 7), None),
        (spoken("x", Told(("a", "b"), "a"), about=("a", "b")), Among("rest", 2), (None, ("a", "b"))),
        (spoken("샤프 순위", ALL), Among("middle", 2), (("b", "c"), ())),
        (spoken("샤프 순위", ALL), Among("middle", 4), None),
        (spoken("샤프 순위", ALL), Among("first", 2), (("a", "b"), ())),
        (spoken("샤프 순위", ALL), Among("without", place=-1), (None, ("d",))),
        (spoken("샤프 순위", Told(("a", "b")), ALL), Among("without", 2), (None, ("a", "b"))),
        (spoken("샤프 순위", Told(("a", "c")), ALL), Among("former", 2), (("a", "c"), ())),
        (spoken("x", ALL, Told(("a", "b")), about=("a", "b")), Among("back"), (FOUR, ())),
        (spoken("x", Told(("a", "b")), about=("a", "b")), Among("without", 2), (None, ("a", "b"))),
        (
            spoken("x", Told(("a", "b", "c"), "b"), about=("a", "b", "c")),
            Among("without", 1),
            (("a", "c"), ()),
        ),
    ],
)
def test_those_of_the_answers_before(before: Spoken, among: Among, those: object) -> None:
    assert before.those(among) == those


@pytest.mark.parametrize(
    ("query", "message", "strategies"),
    [
        ("top 3 by sharpe", "상위 3개 2012년 수익률은?", ("a", "b", "c")),
        ("샤프 상위 3개", "the top 3's drawdown", ("a", "b", "c")),
        ("샤프 상위 2개", "낙폭은?", ("a", "b")),
        ("샤프 순위", "세번째 변동성은?", ("c",)),
        ("샤프 순위", "the runner-up's volatility", ("b",)),
    ],
)
def test_places_in_the_order_before(query: str, message: str, strategies: tuple[str, ...]) -> None:
    about = about_a_set(message, Context(FOUR, "a", asked=Asked((query,))), [ALL])
    assert about is not None
    assert about.strategies == strategies


@pytest.mark.parametrize(
    ("query", "answers", "strategies"),
    [
        ("샤프 1등이랑 꼴등", [ALL], ("a", "d")),
        ("샤프 순위", [ALL, Told(("d", "c", "b", "a"), "d")], ("d", "a")),
        ("샤프 순위", [Told(("b", "c")), ALL], ("b", "c")),
    ],
)
def test_the_two_that_are_spoken_of(query: str, answers: list[Told], strategies: tuple[str, ...]) -> None:
    about = about_a_set("그 둘 낙폭은?", Context(FOUR, "a", asked=Asked((query,))), answers)
    assert about is not None
    assert about.strategies == strategies


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("샤프 순위", "상위 3개 2012년 수익률은?"),  # not so many were asked for
        ("top 3 by sharpe", "top 3 by return"),
        ("top 3 by sharpe", "수익률 상위 3개"),
        ("best sharpe?", "which has the lowest volatility?"),
        ("best sharpe?", "낙폭은?"),
        ("best sharpe?", "how did it do back in 2008"),
    ],
)
def test_what_is_asked_otherwise(query: str, message: str) -> None:
    assert about_a_set(message, Context(FOUR, "a", asked=Asked((query,))), [ALL]) is None


def test_the_order_that_was_told_from_the_end() -> None:
    asked = Asked(("샤프 순위", "꼴찌는?"))
    about = about_a_set("꼴찌 수익률은?", Context(("d", "c", "b", "a"), "d", asked=asked), [ALL])
    assert about is not None
    assert about.strategies == ("d",)
