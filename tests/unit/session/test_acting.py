"""Conversations that run backtests: proposed, confirmed, changed, started, heard of, cancelled."""

from typing import Any

import pytest

from backchat_contracts import SessionEndRequested
from tests.builders import delivery
from tests.unit.session.conversation import Conversation

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("AAPL로 RSI 백테스트 돌려줘", {"type": "rsi", "symbols": ["AAPL"]}),
        ("run an RSI backtest on AAPL", {"type": "rsi", "symbols": ["AAPL"]}),
        (
            "backtest SMA crossover 20/50 on AAPL and FB from 2012-06 to 2012",
            {
                "type": "sma_crossover",
                "symbols": ["AAPL", "FB"],
                "parameters": {"fast": 20, "slow": 50},
                "start_date": "2012-06-01",
                "end_date": "2012-12-31",
            },
        ),
        (
            "aapl에 RSI(9)를 하단 25, 상단 75로 2010년부터 2011년까지 돌려줘",
            {
                "type": "rsi",
                "parameters": {"window": 9, "lower": 25.0, "upper": 75.0},
                "start_date": "2010-01-01",
                "end_date": "2011-12-31",
            },
        ),
        (
            "초기 자금 1억 5천만원, 수수료 없이 AAPL 매수 후 보유 백테스트해줘",
            {"type": "buy_and_hold", "initial_cash": 150_000_000.0, "commission_rate": 0.0},
        ),
        (
            "please try momentum with a 50 day lookback on FB with 10 bps slippage and $50k",
            {
                "type": "momentum",
                "parameters": {"lookback": 50},
                "slippage_rate": 0.001,
                "initial_cash": 50_000.0,
            },
        ),
        (
            "AAPL, FB를 벤치마크 AAPL로 해서 동일하게 고정 비중 quarterly로 돌려줘",
            {"type": "fixed_weights", "benchmark": "AAPL", "parameters": {"rebalance": "quarterly"}},
        ),
        (
            "최근 6개월 동안 AAPL 볼린저 밴드 window 30 width 1.5 실행해줘",
            {
                "type": "bollinger",
                "parameters": {"window": 30, "width": 1.5},
                "start_date": "2012-09-01",
                "end_date": "2013-03-01",
            },
        ),
    ],
)
async def test_what_is_asked_for_is_proposed_and_nothing_runs(message: str, wanted: dict[str, Any]) -> None:
    conversation = await Conversation.open()
    answer = await conversation.say(message)

    (proposed,) = conversation.proposed
    assert {name: proposed[name] for name in wanted} == wanted
    assert conversation.started == []
    assert ("응" in answer) or ("yes" in answer)
    assert "Not understood" not in answer
    assert "이해하지 못한" not in answer


@pytest.mark.parametrize("yes", ["응", "네, 실행해 주세요", "ㅇㅇ", "yes", "Go ahead!", "ok do it"])
async def test_what_is_confirmed_is_started_and_its_end_is_told(yes: str) -> None:
    conversation = await Conversation.open()
    await conversation.say("AAPL로 RSI 백테스트 돌려줘")
    answer = await conversation.say(yes)

    (request,) = conversation.started
    assert request.backtest_id in answer
    assert (request.user_id, request.session_id, request.trigger_reason) == (
        "kim",
        conversation.session_id,
        "chat",
    )
    assert conversation.config_of().type == "rsi"
    told = await conversation.finish()
    assert told.startswith(f"'{request.strategy_config.name}' 백테스트가 끝났습니다") or yes.isascii()
    assert conversation.session.context.focus == conversation.session.context.strategy_ids[0]


async def test_one_that_ran_runs_again_with_other_costs() -> None:
    conversation = await Conversation.open()
    await conversation.ran("Calm", type="rsi", parameters={"window": 9}, commission_rate=0.002)
    await conversation.say("어떤 전략이 더 안정적인가요?")
    answer = await conversation.say("슬리피지 2%로 다시 돌려줘")

    assert "슬리피지 2 % (이전 0 %)" in answer
    await conversation.say("응")
    config = conversation.config_of()
    assert (config.type, config.parameters["window"]) == ("rsi", 9)
    assert (config.commission_rate, config.slippage_rate) == (0.002, 0.02)
    assert conversation.started[-1].strategy_config.name == "Calm"
    assert "'Calm'" in await conversation.finish()


