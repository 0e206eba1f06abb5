"""Questions in other words, and for what there is not, in a conversation."""

import pytest

from tests.unit.session.conversation import with_three

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (("was 2013 bad for everybody?",), "No, not all."),
        (("코스피랑 비교하면 어때",), "'코스피' 지수의 수치는 없습니다."),
        (("does Calm beat the nasdaq?",), "There are no figures of the index 'nasdaq'."),
        (("Calm sharpe?", "and B's?"), "no strategy here has that name"),
        (("Calm 거래 횟수는?", "변동성도 걔가 제일 컸어?"), "'Calm': 3개 중"),
        (("what kind of strategy is Calm?",), "'Calm': parameters"),
        (("whats in the book rn",), "3 strategies"),
        (("지금 돌려놓은 거 뭐뭐 있냐",), "3개"),
        (("did anything drop more than 10% in a single day?",), "The worst day of 'Calm'"),
        (("Calm 최악의 하루는 며칠이었어",), "'Calm'의 가장 나쁜 날"),
    ],
)
async def test_it_is_answered_or_said_to_be_unknown(messages: tuple[str, ...], said: str) -> None:
    conversation = await with_three()
    assert said in await conversation.say(*messages)
