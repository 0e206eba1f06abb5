"""Comparisons on fakes: what is compared, what is missing, and whether a model writes the summary."""

from datetime import timedelta
from typing import Literal

import pytest

from backchat_contracts import (
    ComparisonQueried,
    ComparisonView,
    Language,
    PairPage,
    StrategyDeleted,
    StrategyFigures,
    StrategyGap,
    StrategyMentionQueried,
    StrategyMentions,
    strategy_id,
)
from services.chassis.errors import RequestMismatchError
from services.compare import comparing, handlers
from services.compare.answers import Answer, Memory
from services.compare.errors import ComparisonNotFoundError, TooManyComparisonsError
from tests.builders import (
    NOW,
    backtest_completed,
    comparison_requested,
    config,
    delivery,
    performance,
    strategy_saved,
)
from tests.fakes import eventually
from tests.unit.compare.runs import BAD, GOOD, answered
from tests.unit.compare.service import Service

pytestmark = pytest.mark.anyio


async def with_three() -> Service:
    """Know three strategies, from the steadiest; "Wild" completed a backtest last."""
    service = Service()
    for name, volatility in (("Calm", 0.1), ("Mild", 0.2), ("Wild", 0.4)):
        await service.know(name, performance=performance(volatility=volatility))
    return service


async def test_strategies_are_compared_in_the_order_asked_for_and_each_once() -> None:
    service = await with_three()
    completed = await service.compare(strategy_ids=["wild", "calm", "wild"])

    assert [entry.strategy_id for entry in completed.strategies_data] == ["wild", "calm"]
    assert (completed.status, completed.total_strategies) == ("success", 2)
    (published,) = service.published()
    assert published.best_strategy_id == "calm"
    assert (published.metric, published.provider) == ("volatility", "computed")
    assert published.completed_at == service.clock()
    assert (published.strategies_data, published.summary) == (completed.strategies_data, completed.summary)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "ko",
            [
                "전략을 찾을 수 없습니다",
                "완료된 백테스트 결과가 없습니다",
                "백테스트 결과를 찾을 수 없습니다",
            ],
        ),
        (
            "en",
            ["Strategy not found", "There is no completed backtest", "The backtest's result was not found"],
        ),
        (
            None,
            [
                "전략을 찾을 수 없습니다",
                "완료된 백테스트 결과가 없습니다",
                "백테스트 결과를 찾을 수 없습니다",
            ],
        ),
    ],
)
async def test_the_three_kinds_of_missing_data(language: Language | None, texts: list[str]) -> None:
    service = await with_three()
    await service.projection.strategy_saved(strategy_saved("Idle"), delivery(sequence=1))
    await service.know("Lost", performance=None)
    completed = await service.compare(
        "어떤 전략이 더 안정적인가요?", strategy_ids=["calm", "unknown", "idle", "lost"], language=language
    )

    figures, *gaps = completed.strategies_data
    assert isinstance(figures, StrategyFigures)
    assert [gap.model_dump() for gap in gaps] == [
        {
            "strategy_id": strategy_id,
            "name": name,
            "error": text,
            "error_code": code,
        }
        for strategy_id, name, text, code in zip(
            ["unknown", "idle", "lost"],
            ["Unknown Strategy", "Idle", "Lost"],
            texts,
            ["strategy_not_found", "no_completed_backtest", "result_not_found"],
            strict=True,
        )
    ]
    assert completed.total_strategies == 4
    assert [published.best_strategy_id for published in service.published()] == ["calm"]


@pytest.mark.parametrize(
    ("query", "part"), [("더 안정적인 것은?", "전략은"), ("Which is steadier?", "is 'Calm'")]
)
async def test_the_summary_is_in_the_language_of_the_question(query: str, part: str) -> None:
    service = await with_three()
    completed = await service.compare(query, strategy_ids=["calm", "wild"])

    assert completed.summary is not None
    assert part in completed.summary


async def test_in_a_conversation_the_summary_is_in_the_language_wanted() -> None:
    service = Service()
    await service.know("Calm")
    given = {"strategy_ids": ["calm"], "language": "en", "summary": "computed"}
    alone = await service.compare("어떤 전략이 더 안정적인가요?", **given)
    spoken = await service.compare("어떤 전략이 더 안정적인가요?", session_id="s", **given)

    assert alone.summary is not None
    assert alone.summary.startswith("'Calm'의")
    assert spoken.summary is not None
    assert spoken.summary.startswith("The annual volatility of 'Calm'")