async def test_the_strategy_that_is_named_is_run_again_not_the_one_in_focus() -> None:
    conversation = await Conversation.open()
    await conversation.ran("Calm", type="rsi")
    await conversation.ran("Wild", type="momentum", symbols=["FB"], start_date="2012-06-01")
    await conversation.say("Calm의 샤프 비율은?")
    await conversation.say("Wild를 수수료 0.3 %로 다시 돌려줘", "응")

    assert conversation.started[-1].strategy_config.name == "Wild"
    config = conversation.config_of()
    assert (config.type, config.symbols, config.commission_rate) == ("momentum", ("FB",), 0.003)


async def test_several_are_run_again_at_once() -> None:
    conversation = await Conversation.open()
    for name in ("Calm", "Wild"):
        await conversation.ran(name, type="rsi")
    await conversation.say("rerun Calm and Wild with 1 % slippage", "yes")

    assert [each.strategy_config.name for each in conversation.started] == ["Calm", "Wild"]
    assert {conversation.config_of(number).slippage_rate for number in (0, 1)} == {0.01}


async def test_a_proposal_is_changed_and_refused() -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI on AAPL", "commission 0.2%")
    (proposed,) = conversation.proposed
    assert (proposed["type"], proposed["commission_rate"]) == ("rsi", 0.002)

    assert await conversation.say("no") == "It was not run."
    assert conversation.proposed == []
    assert "no backtest to confirm" in await conversation.say("yes")
    assert conversation.started == []


async def test_a_question_between_is_answered_and_says_what_is_still_proposed() -> None:
    conversation = await Conversation.open()
    await conversation.ran("Calm", type="rsi")
    answer = await conversation.say("run MACD on AAPL", "which strategy is steadier?")
    assert "Still proposed: 'MACD AAPL'. Say 'yes' to start it" in answer
    await conversation.say("yes")
    assert conversation.config_of().type == "macd"


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        (["window 7로 바꿔줘"], {"parameters": {"window": 7}}),
        (["window 7로 바꿔줘", "아니다 원래대로 14로"], {"parameters": {"window": 14}}),
        (["yes, but with lower 20"], {"parameters": {"lower": 20.0}}),
        (["FB로 바꿔줘"], {"symbols": ["FB"]}),
        (["종목에 FB도 추가해줘"], {"symbols": ["AAPL", "FB"]}),
        (["and add FB", "drop AAPL"], {"symbols": ["FB"]}),
        (["아니 수수료는 0.2로"], {"commission_rate": 0.002}),
        (["commission 30 bps", "no, make it 20 bps"], {"commission_rate": 0.002}),
        (["no, make it 20 bps", "slippage 20 bps"], {"slippage_rate": 0.002}),
        (["with 25k"], {"initial_cash": 25_000.0}),
        (["최근 2년으로 해줘"], {"start_date": "2011-03-01", "end_date": "2013-03-01"}),
        (["MACD로 바꿔줘"], {"type": "macd", "symbols": ["AAPL"]}),
        (["음 잘 모르겠는데"], {"type": "rsi", "symbols": ["AAPL"]}),
        (["벤치마크 FB로 해줘", "벤치마크 빼줘"], {"benchmark": None}),
        (["actually start in 2012-06"], {"start_date": "2012-06-01", "end_date": None}),
    ],
)
async def test_a_proposal_is_changed_in_the_words_of_people(
    changes: list[str], wanted: dict[str, Any]
) -> None:
    conversation = await Conversation.open()
    await conversation.say("AAPL로 RSI 백테스트 돌려줘", *changes)
    (proposed,) = conversation.proposed
    for name, value in wanted.items():
        if isinstance(value, dict):
            assert value.items() <= proposed[name].items()
        elif isinstance(value, float):
            assert proposed[name] == pytest.approx(value)
        else:
            assert proposed.get(name) == value


async def test_what_is_not_understood_of_a_change_is_said_and_changes_nothing() -> None:
    conversation = await Conversation.open()
    answer = await conversation.say("run RSI on AAPL", "use the moon phase")
    assert answer.startswith("The proposal is unchanged. Not understood: ")
    assert "Still proposed: 'RSI mean reversion AAPL'" in answer


