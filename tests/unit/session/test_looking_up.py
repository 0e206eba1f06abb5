"""Questions for what there is to run, what is proposed, and which backtests there are."""

import pytest

from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("does AAPL have data?", "prices of AAPL from 2000-03-01 to 2013-03-01"),
        ("do you have MSFT?", "no prices of MSFT"),
        ("which period is there for FB?", "prices of FB from 2012-05-18"),
        ("how far back does aapl data go?", "prices of AAPL from 2000-03-01"),
        ("MSFT 데이터 있어?", "MSFT의 가격 데이터가 없습니다"),
        ("AAPL은 언제부터 있어?", "AAPL의 일별 가격은 2000-03-01부터"),
        ("애플이랑 FB 주가 있음?", "FB의 일별 가격은 2012-05-18부터"),
        ("삼성전자 데이터 있나요?", "삼성전자의 가격 데이터가 없습니다"),
        ("애플이랑 삼성전자 데이터 있어?", "삼성전자의 가격 데이터가 없습니다"),
        ("do you have RSI?", "RSI mean reversion (rsi)"),
        ("which parameters does donchian take?", "entry 20 (Trading days"),
        ("RSI 전략 파라미터가 뭐야?", "window 14 (RSI의 거래일 수)"),
        ("what does the turtle strategy do?", "Buys a symbol when it closes above"),
        ("모멘텀 전략 설명해줘", "최근 lookback 거래일의 수익률이"),
        ("what's the default of MACD?", "signal 9"),
        ("매수 후 보유 파라미터 알려줘", "정할 파라미터가 없습니다"),
        ("고정 비중 기본값은?", "rebalance monthly"),
        ("what defaults would be used?", "commission 0.1 %, slippage 0 %"),
        ("기본값은?", "초기 자금 100,000"),
        ("how long would it take?", "Say what to run"),
        ("list the backtests", "There are no backtests."),
        ("is anything running?", "No backtest is running or waiting now."),
        ("실패한 백테스트 있어?", "실패한 백테스트가 없습니다."),
    ],
)
async def test_what_there_is_is_told(question: str, says: str) -> None:
    conversation = await Conversation.open()
    assert says in await conversation.say(question)


async def test_a_strategy_that_has_results_is_asked_for_these() -> None:
    conversation = await Conversation.open()
    await conversation.ran("Titan", type="rsi", parameters={"window": 9})
    assert "window 9" in await conversation.say("what are the parameters of Titan?")
    assert "Sharpe ratio" in await conversation.say("tell me about Titan")
    assert "RSI mean reversion (rsi): Buys" in await conversation.say("what does Titan do?")


async def test_backtests_are_listed_with_how_they_ended() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.ran("Calm", type="rsi")
    await conversation.say("run MACD on AAPL")
    listed = await conversation.say("show me the recent backtests")
    assert "- 'MACD AAPL': waiting, AAPL, 2012-03-01~2013-03-01" in listed
    assert "- 'Calm': completed" in listed
    assert "MACD" in await conversation.say("is anything running?")
    assert "'Calm'" not in await conversation.say("지금 돌아가는 거 있어?")
    assert "'Calm'" not in await conversation.say("내 백테스트 목록 보여줘")
    await conversation.say("cancel it")
    assert "MACD" in await conversation.say("취소된 백테스트 보여줘")


async def test_why_a_backtest_has_failed_is_told_in_the_language_of_the_question() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.say("AAPL로 RSI 돌려줘")
    (due,) = await conversation.others.backtest.claimable()
    for _ in range(3):
        await conversation.others.backtest.claim(due)
    conversation.others.backtest.clock.advance(minutes=1)
    told = await conversation.finish()
    assert (
        told == "'RSI 역추세 AAPL' 백테스트가 실패했습니다: 여러 번 시도했지만 결과 없이 끝났습니다 (poison)."
    )
    assert "결과 없이 끝났습니다 (poison)" in await conversation.say("실패한 백테스트 보여줘")
    assert "given up: 3 attempts" in await conversation.say("which backtests failed and why?")


async def test_the_settings_of_the_last_run_are_told() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.ran("Calm", type="rsi", parameters={"window": 9})
    assert "'Calm' (RSI mean reversion: window 9" in await conversation.say(
        "show the settings of the last run"
    )
    await conversation.say("run MACD on AAPL")
    assert "'MACD AAPL'" in await conversation.say("마지막으로 돌린 거 설정 보여줘")


@pytest.mark.parametrize("question", ["what are the settings?", "기간이 어떻게 돼?", "what would change?"])
async def test_what_is_proposed_is_shown_again(question: str) -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI on AAPL with 20 bps slippage")
    answer = await conversation.say(question)
    assert "2012-03-01~2013-03-01" in answer
    assert "0.2 %" in answer
    assert "Still proposed" not in answer
    await conversation.say("yes")
    assert conversation.config_of().slippage_rate == 0.002


@pytest.mark.parametrize("question", ["how long would it take?", "얼마나 걸려?", "MSFT 데이터 있음"])
async def test_questions_leave_what_is_proposed(question: str) -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI on AAPL")
    answer = await conversation.say(question)
    assert "'RSI mean reversion AAPL'" in answer
    await conversation.say("yes")
    assert len(conversation.started) == 1


async def test_the_time_of_what_is_proposed_is_estimated() -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI on AAPL")
    assert "would be done in " in await conversation.say("how long will it take?")


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (
            "AAPL RSI 1990년부터 1995년까지 돌려줘",
            "1990-01-01은(는) 가격 데이터가 있는 기간(2000-03-01~2013-03-01) 밖",
        ),
        ("AAPL RSI window 1로 돌려줘", "window은(는) 2 이상 1000 이하 정수여야 하는데 1입니다"),
        (
            "AAPL SMA fast 50 slow 20으로 돌려줘",
            "서로 맞지 않습니다: fast 50 (단기 이동평균의 거래일 수, slow보다 작음)",
        ),
        ("AAPL RSI 벤치마크 FB로 돌려줘", "벤치마크 FB의 가격은 2012-05-18~2013-03-01에만 있어"),
        ("AAPL RSI 벤치마크 ZZZ로 돌려줘", "ZZZ의 가격 데이터가 없습니다"),
        ("고정 비중 AAPL FB를 AAPL 60% FB 60%로 돌려줘", "합계 1 이하"),
        ("AAPL RSI window 7.5로 돌려줘", "정수여야 하는데 7.5입니다"),
    ],
)
async def test_a_korean_answer_says_in_korean_why_it_can_not_run(message: str, says: str) -> None:
    conversation = await Conversation.open()
    answer = await conversation.say(message)
    assert says in answer
    assert not {"must", "the", "not", "is"} & set(answer.split())


async def test_a_korean_answer_says_in_korean_why_it_was_not_cancelled() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.say("AAPL로 RSI 돌려줘")
    await conversation.finish()
    assert (await conversation.say("취소해줘")).endswith("취소하지 못했습니다: 이미 끝났습니다 (완료)")