async def test_a_deleted_strategy_is_not_found() -> None:
    service = await with_three()
    gone = StrategyDeleted(strategy_id="wild", deleted_at=NOW)
    await service.projection.strategy_deleted(gone, delivery(sequence=2))
    completed = await service.compare(strategy_ids=["wild"])

    (gap,) = completed.strategies_data
    assert isinstance(gap, StrategyGap)
    assert gap.error_code == "strategy_not_found"


async def test_an_older_event_of_the_catalogue_changes_nothing() -> None:
    service = await with_three()
    gone = StrategyDeleted(strategy_id="wild", deleted_at=NOW)
    await service.projection.strategy_deleted(gone, delivery(sequence=2))
    await service.projection.strategy_saved(strategy_saved("Wild"), delivery(sequence=1))

    completed = await service.compare(strategy_ids=["wild"])
    assert isinstance(completed.strategies_data[0], StrategyGap)


async def test_the_latest_completed_backtest_counts_whatever_comes_last() -> None:
    service = Service()
    latest = await service.know("Calm")
    older = backtest_completed("Calm", completed_at=latest.completed_at - timedelta(hours=1))
    await service.projection.backtest_completed(older, delivery())

    (entry,) = (await service.compare(strategy_ids=["calm"])).strategies_data
    assert isinstance(entry, StrategyFigures)
    assert entry.backtest_id == latest.backtest_id


async def test_a_backtest_may_be_known_before_its_strategy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "SERIES_SECONDS", 0.01)
    service = Service()
    await service.projection.backtest_completed(backtest_completed("Calm"), delivery())
    unknown = await service.compare(strategy_ids=["calm"])
    assert isinstance(unknown.strategies_data[0], StrategyGap)

    await service.projection.strategy_saved(strategy_saved("Calm"), delivery(sequence=1))
    known = await service.compare(strategy_ids=["calm"])
    assert isinstance(known.strategies_data[0], StrategyFigures)


async def test_without_ids_those_that_the_question_names_are_compared() -> None:
    service = await with_three()
    completed = await service.compare("Mild or wild?", context_strategy_ids=["calm"])

    assert {entry.strategy_id for entry in completed.strategies_data} == {"mild", "wild"}


async def test_else_what_the_conversation_is_about() -> None:
    service = await with_three()
    completed = await service.compare("and its drawdown?", context_strategy_ids=["calm", "unknown"])

    assert [entry.strategy_id for entry in completed.strategies_data] == ["calm", "unknown"]


@pytest.mark.parametrize("context", [None, []])
async def test_else_all_with_a_completed_backtest_the_latest_first(context: list[str] | None) -> None:
    service = await with_three()
    await service.projection.strategy_saved(strategy_saved("Idle"), delivery(sequence=1))
    completed = await service.compare("which is steadier?", context_strategy_ids=context)

    assert [entry.strategy_id for entry in completed.strategies_data] == ["wild", "mild", "calm"]


async def test_nothing_known_is_an_answer_too() -> None:
    service = Service()
    completed = await service.compare("which is steadier?")

    assert (completed.strategies_data, completed.total_strategies) == ((), 0)
    assert completed.summary == "There are no backtest results to compare."
    assert [published.best_strategy_id for published in service.published()] == [None]


async def test_data_alone_is_neither_summarised_nor_stored_nor_published() -> None:
    service = await with_three()
    completed = await service.compare(strategy_ids=["calm", "wild"], summary="none")

    assert "summary" not in completed.model_dump()
    assert completed.total_strategies == 2
    assert service.store.memory.documents == {}
    assert service.published() == []


@pytest.mark.parametrize("mode", ["auto", "computed"])
async def test_without_a_language_model_the_answer_is_computed_and_published(
    mode: Literal["auto", "computed"],
) -> None:
    service = await with_three()
    completed = await service.compare(strategy_ids=["calm", "wild"], summary=mode)

    assert [published.provider for published in service.published()] == ["computed"]
    assert service.published()[0].summary == completed.summary
    assert await service.queue.due(service.clock()) == []