async def test_what_could_not_run_can_be_changed() -> None:
    conversation = await Conversation.open()
    await conversation.say("AAPL RSI 1990년부터 1995년까지 돌려줘", "기간은 2011년부터 2012년까지", "응")
    config = conversation.config_of()
    assert (str(config.start_date), str(config.end_date)) == ("2011-01-01", "2012-12-31")


async def test_a_new_request_takes_nothing_from_what_was_proposed() -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI on AAPL with window 9 and 1 % slippage", "run RSI on AAPL")
    (proposed,) = conversation.proposed
    assert (proposed["parameters"], proposed.get("slippage_rate", 0.0)) == ({}, 0.0)


@pytest.mark.parametrize(
    ("message", "runs"),
    [
        ("run macd, rsi and donchian on AAPL", ["macd", "rsi", "donchian"]),
        ("run rsi and Calm on FB", ["momentum", "rsi"]),
        ("AAPL, FB 각각 RSI 돌려줘", ["rsi", "rsi"]),
        ("Wild 말고 Calm 다시 돌려줘", ["momentum"]),
        ("Calm이랑 Wild 둘 다 수수료 0.3%로 돌려줘", ["momentum", "sma_crossover"]),
        ("Calm을 Wild랑 같은 조건으로 돌려줘", ["momentum"]),
        ("Calm을 MACD로 돌려줘", ["macd"]),
    ],
)
async def test_as_many_run_as_are_asked_for(message: str, runs: list[str]) -> None:
    conversation = await Conversation.open()
    await conversation.ran("Calm", type="momentum", symbols=["AAPL"])
    await conversation.ran("Wild", type="sma_crossover", symbols=["FB"], start_date="2012-06-01")
    await conversation.say(message)
    assert [each["type"] for each in conversation.proposed] == runs


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("두 번째 거 다시 돌려줘", "Wild"),
        ("rerun the second one with 50 bps costs", "Wild"),
        ("첫번째 전략 수수료 0.5%로 다시 돌려줘", "Calm"),
        ("1번만 수수료 0으로 다시 돌려줘", "Calm"),
    ],
)
async def test_places_are_those_of_the_answer_before(message: str, name: str) -> None:
    conversation = await Conversation.open()
    await conversation.ran("Calm", type="momentum")
    await conversation.ran("Wild", type="rsi")
    await conversation.say("Calm이랑 Wild 비교해줘", message)
    assert [each["name"] for each in conversation.proposed] == [name]


async def test_one_that_is_called_by_what_it_runs_is_run_anew_but_again() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.say("AAPL로 모멘텀 돌려줘")
    await conversation.finish()
    await conversation.say("모멘텀 AAPL FB lookback 90 돌려줘")
    assert conversation.config_of().symbols == ("AAPL", "FB")
    assert conversation.started[-1].strategy_config.name == "모멘텀 AAPL FB"
    await conversation.say("모멘텀 AAPL 수수료 1%로 다시 돌려줘")
    assert conversation.started[-1].strategy_config.name == "모멘텀 AAPL"
    await conversation.say("같은 걸로 FB도 똑같이 해줘")


async def test_a_type_beside_a_strategy_is_run_as_that_is() -> None:
    conversation = await Conversation.open()
    await conversation.ran("Calm", type="momentum", symbols=["AAPL"], start_date="2012-06-01")
    await conversation.say("Calm하고 RSI 둘 다 수수료 0.3%로 돌려줘")
    calm, rsi = conversation.proposed
    assert (rsi["type"], rsi["symbols"], rsi["start_date"]) == ("rsi", ["AAPL"], calm["start_date"])


async def test_a_question_after_a_start_is_about_what_was_started() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.ran("Calm", type="momentum")
    await conversation.say("run RSI on AAPL", "what is its Sharpe ratio?")
    assert "no completed backtest" in conversation.last


async def test_weights_are_given_by_symbol() -> None:
    for message in (
        "AAPL FB 고정 비중 AAPL 0.6 FB 0.4 분기마다 리밸런싱으로 돌려줘",
        "run fixed weights 60% AAPL 40% FB rebalanced quarterly",
    ):
        conversation = await Conversation.open()
        await conversation.say(message)
        (proposed,) = conversation.proposed
        assert proposed["parameters"] == {"weights": {"AAPL": 0.6, "FB": 0.4}, "rebalance": "quarterly"}


