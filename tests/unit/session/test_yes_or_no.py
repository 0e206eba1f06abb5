"""Questions that are answered by yes or no, and the figure."""

import pytest

from tests.unit.session.conversation import with_three

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (("so nothing lost money?",), "Yes, none. 0 of 3"),
        (("did anyone lose money?",), "No. 0 of 3"),
        (("did they all make money?",), "Yes, all. 3 of 3"),
        (("anything with a return above 1%?",), "Yes. 3 of 3"),
        (("손실 난 전략 하나도 없지?",), "네, 없습니다."),
        (("돈 번 전략 있어?",), "네."),
        (("원금 회복 못한 전략도 있어?",), "아니요."),
        (("Calm vs Wild", "did both lose money?"), "No, not all. 0 of 2"),
        (("Calm과 Wild 비교", "둘다 벌었어?"), "네, 모두입니다."),
        (("Calm sharpe?", "and its the best of all of them, yeah?"), "'Calm' is number"),
        (("Calm 변동성 몇이야", "젤 낮은거 맞지?"), "'Calm': 3개 중"),
        (("Calm 변동성 몇이야", "그럼 수익률도 1등인가"), "'Calm': 3개 중"),
        (("Calm max dd?", "is it the deepest?"), "Yes: 'Calm' is number 1"),
        (("how did Calm do in 2013", "was it the worst that year?"), "'Calm' is number"),
        (("Calm max dd?", "so it never lost more than 5%?"), "No: the maximum drawdown of 'Calm'"),
        (("Calm 낙폭은?", "50% 넘게 잃은 적은 한번도 없지?"), "네, 'Calm'의 최대 낙폭"),
        (("Calm max dd?", "did it ever recover"), "No, it has not recovered."),
        (("Calm 낙폭은?", "회복은 했어?"), "아니요, 회복하지 못했습니다."),
    ],
)
async def test_yes_or_no_and_the_figure(messages: tuple[str, ...], said: str) -> None:
    conversation = await with_three()
    assert said in await conversation.say(*messages)


async def test_it_stays_the_one_that_was_asked_about() -> None:
    conversation = await with_three()
    await conversation.say("Calm sharpe?", "does it have the lowest volatility?")
    assert "The win rate of 'Calm'" in await conversation.say("its win rate?")


@pytest.mark.parametrize("question", ["which is the safest?", "제일 좋은 전략이 뭐야?", "who lost the most?"])
async def test_a_choice_is_not_answered_by_yes_or_no(question: str) -> None:
    conversation = await with_three()
    text = await conversation.say(question)
    assert not any(word in text for word in ("Yes", "No:", "네", "아니요"))
