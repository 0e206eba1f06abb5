"""Questions about the catalogue itself: how many strategies there are, which, and what they ran."""

from typing import Any

import pytest

from backchat_contracts import ComparisonView
from services.backtest.domain.strategy_types import STRATEGIES
from tests.builders import config, delivery, strategy_saved
from tests.unit.compare.catalogues import with_many
from tests.unit.compare.service import Service

pytestmark = pytest.mark.anyio


def summary_of(view: ComparisonView) -> str:
    assert view.understood
    assert view.understood.beyond == "catalogue"
    assert view.ranking == ()
    assert view.summary is not None
    return view.summary


async def with_four() -> Service:
    """Know three strategies that ran, and one that did not; "Newest" completed a backtest last."""
    service = Service()
    rsi: dict[str, Any] = {"type": "rsi", "parameters": {}}
    await service.know("Old", config=config(symbols=("AAPL",), commission_rate=0.0))
    await service.know("Crossing", config=config(symbols=("AAPL", "IBM"), type="sma_crossover"))
    await service.know("Newest", config=config(symbols=("MSFT",), slippage_rate=0.001, **rsi))
    await service.projection.strategy_saved(strategy_saved("Idle"), delivery(sequence=1))
    return service


@pytest.mark.parametrize(
    ("count", "english", "korean"),
    [
        (0, "There are 0 strategies.", "전략은 0개입니다."),
        (1, "There is 1 strategy: 'S 0' (buy_and_hold", "전략은 1개입니다: 'S 0' ("),
        (60, "There are 60 strategies: 'S 59' (", "전략은 60개입니다: 'S 59' ("),
        (1_000, "There are 1,000 strategies: 'S 999' (", "전략은 1,000개입니다: 'S 999' ("),
        (10_000, "There are 10,000 strategies: 'S 9999' (", "전략은 10,000개입니다: 'S 9999' ("),
    ],
)
async def test_strategies_are_counted(count: int, english: str, korean: str) -> None:
    service = await with_many(count)
    for query, said in (("How many strategies are there?", english), ("전략 몇 개 있어?", korean)):
        view = await service.compare(query)
        assert summary_of(view).startswith(said)
        assert len(view.strategies_data) == min(count, 10)
    assert ("외 9,990개" in summary_of(view)) is (count == 10_000)


@pytest.mark.parametrize(
    ("query", "said", "ids"),
    [
        ("List my strategies", "There are 4 strategies: 'Newest' (rsi · MSFT); ", "newest crossing old idle"),
        ("List my strategies", "1 of these has no completed backtest.", "newest crossing old idle"),
        ("Which ones have no backtest?", "1 of 4 strategies has no completed backtest: 'Idle'.", "idle"),
        ("백테스트가 없는 전략은?", "완료된 백테스트가 없는 전략은 4개 중 1개입니다: 'Idle'.", "idle"),
        ("How many have been backtested?", "3 of 4 strategies have a completed", "newest crossing old"),
        ("Which strategies trade AAPL?", "2 of 4 strategies ran on AAPL: 'Crossing'", "crossing old"),
        ("Which strategies trade AAPL?", "without a completed backtest (1) would run is not", "crossing old"),
        ("애플 거래하는 전략은?", "AAPL 종목으로 실행된 전략은 4개 중 2개", "crossing old"),
        ("AAPL이랑 IBM으로 돌린 전략은?", "AAPL, IBM 종목으로 실행된 전략은 4개 중 1개", "crossing"),
        ("Which trade TSLA?", "'TSLA': no backtest that stands for a strategy ran on it.", ""),
        ("Which trade TSLA?", "Those that there are: AAPL, IBM, MSFT.", ""),
        ("Which use RSI?", "1 of 4 strategies is of type rsi: 'Newest'", "newest"),
        ("RSI 유형 전략은?", "rsi 유형 전략은 4개 중 1개입니다", "newest"),
        ("How many crossover strategies are there?", "is of type sma_crossover", "crossing"),
        ("Which use MACD?", "'MACD': no backtest that stands for a strategy is of a type of this name", ""),
        ("이동평균 쓰는 전략은?", "sma_crossover 유형 전략은 4개 중 1개", "crossing"),
        ("What strategies use moving averages?", "is of type sma_crossover", "crossing"),
        ("구글 거래하는 전략 있어?", "'구글': 그런 종목으로 실행된 백테스트가 없습니다", ""),
        ("RSI strategies on MSFT", "1 of 4 strategies ran on MSFT, is of type rsi", "newest"),
        ("Which ran with 0 commission?", "1 of 4 strategies ran with a commission of 0 %", "old"),
        ("수수료 0으로 돌린 전략은?", "수수료율 0 %로 실행된 전략은 4개 중 1개", "old"),
        ("Which strategies ran with 10 bps slippage?", "ran with a slippage of 0.1 %: 'Newest'", "newest"),
        ("초기 자금 5만으로 돌린 전략은?", "초기 자금이 50,000인 전략은 4개 중 0개입니다.", ""),
        ("언제 마지막으로 돌렸어?", "마지막으로 완료된 백테스트: 'Newest' 2026-", "newest crossing old"),
        ("When was Old last run?", "The last completed backtests: 'Old' 2026-", "old"),
    ],
)
async def test_which_there_are_is_told(query: str, said: str, ids: str) -> None:
    view = await (await with_four()).compare(query)

    assert said in summary_of(view)
    assert [entry.strategy_id for entry in view.strategies_data] == ids.split()


