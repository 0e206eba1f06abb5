"""Comparisons of strategies whose names are not written in full: what is read, and what is said of it."""

import pytest

from backchat_contracts import StrategyGap, StrategyMentionQueried, StrategyMentions
from tests.builders import delivery, strategy_saved
from tests.fakes import FakeSummariser
from tests.unit.compare.service import Service

pytestmark = pytest.mark.anyio


async def with_names(*names: str) -> Service:
    service = Service()
    for name in names:
        await service.know(name)
    return service


@pytest.mark.parametrize(
    ("query", "name", "said"),
    [
        ("모맨텀 수익률은?", "모멘텀", "'모맨텀'을(를) '모멘텀'(으)로 읽었습니다."),
        ("What is the return of Dual Momentm?", "Dual Momentum", "Read 'Dual Momentm' as 'Dual Momentum'."),
        ("듀얼모멘텀의 샤프는?", "Dual Momentum", "'듀얼모멘텀'을(를) 'Dual Momentum'(으)로 읽었습니다."),
    ],
)
async def test_a_name_that_is_nearly_written_is_answered_about_and_it_is_said(
    query: str, name: str, said: str
) -> None:
    service = await with_names("모멘텀", "Dual Momentum", "RSI 2", "RSI 역추세")
    answer = await service.compare(query)

    assert [each.name for each in answer.strategies_data] == [name]
    assert answer.understood is not None
    assert [each.name for each in answer.understood.read_as] == [name]
    assert (answer.summary or "").splitlines()[0] == said


async def test_it_is_said_how_a_name_was_read_whatever_a_language_model_writes() -> None:
    service = Service(FakeSummariser("It earned little."))
    await service.know("Dual Momentum")
    answer = await service.compare("What is the return of Dual Momentm?")
    assert answer.summary == "Read 'Dual Momentm' as 'Dual Momentum'.\nIt earned little."


async def test_where_several_names_fit_none_is_answered_about() -> None:
    service = await with_names("RSI 2", "RSI 역추세", "Dual Momentum")
    answer = await service.compare("RSI의 샤프 비율은?")

    assert answer.summary == (
        "'RSI': 비교 대상 중에 그런 이름의 전략이 없습니다. 혹시 'RSI 2' 또는 'RSI 역추세'인가요?"
    )
    assert (answer.ranking, answer.best_strategy_id) == ((), None)
    assert answer.understood is not None
    assert [each.names for each in answer.understood.did_you_mean] == [("RSI 2", "RSI 역추세")]

    beside = await service.compare("Is RSI better than Dual Momentum?")
    assert "'RSI': no strategy here has that name. Did you mean 'RSI 2' or 'RSI 역추세'?" in str(
        beside.summary
    )
    assert beside.ranking[0].entries[0].name == "Dual Momentum"


async def test_a_name_is_found_among_all_not_only_those_that_are_compared() -> None:
    service = await with_names("Dual Momentum")
    for number in range(60):
        await service.know(f"Carry {number}")
    assert [each.name for each in (await service.compare("Dual Momentm return?")).strategies_data] == [
        "Dual Momentum"
    ]

    await service.projection.strategy_saved(strategy_saved("Dual Momentam"), delivery(sequence=1))
    unsure = await service.compare("Dual Momentm return?", context_strategy_ids=["dual-momentum"])
    assert "Did you mean 'Dual Momentam' or 'Dual Momentum'?" in str(unsure.summary)


async def test_what_is_no_id_is_answered_with_those_whose_names_are_near() -> None:
    service = await with_names("모멘텀", "Dual Momentum", "RSI 2", "A")
    wanted = ["Dual Momentm", "momentum", "듀얼 모멘텀", "RSI", "zzz", "-"]
    answer = await service.compare(strategy_ids=wanted)

    assert [each.did_you_mean for each in answer.strategies_data if isinstance(each, StrategyGap)] == [
        ("dual-momentum",),
        ("모멘텀", "dual-momentum"),
        ("dual-momentum", "모멘텀"),
        ("rsi-2",),
        (),
        (),
    ]


async def test_a_text_mentions_names_that_are_near_to_it_beside_those_written_in_full() -> None:
    service = await with_names("모멘텀", "Dual Momentum", "RSI 2", "RSI 역추세")
    came = delivery()
    query = StrategyMentionQueried(text="Dual Momentm, RSI 2", context_strategy_ids=("모멘텀",))
    await service.comparisons.find_mentioned(query, came)
    (found,) = service.answers_to(came)

    assert isinstance(found, StrategyMentions)
    assert ([each.name for each in found.data], found.in_context) == (["RSI 2"], False)
    (near,) = found.near
    assert near.strategy is not None
    assert (near.written, near.names, near.strategy.strategy_id) == (
        "Dual Momentm",
        ("Dual Momentum",),
        "dual-momentum",
    )
    assert near.strategy.config is not None

    came = delivery()
    await service.comparisons.find_mentioned(StrategyMentionQueried(text="RSI"), came)
    (unsure,) = service.answers_to(came)
    assert isinstance(unsure, StrategyMentions)
    assert [(each.written, each.names, each.strategy) for each in unsure.near] == [
        ("RSI", ("RSI 2", "RSI 역추세"), None)
    ]