async def test_a_request_that_comes_twice_is_published_once_and_answered_twice() -> None:
    service = await with_three()
    request, first, second = comparison_requested(strategy_ids=["calm"]), delivery(), delivery()
    await service.comparisons.compare(request, first)
    await service.work(request.comparison_id)
    await service.know("Calm", performance=performance(volatility=0.3))  # not what was answered
    await service.comparisons.compare(request, second)

    assert len(service.published()) == 1
    assert service.answers_to(first) == service.answers_to(second) != []


@pytest.mark.parametrize(
    "other", [{"query": "Which is best?"}, {"strategy_ids": ("calm",)}, {"language": "ko"}]
)
async def test_a_comparisons_id_that_comes_with_something_else_is_refused(other: dict[str, object]) -> None:
    service = await with_three()
    request = comparison_requested(strategy_ids=["calm", "wild"], language="en")
    await service.comparisons.compare(request, delivery())
    await service.work(request.comparison_id)

    with pytest.raises(RequestMismatchError):
        await service.comparisons.compare(request.model_copy(update=other), delivery())
    assert len(service.published()) == 1


async def test_an_equal_question_again_is_answered_at_once_and_asks_for_no_curves() -> None:
    service = await with_three()
    first = await service.compare(strategy_ids=["calm", "wild"])
    asked, came = list(service.asked), delivery()
    await service.comparisons.compare(comparison_requested(strategy_ids=["calm", "wild"]), came)

    (again,) = service.answers_to(came)
    assert isinstance(again, ComparisonView)
    assert again.model_copy(update={"comparison_id": first.comparison_id}) == first
    assert service.asked == asked
    assert len(set(asked)) == len(asked) == 2


async def test_an_answer_is_another_as_soon_as_what_it_is_of_has_changed() -> None:
    service = await with_three()
    asked = comparison_requested("Which is steadier?", strategy_ids=["calm", "wild"])
    first = await service.comparing.compute(asked)
    assert await service.comparing.at_once(asked) is first

    await service.know("Tried", config=config(parameters={"short": 5}))  # on the same symbols
    after = await service.compare("Which is steadier?", strategy_ids=["calm", "wild"], summary="none")
    assert first.answer.findings.trials != after.trials

    renamed = strategy_saved("Calm").model_copy(update={"name": "Serene"})
    await service.projection.strategy_saved(renamed, delivery(sequence=2))
    after = await service.compare("Which is steadier?", strategy_ids=["calm", "wild"], summary="none")
    assert after.strategies_data[0].name == "Serene"

    newer = await service.know("Wild", performance=performance(volatility=0.05))
    after = await service.compare("Which is steadier?", strategy_ids=["calm", "wild"], summary="none")
    assert isinstance(after.strategies_data[1], StrategyFigures)
    assert after.strategies_data[1].backtest_id == newer.backtest_id


async def test_ids_that_fit_an_unknown_one_are_looked_up_each_time() -> None:
    service = await with_three()
    before = await service.compare(strategy_ids=["Ser", "calm"], summary="none")
    await service.projection.strategy_saved(strategy_saved("Serene"), delivery(sequence=1))
    after = await service.compare(strategy_ids=["Ser", "calm"], summary="none")

    fitting = [answer.strategies_data[0].did_you_mean for answer in (before, after)]
    assert fitting == [(), ("serene",)]


async def test_data_alone_has_the_same_figures_and_no_prose() -> None:
    service = await with_three()
    prose = await service.compare(strategy_ids=["calm", "wild"])
    data = await service.compare(strategy_ids=["calm", "wild"], summary="none")

    assert (prose.provider, data.provider) == ("computed", "computed")
    changed = {"summary": None, "comparison_id": None}
    assert data == prose.model_copy(update=changed)


async def test_backtests_are_compared_by_their_ids_also_two_of_one_strategy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparing, "SERIES_SECONDS", 0.01)
    service = Service()
    older, newer = await service.know("Calm"), await service.know("Calm")
    service.codes = {"nothing": "backtest-not-found", "running": "result-not-ready", "late": None}
    wanted = [older.backtest_id, newer.backtest_id, *service.codes]
    completed = await service.compare("Which is better?", backtest_ids=wanted)

    assert [each.backtest_id for each in completed.strategies_data] == wanted
    assert [getattr(each, "error_code", None) for each in completed.strategies_data] == [
        None,
        None,
        "result_not_found",
        "no_completed_backtest",
        "result_not_in_time",
    ]
    assert len(completed.pairs) == 1

    del service.codes["late"]  # asked again when the service answers, it is not the same question
    *_, late = (await service.compare("Which is better?", backtest_ids=wanted)).strategies_data
    assert isinstance(late, StrategyGap)
    assert late.error == "백테스트 결과를 찾을 수 없습니다"