async def test_the_figures_before_are_told_again() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.ran("Calm", type="rsi")
    await conversation.say("Calm의 샤프 비율은?", "수수료 1 %로 다시 돌려줘")
    await conversation.finish()
    assert (await conversation.say("원래 결과랑 비교해줘")).startswith("'Calm' 백테스트가 끝났습니다")


async def test_yes_to_what_is_not_complete_asks_again() -> None:
    conversation = await Conversation.open()
    await conversation.say("what about without slippage?")
    assert await conversation.say("yes")
    assert conversation.started == []


@pytest.mark.parametrize("hello", ["hello", "ㅎㅎ", "어떤 전략 유형이 있어?"])
async def test_small_talk_and_lists_leave_a_proposal_as_it_is(hello: str) -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI on AAPL", hello, "yes")
    assert len(conversation.started) == 1


async def test_what_is_lacking_is_asked_for() -> None:
    conversation = await Conversation.open()
    assert "'momentum'" in await conversation.say("run momentum")
    assert conversation.started == []
    await conversation.say("on FB", "yes")
    assert conversation.config_of().symbols == ("FB",)

    conversation = await Conversation.open()
    assert "어떤 전략을" in await conversation.say("AAPL로 돌려줘")
    await conversation.say("RSI로", "응")
    assert (conversation.config_of().type, conversation.config_of().symbols) == ("rsi", ("AAPL",))


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("TSLA로 RSI 백테스트 돌려줘", "TSLA의 가격 데이터가 없습니다"),
        ("run RSI on AAPL and ZZZZ", "no prices of ZZZZ"),
        ("run 황금거위 on AAPL", "'황금거위'"),
        ("슬리피지 0.002로 AAPL RSI 돌려줘", "단위"),
        ("run RSI on AAPL with 60 % slippage", "less than 50 %"),
        ("AAPL RSI 30/70 돌려줘", "window, lower, upper"),
        ("run RSI on AAPL with window 1", "at least 2"),
        ("run SMA on AAPL with fast 50 and slow 20", "must be smaller than"),
        ("run RSI on AAPL from 2012 to 2011", "before it ends"),
        ("run RSI on AAPL with stop loss 5%", "'stop loss' is not supported"),
        ("AAPL RSI를 레버리지 2배로 돌려줘", "'레버리지'은(는) 지원하지 않습니다"),
        ("run RSI on AAPL with -5 bps slippage", "at least 0 %"),
        ("테슬라로 모멘텀 돌려줘", "TSLA의 가격 데이터가 없습니다"),
        ("005930으로 RSI 돌려줘", "005930의 가격 데이터가 없습니다"),
        ("변동성 타겟 10%로 AAPL 돌려줘", "target, most, band"),
        ("run RSI on AAPL from 1990 to 1991", "AAPL"),
        ("AAPL RSI를 자금 0원으로 돌려줘", "초기 자금"),
    ],
)
async def test_what_can_not_be_run_is_said_and_not_proposed(message: str, says: str) -> None:
    conversation = await Conversation.open()
    answer = await conversation.say(message)
    assert says in answer
    await conversation.say("응")
    assert await conversation.others.backtest.claimable() == []


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("run RSI 14 and MACD on AAPL", "Give them by name"),
        ("run donchian on AAPL for the last 3 months since 2012-05-01", "exclude each other"),
        ("run RSI on AAPL with 99999999999999999999999999999 cash", "The initial cash must be more than 0"),
        ("run Alpha and Beta", "no strategy type called 'alpha'"),
    ],
)
async def test_a_request_that_is_not_clear_leaves_what_was_proposed(message: str, says: str) -> None:
    conversation = await Conversation.open()
    answer = await conversation.say("run SMA on AAPL with slippage 1 %", message)
    assert says in answer
    assert "Still proposed: 'Moving average crossover AAPL'" in answer
    await conversation.say("yes")
    assert conversation.config_of().slippage_rate == 0.01


@pytest.mark.parametrize("message", ["run RSI on AAPL since 2012-02-31", "AAPL RSI 최근 999999년 돌려줘"])
async def test_a_day_or_a_length_that_does_not_exist_is_no_setting(message: str) -> None:
    conversation = await Conversation.open()
    answer = await conversation.say(message)
    assert "2012-03-01~2013-03-01" in answer
    assert answer.startswith(("Not understood", "이해하지 못한 말"))


