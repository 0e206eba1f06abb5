"""What people believe of strategies is confirmed or contradicted; what they ask on keeps what is meant."""

import pytest

from tests.questions.catalogue import Services
from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio


async def with_four() -> Conversation:
    services = Services()
    await services.hold("four")
    return await Conversation.open(services)


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (["Dual Momentum made 2000 percent, didn't it?"], "No: the total return of 'Dual Momentum' is +820"),
        (["Dual Momentum returned 820 %, right?"], "Yes: the total return of 'Dual Momentum' is +820.98 %"),
        (["추세추종의 최대 낙폭이 35%지?"], "네, '추세추종'의 최대 낙폭은 -35.21 %입니다"),
        (["추세추종 MDD가 10%밖에 안 되지?"], "아니요, '추세추종'의 최대 낙폭은 -35.21 %입니다"),
        (["sharpe of dual momentum", "its drawdown was 10 %, no?"], "No: the maximum drawdown of 'Dual"),
        (["추세추종 샤프는?", "수익률은 100% 넘지?"], "네, '추세추종'의 총수익률은 +381.72 %입니다"),
        (["Is Dual Momentum the best?"], "No, not by these figures. The strategy with the best"),
        (["추세추종 샤프는?", "Dual Momentum이 최고지?"], "아니요, 수치로는 그렇지 않습니다."),
        (["RSI 역추세가 꼴찌지?"], "네, 수치로는 그렇습니다."),
        (["Is RSI 역추세 better than Buy and Hold?"], "No, not by these figures."),
        (["Buy and Hold가 RSI 역추세보다 낫지?"], "네, 수치로는 그렇습니다."),
        (["추세추종 샤프는?", "걔 낙폭 10%였지?"], "아니요, '추세추종'의 최대 낙폭은 -35.21 %입니다"),
        (["추세추종 샤프는?", "걔가 나머지보다 나아?"], "네, 수치로는 그렇습니다."),
        (["sharpe of dual momentum", "does it beat the others by return?"], "No, not by these figures."),
        (["Is Dual Momentum among the top 2 by Sharpe?"], "Yes, by these figures."),
    ],
)
async def test_a_premise_is_confirmed_or_contradicted_with_the_figure(messages: list[str], said: str) -> None:
    conversation = await with_four()
    assert (await conversation.say(*messages)).startswith(said)


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (["who is second by Sharpe?", "그 전략은 2010년에?"], "'Dual Momentum'의 샤프 비율은 1.73"),
        (
            ["who is second by Sharpe?", "and that one in 2010?"],
            "The Sharpe ratio of 'Dual Momentum' is 1.73",
        ),
        (["샤프 2등은?", "걔는 2010년에?"], "'Dual Momentum'의 샤프 비율은 1.73"),
        (["top 3 by return", "and by sharpe?"], "3 by Sharpe ratio: 1. '추세추종' 1.08"),
        (["수익률 상위 2개", "샤프로는?"], "2개 (샤프 비율): 1. '추세추종' 1.08"),
        (["mdd 젤 큰 놈", "40퍼 안쪽으로 막은 애는", "그 전략 샤프는"], "'추세추종'의 샤프 비율은 1.08"),
        (["which beat the benchmark by Sharpe?", "how many?"], "2 of 4 have a higher Sharpe ratio"),
        (["샤프로 벤치마크 이긴 전략은?", "몇 개야?"], "4개 중 2개입니다"),
        (["give me sharpe, vol and mdd of buy & hold"], "The annual volatility of 'Buy and Hold' is 31.61 %"),
        (["샤프 제일 높은 거 두 개만", "그 둘 상관관계는?"], "'추세추종' / 'Dual Momentum' +0.84."),
        (
            ["Sharpe of Buy and Hold?", "how many beat it?"],
            "than 'Buy and Hold' (Sharpe ratio 1.05): '추세추종'",
        ),
        (["Buy and Hold 샤프는?", "그거보다 나은 건?"], "'Buy and Hold' (샤프 비율 1.05)보다"),
        (["수익률 순위 매겨줘", "상위 둘만 다시"], "2개 (총수익률): 1. 'Buy and Hold'"),
        (["Rank by drawdown", "by volatility instead", "only the top 2"], "2 by annual volatility: 1. 'RSI"),
        (["Dual Momentum 2008년 성적", "그 해에 제일 덜 잃은 건?"], "'추세추종'입니다: 총수익률 -27.22 %"),
        (["2010년에 Dual Momentum과 추세추종 비교", "the winner's drawdown?"], "'Dual Momentum' is -12.91 %"),
        (["did Dual Momentum lose money in 2008?", "how much exactly?"], "'Dual Momentum' is -53.62 %"),
        (["-30% 이상 잃은 건 몇 개야?"], "4개 중 0개입니다"),
        (["Dual Momentum은 손실 난 해가 있어?"], "개에서 손실이 났습니다"),
        (["그럼 수익률 기준 셋째는?"], "3위는 '추세추종'입니다"),
        (["Dual Momentum 샤프는?", "그럼 Buy and Hold는?"], "'Buy and Hold'의 샤프 비율은"),
        (["how did Dual Momentum do?", "and 추세추종?"], "'추세추종' (2005-01-03~2012-12-31): total return"),
    ],
)
async def test_what_is_asked_on_keeps_what_is_meant(messages: list[str], said: str) -> None:
    conversation = await with_four()
    assert said in await conversation.say(*messages)


async def test_the_others_are_without_the_one_in_focus() -> None:
    conversation = await with_four()
    answer = await conversation.say("thoughts on dual momentum", "what about the others")
    assert "'Dual Momentum'" not in answer
    assert "'추세추종'" in answer


@pytest.mark.parametrize("message", ["thanks, see you in 2013", "2013년에 봐요"])
async def test_a_farewell_is_not_answered_with_figures(message: str) -> None:
    conversation = await with_four()
    answer = await conversation.say("which is best?", message)
    assert "2013" not in answer


@pytest.mark.parametrize("message", ["which strategies trade AAPL in 2012?", "2012년에 AAPL 거래한 전략은?"])
async def test_those_that_trade_a_symbol_are_listed_whatever_the_time(message: str) -> None:
    conversation = await with_four()
    answer = await conversation.say(message)
    assert answer.startswith(("4 of 4 strategies ran on AAPL", "AAPL 종목으로 실행된 전략은 4개 중 4개"))
    assert "not known here" in answer or "알 수 없습니다" in answer