async def test_a_name_is_answered_with_the_ids_that_fit() -> None:
    service = await with_three()
    await service.know("SMA 20/50")
    completed = await service.compare(strategy_ids=["SMA 20/50", "wil", "nothing"])

    assert [each.did_you_mean for each in completed.strategies_data if isinstance(each, StrategyGap)] == [
        (strategy_id("SMA 20/50"),),
        ("wild",),
        (),
    ]


async def test_curves_that_do_not_come_leave_a_strategy_out_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparing, "SERIES_SECONDS", 0.01)
    service = await with_three()
    lost = (await service.know("Lost")).backtest_id
    del service.owned[lost]
    completed = await service.compare(strategy_ids=["calm", "wild", "lost"])

    assert {each.name: each.code for each in completed.excluded} == {"Lost": "series-unavailable"}
    assert completed.verdict[0].leader != lost
    assert completed.summary is not None
    assert "did not come in time" in completed.summary


async def test_a_stored_comparison_is_shown_again_with_all_of_its_pairs() -> None:
    service = await with_three()
    completed = await service.compare(strategy_ids=["calm", "mild", "wild"])
    assert completed.comparison_id is not None
    shown, pages = delivery(), [delivery(), delivery()]
    await service.comparisons.query(ComparisonQueried(comparison_id=completed.comparison_id), shown)
    for cursor, came in zip((None, "2"), pages, strict=True):
        query = ComparisonQueried(comparison_id=completed.comparison_id, pairs=True, limit=2, cursor=cursor)
        await service.comparisons.query(query, came)
        await eventually(lambda came=came: bool(service.answers_to(came)))

    assert service.answers_to(shown) == [completed]
    first, second = (service.answers_to(came)[0] for came in pages)
    assert isinstance(first, PairPage)
    assert isinstance(second, PairPage)
    assert (first.has_more, first.next, second.has_more, second.next) == (True, "2", False, None)
    assert (*first.data, *second.data) == completed.pairs


async def test_what_is_not_stored_is_not_found() -> None:
    service = await with_three()
    with pytest.raises(ComparisonNotFoundError):
        await service.comparisons.query(ComparisonQueried(comparison_id="nothing"), delivery())
    pending = comparison_requested(strategy_ids=["calm"])
    await service.comparisons.compare(pending, delivery())
    with pytest.raises(ComparisonNotFoundError):
        await service.comparisons.query(ComparisonQueried(comparison_id=pending.comparison_id), delivery())


async def test_too_many_that_wait_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "MOST_WAITING", 1)
    service = await with_three()
    request = comparison_requested(strategy_ids=["calm"], summary="none")
    await service.comparisons.compare(request, delivery())

    with pytest.raises(TooManyComparisonsError):
        await service.comparisons.compare(request, delivery())
    await service.comparisons.stop()


async def test_only_so_many_answers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "REMEMBERED", 5)
    service = await with_three()
    first, second, third = (comparison_requested(strategy_ids=[name]) for name in ("calm", "wild", "mild"))
    for request in (first, second, third):
        assert await service.comparing.compute(request)

    assert await service.comparing.at_once(first) is None
    assert await service.comparing.at_once(second)
    assert await service.comparing.at_once(third)


def test_what_was_used_last_is_remembered() -> None:
    memory: Memory[Answer] = Memory(5)
    both, one, other = (answered("Which is best?", *runs) for runs in ((GOOD, BAD), (GOOD,), (BAD,)))
    memory.keep("both", both)
    memory.keep("one", one)
    assert memory.get("both") is both
    memory.keep("other", other)

    assert memory.get("one") is None
    assert (memory.get("both"), memory.get("other")) == (both, other)


async def mentioned(service: Service, text: str, *context: str) -> StrategyMentions:
    came = delivery()
    query = StrategyMentionQueried(text=text, context_strategy_ids=context)
    await service.comparisons.find_mentioned(query, came)
    (answer,) = service.answers_to(came)
    assert isinstance(answer, StrategyMentions)
    return answer


