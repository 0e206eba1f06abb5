"""What can't be done is said, with what can be."""

import pytest

from services.language.unsupported import unsupported_in
from tests.unit.language import corpus
from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("delete Titan", "DELETE /api/v1/strategies/{id}"),
        ("Titan 삭제해줘", "DELETE /api/v1/strategies/{id}"),
        ("optimise the parameters", "run RSI with windows 10, 14 and 20"),
        ("find the best parameters for RSI on AAPL", "5 at once"),
        ("최적 파라미터 찾아줘", "한 번에 5개까지"),
        ("run a grid search over window 5 to 20", "5 at once"),
        ("do a walk-forward test", "from 2010 to 2011"),
        ("워크포워드로 검증해줘", "기간을 나누어"),
        ("go live with it", "no orders are made"),
        ("buy AAPL now", "no orders are made"),
        ("AAPL 지금 사줘", "주문은 내지 않습니다"),
        ("schedule it daily", "at set times"),
        ("매일 아침 자동으로 돌려줘", "정해진 때에"),
        ("send me an email when it's done", "told in this conversation"),
        ("끝나면 메일로 보내줘", "이 대화에 알려 드립니다"),
        ("use leverage 2", "'leverage' is not supported"),
        ("레버리지 2배로 해줘", "가진 현금 안에서만"),
        ("공매도 돼?", "사서 보유하거나 현금"),
        ("can we short sell?", "bought, or cash"),
        ("do you support stop losses?", "parameters of the strategy"),
        ("손절 5% 넣어서 RSI AAPL 돌려줘", "언제 파는지는"),
        ("run RSI on AAPL on 5 minute bars", "Prices are daily"),
        ("분봉 데이터 있어?", "가격은 일별입니다"),
        ("plot the equity curve", "answers in words"),
        ("rename Titan to Atlas", "keeps its name"),
    ],
)
async def test_what_can_not_be_done_is_said_with_what_can(message: str, says: str) -> None:
    conversation = await Conversation.open()
    await conversation.ran("Titan", type="rsi")
    answer = await conversation.say(message)
    assert says in answer
    await conversation.say("yes")
    assert conversation.started == []


@pytest.mark.parametrize(
    "message",
    [
        "run AAPL and FB at fixed weights, rebalanced every day",
        "buy and hold AAPL",
        "run macd on AAPL with short 5",
        "벤치마크 지워줘",
        "remove FB",
    ],
)
async def test_what_only_looks_like_it_is_done(message: str) -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI on AAPL and FB, benchmark AAPL")
    assert "not supported" not in await conversation.say(message)
    assert "지원하지" not in conversation.last


def test_questions_for_figures_ask_for_nothing_else() -> None:
    of_figures = [question for question, asked in corpus.cases() if "(act)" not in asked]
    assert of_figures
    assert [each for each in of_figures if unsupported_in(each, runs=False)] == []