@pytest.mark.parametrize("name", [*STRATEGIES])
async def test_a_type_is_found_by_all_that_it_is_called(name: str) -> None:
    service = Service()
    await service.know("Other", config=config(type="other"))
    await service.know("One", config=config(type=name, parameters={}))
    for called in (name, name.replace("_", " "), *STRATEGIES[name].also_called):
        view = await service.compare(f"{called} 유형 전략은?")
        assert [each.strategy_id for each in view.strategies_data] == ["one"], called


async def test_how_many_there_are_is_a_field_too() -> None:
    view = await (await with_four()).compare("Which strategies trade AAPL?")

    assert view.listed
    assert (view.listed.strategies, view.listed.untested, view.listed.matching) == (4, 1, 2)


async def test_nothing_ran_yet() -> None:
    assert summary_of(await Service().compare("언제 마지막으로 돌렸어?")) == "완료된 백테스트가 없습니다."


async def test_when_is_about_the_subject_of_the_conversation() -> None:
    view = await (await with_four()).compare("When did it last run?", context_strategy_ids=("old",))

    assert [entry.strategy_id for entry in view.strategies_data] == ["old"]


async def test_how_many_there_are_is_about_all_also_in_a_conversation() -> None:
    view = await (await with_four()).compare("전략 몇 개 있어?", context_strategy_ids=("old",))

    assert summary_of(view).startswith("전략은 4개입니다")


async def test_the_name_of_a_strategy_is_no_type_unless_it_is_said_to_be_one() -> None:
    service = await with_four()
    await service.know("RSI", config=config(type="momentum"))

    assert [each.strategy_id for each in (await service.compare("RSI 전략 보여줘")).strategies_data] == [
        "rsi"
    ]
    assert "is of type rsi: 'Newest'" in summary_of(await service.compare("Which use RSI?"))
    assert "rsi 유형 전략은 5개 중 1개" in summary_of(await service.compare("RSI 전략은 몇 개야?"))


@pytest.mark.parametrize(
    "query", ["Which is best?", "Which trade most?", "Compare all strategies", "Show the best strategies"]
)
async def test_other_questions_are_no_lists(query: str) -> None:
    view = await (await with_four()).compare(query)

    assert view.understood
    assert view.understood.beyond is None


async def test_no_curves_are_asked_for() -> None:
    service = await with_four()
    await service.compare("List my strategies")

    assert service.asked == []


async def test_those_given_by_id_are_compared() -> None:
    view = await (await with_four()).compare("List my strategies", strategy_ids=("old", "newest"))

    assert view.understood
    assert view.understood.beyond is None
    assert len(view.strategies_data) == 2