async def test_strategies_are_found_in_a_text_with_what_they_have_run() -> None:
    service = await with_three()
    found = await mentioned(service, "WILD를 Calm처럼 다시", "mild")
    assert ([each.strategy_id for each in found.data], found.in_context) == (["wild", "calm"], False)
    wild = (await service.model.get(["wild"]))["wild"].latest
    assert wild is not None
    assert (found.data[0].backtest_id, found.data[0].config) == (wild.backtest_id, wild.config)

    context = await mentioned(service, "again", "mild", "gone")
    assert ([each.name for each in context.data], context.in_context) == (["Mild"], True)
    assert (await mentioned(service, "again")).data == ()


async def test_a_strategy_that_never_ran_is_found_with_the_symbols_that_it_was_saved_with() -> None:
    service = Service()
    await service.projection.strategy_saved(strategy_saved("New one"), delivery(sequence=1))
    (found,) = (await mentioned(service, "run new one")).data
    assert (found.name, found.backtest_id, found.config) == ("New one", None, None)
    assert found.symbols == ("AAPL",)


async def test_an_answer_about_a_window_is_remembered_beside_that_about_another() -> None:
    service = await with_three()
    years = [{"window": {"start": f"{year}-01-01", "end": f"{year}-12-31"}} for year in (2010, 2011)]
    names = {"strategy_ids": ["calm", "wild"]}
    requests = [comparison_requested(**names, **year) for year in years]
    requests.append(comparison_requested("Which is steadier in 2010?", **names))
    first, second, said = [await service.comparing.compute(each) for each in requests]

    windows = [each.answer.findings.window for each in (first, second, said)]
    assert all(windows)
    assert windows[0] == windows[2] != windows[1]
    for request, kept in zip(requests, (first, second, said), strict=True):
        assert await service.comparing.at_once(request) is kept
    assert await service.comparing.at_once(comparison_requested(**names)) is None


async def test_a_question_that_continues_others_is_answered_like_the_whole_one() -> None:
    service = await with_three()
    whole = await service.compare("top 2 by return in 2010", summary="none")
    after = await service.compare(
        "in 2010?", context_queries=["top 2 by return in 2011", "2012년에는?"], summary="none"
    )
    plain = await service.compare("in 2010?", summary="none")

    assert (after.ranking, after.window, after.verdict) == (whole.ranking, whole.window, whole.verdict)
    assert after.ranking
    assert after.query == "in 2010?"
    assert plain.ranking == ()


async def pairs_of(service: Service, completed: ComparisonView) -> PairPage:
    query, came = ComparisonQueried(comparison_id=completed.comparison_id or "", pairs=True), delivery()
    await service.comparisons.query(query, came)
    await eventually(lambda: bool(service.answers_to(came)))
    (page,) = service.answers_to(came)
    assert isinstance(page, PairPage)
    return page


async def test_the_pairs_of_a_comparison_about_a_window_are_those_of_its_days() -> None:
    service = await with_three()
    window = {"start": "2010-03-01", "end": "2010-12-31"}
    completed = await service.compare(strategy_ids=["calm", "mild", "wild"], window=window)
    page = await pairs_of(service, completed)

    assert page.data == completed.pairs
    assert {pair.bars for pair in page.data} == {completed.window.bars if completed.window else 0}


@pytest.mark.parametrize(
    ("question", "more"),
    [
        ("in 2010?", {"context_queries": ["which has the highest return in 2011?"]}),
        ("그 반대는?", {"context_queries": ["변동성이 가장 낮은 전략은?"]}),
        ("which is steadier?", {"excluded_strategy_ids": ["mild"]}),
    ],
)
async def test_the_pairs_of_a_question_that_continues_another_are_tested_as_in_its_answer(
    question: str, more: dict[str, list[str]]
) -> None:
    service = await with_three()
    completed = await service.compare(question, **more)
    page = await pairs_of(service, completed)

    assert page.data == completed.pairs
    assert all(pair.tests for pair in page.data)
    assert page.data


async def test_backtests_that_there_are_not_are_told_by_their_own_ids(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparing, "SERIES_SECONDS", 0.01)
    service = Service()
    known = [(await service.know(name)).backtest_id for name in ("Calm", "Wild")]
    for missing in ("nothing", "nothing-else"):
        answer = await service.compare("Which is better?", backtest_ids=[*known, missing], summary="none")
        assert [each.backtest_id for each in answer.excluded] == [missing]