async def test_a_length_ends_where_the_message_says() -> None:
    conversation = await Conversation.open()
    await conversation.say("run donchian on AAPL for the last 3 months until 2012-12-31", "yes")
    config = conversation.config_of()
    assert (str(config.start_date), str(config.end_date)) == ("2012-09-30", "2012-12-31")


async def test_a_parameter_goes_to_the_types_that_have_it() -> None:
    conversation = await Conversation.open()
    await conversation.say("run RSI and SMA on AAPL with window 20")
    rsi, crossover = conversation.proposed
    assert rsi["parameters"] == {"window": 20}
    assert "window" not in crossover["parameters"]


async def test_words_that_mean_nothing_are_told() -> None:
    conversation = await Conversation.open(auto_run=True)
    answer = await conversation.say("run RSI on AAPL with fairy dust")
    assert answer.startswith("Not understood: 'fairy', 'dust'.")
    assert conversation.started == []  # although it need not ask


async def test_a_session_may_start_without_asking() -> None:
    conversation = await Conversation.open(auto_run=True)
    answer = await conversation.say("AAPL로 RSI 백테스트 돌려줘")
    assert answer.startswith("백테스트를 시작했습니다")
    assert len(conversation.started) == 1


async def test_what_runs_is_watched_and_cancelled() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.say("run RSI on AAPL")
    assert "waits for its turn" in await conversation.say("is it done?")
    assert "was cancelled" in await conversation.say("cancel it")
    before = len(conversation.session.history)
    await conversation.finish()
    assert len(conversation.session.history) == before  # that it was cancelled was told
    assert "was cancelled" in await conversation.say("is it done?")


async def test_the_one_that_is_named_is_cancelled() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.say("run RSI on AAPL", "run MACD on FB", "cancel RSI mean reversion AAPL")
    rsi, macd = conversation.started
    statuses = [(await conversation.others.backtest.show(each.backtest_id)).status for each in (rsi, macd)]
    assert statuses == ["cancelled", "pending"]


@pytest.mark.parametrize("message", ["취소해줘", "cancel it", "끝났어?", "is it done?"])
async def test_where_nothing_was_started_nothing_is_done(message: str) -> None:
    conversation = await Conversation.open()
    await conversation.say(message)
    assert conversation.started == []
    assert not any(type(each).__name__ == "BacktestCancelRequested" for each in conversation.others.asked)


async def test_the_end_is_told_beside_the_figures_before() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.ran("Calm", type="rsi")
    await conversation.say("Calm의 샤프 비율은?", "수수료 1 %로 다시 돌려줘")
    base = conversation.session.context.started[-1].base_id
    assert base is not None
    told = await conversation.finish()
    assert told.startswith("'Calm' 백테스트가 끝났습니다 (AAPL, ")
    assert told.count("이전") == 0  # the prices never move
    await conversation.say("다시 수수료 두 배로")
    assert conversation.config_of().commission_rate == pytest.approx(0.02)


async def test_the_end_of_another_conversation_s_backtest_is_not_told_here() -> None:
    conversation = await Conversation.open()
    await conversation.ran("Calm", type="rsi")
    assert await conversation.say("hello")
    before = conversation.session.history
    await conversation.others.backtest.accept("Wild", session_id="another")
    await conversation.finish()
    assert conversation.session.history == before


async def test_an_end_that_is_delivered_again_is_told_once() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.say("run RSI on AAPL")
    await conversation.finish()
    history = conversation.session.history
    (ended,) = conversation.ended
    await conversation.service.chat.hear_end(ended, delivery())
    assert (conversation.session.turn, conversation.session.history) == (None, history)


async def test_an_end_waits_for_the_answer_that_is_being_given() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.say("run RSI on AAPL")
    await conversation.service.say(conversation.session_id, "hello")
    (due,) = await conversation.others.backtest.claimable()
    await conversation.others.backtest.run(due)
    for _ in range(2):
        await conversation.hear()
    assert [each.turn.backtest_id for each in conversation.session.waiting] == [due]
    assert "is done" in await conversation.finish()
    assert [m.role for m in conversation.session.history[-3:]] == ["user", "assistant", "assistant"]


async def test_an_ended_session_hears_nothing() -> None:
    conversation = await Conversation.open(auto_run=True)
    await conversation.say("run RSI on AAPL")
    ending = SessionEndRequested(session_id=conversation.session_id)
    await conversation.service.sessions.end(ending, delivery())
    before = conversation.last
    assert await conversation.finish() == before
