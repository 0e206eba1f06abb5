"""Backtests: accepted or rejected, looked up."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from backchat_contracts import (
    BacktestAccepted,
    BacktestPage,
    BacktestQueried,
    BacktestRejected,
    BacktestResultView,
    BacktestView,
    StrategyDeleteRequested,
)
from services.backtest.domain.catalogue import Version
from services.backtest.domain.instruments import Instrument
from services.backtest.domain.planning import Definition, define, plan
from services.backtest.domain.prices import PriceHistory, Series, select_prices
from services.backtest.domain.strategy_types import STRATEGIES
from services.backtest.errors import BacktestNotFoundError, ResultNotReadyError
from services.backtest.ports import MarketData
from services.chassis.errors import RequestMismatchError
from services.chassis.messaging.envelope import Origin
from services.chassis.paging import BadCursorError
from tests.builders import NOW, backtest_requested, delivery, new_id, strategy
from tests.unit.backtest_service.service import COVERAGE, LAST_DAY, Service, market

pytestmark = pytest.mark.anyio


async def accepted(service: Service, **given: Any) -> BacktestAccepted:
    came = delivery()
    await service.requests.take(backtest_requested(**given), came)
    (answer,) = service.answers_to(came)
    assert isinstance(answer, BacktestAccepted)
    return answer


async def page(service: Service, **given: Any) -> BacktestPage:
    came = delivery()
    await service.backtests.query(BacktestQueried.model_validate(given), came)
    (answer,) = service.answers_to(came)
    assert isinstance(answer, BacktestPage)
    return answer


async def test_a_request_is_stored_announced_published_and_replied_to() -> None:
    service = Service()
    request, came = backtest_requested("SMA 20 50", user_id="kim", trigger_reason="nightly"), delivery()
    await service.requests.take(request, came)

    (answer,) = service.answers_to(came)
    assert isinstance(answer, BacktestAccepted)
    assert (answer.backtest_id, answer.strategy_id, answer.strategy_name, answer.user_id) == (
        request.backtest_id,
        "sma-20-50",
        "SMA 20 50",
        "kim",
    )
    assert (answer.estimated_duration_seconds, answer.accepted_at) == (4.5, NOW)
    assert answer.config.tags == ("nightly", "auto_generated")
    assert service.workload.announced == [request.backtest_id]
    (record,) = service.store.memory.sent
    assert BacktestAccepted.model_validate_json(record.value) == answer
    assert record.headers["correlation_id"] == came.origin.correlation_id
    assert await service.queue.due(service.clock()) == [request.backtest_id]


async def test_a_backtest_that_waits_is_shown() -> None:
    service = Service()
    request = await service.accept(trigger_reason="nightly")

    view = await service.show(request.backtest_id)
    shown = view.model_dump()
    assert (view.id, view.name, view.description) == (
        request.backtest_id,
        "Auto: SMA 20 50",
        "Triggered by nightly",
    )
    assert (view.status, view.created_at, view.started_at, view.completed_at) == ("pending", NOW, None, None)
    assert not {"performance", "error"} & shown.keys()


async def test_what_is_left_out_is_resolved() -> None:
    config = (await accepted(Service())).config

    assert (config.start_date, config.end_date) == (LAST_DAY - timedelta(days=365), LAST_DAY)
    assert (config.initial_cash, config.commission_rate, config.slippage_rate) == (100_000.0, 0.001, 0.0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ("buy_and_hold", {})),
        ({"type": "rsi"}, ("rsi", {"window": 14, "lower": 30.0, "upper": 70.0})),
        (
            {"type": "sma_crossover", "parameters": {"fast": 5}},
            ("sma_crossover", {"fast": 5, "slow": 50}),
        ),
    ],
)
async def test_a_new_strategy_is_catalogued_as_it_runs(
    given: dict[str, Any], expected: tuple[str, dict[str, float]]
) -> None:
    service = Service()
    answer = await accepted(service, **given)

    assert (answer.config.type, answer.config.parameters) == expected
    stored = await service.strategies.get("sma-20-50")
    assert stored is not None
    assert (stored.state.definition, stored.state.symbols) == (Definition(*expected), ("AAPL",))
    assert [record.topic for record in service.strategies.memory.sent] == ["strategy.saved"]


async def test_without_a_type_the_catalogues_strategy_runs() -> None:
    service = Service()
    versions = (Version(Definition("sma_crossover", {"fast": 10, "slow": 30}), NOW),)
    await service.strategies.add(strategy("SMA 20 50", versions=versions).create(), Origin())
    answer = await accepted(service, name="sma 20 50")

    assert (answer.config.type, answer.config.parameters) == ("sma_crossover", {"fast": 10, "slow": 30})
    assert len(service.strategies.memory.sent) == 1


async def test_a_request_that_comes_twice_is_one_job() -> None:
    service, request = Service(), backtest_requested()
    first, second = delivery(), delivery()
    await service.requests.take(request, first)
    service.clock.advance(minutes=1)
    await service.requests.take(request, second)

    assert service.published() == ["backtest.accepted"]
    assert service.workload.announced == [request.backtest_id]
    assert [type(answer) for answer in service.answers_to(second)] == [BacktestAccepted]
    assert (await service.show(request.backtest_id)).created_at == NOW


async def test_an_id_that_was_used_for_another_request_is_refused() -> None:
    service = Service()
    backtest_id = new_id("backtest")
    first = await accepted(service, backtest_id=backtest_id, type="rsi")
    with pytest.raises(RequestMismatchError):
        await accepted(service, backtest_id=backtest_id, type="momentum")

    assert (await service.show(backtest_id)).config == first.config
    assert service.published() == ["backtest.accepted"]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"symbols": ["TSLA"]}, ["'TSLA'", "AAPL 2000-03-01..2013-03-01", "FB 2012-05-18..2013-03-01"]),
        ({"start_date": date(1999, 1, 4)}, ["1999-01-04", "2000-03-01..2013-03-01"]),
        ({"end_date": date(2024, 1, 4)}, ["2024-01-04", "2000-03-01..2013-03-01"]),
        (
            {"symbols": ["AAPL", "FB"], "start_date": date(2010, 1, 4), "end_date": date(2012, 5, 17)},
            ["FB has no trading day in 2010-01-04..2012-05-17", "2012-05-18..2013-03-01"],
        ),
        (
            {"start_date": date(2010, 1, 9), "end_date": date(2010, 1, 10)},
            ["2010-01-09..2010-01-10 has 0 trading days", "2000-03-01..2013-03-01"],
        ),
        (
            {"symbols": ["FB"], "type": "momentum", "end_date": date(2012, 8, 31)},
            ["76 trading days until 2012-08-31", "needs 128", "2012-05-18..2013-03-01"],
        ),
        (  # a decision at the last close is never filled
            {
                "symbols": ["FB"],
                "type": "momentum",
                "parameters": {"lookback": 75},
                "end_date": date(2012, 8, 31),
            },
            ["needs 77"],
        ),
    ],
)
async def test_what_is_outside_the_data_is_rejected_and_the_data_named(
    given: dict[str, Any], named: list[str]
) -> None:
    service, came = Service(), delivery()
    request = backtest_requested(**given)
    await service.requests.take(request, came)

    (rejected,) = service.answers_to(came)
    assert isinstance(rejected, BacktestRejected)
    assert (rejected.backtest_id, rejected.code) == (request.backtest_id, "outside-coverage")
    assert all(name in rejected.detail for name in named)
    assert rejected.coverage == {name: COVERAGE.symbols[name] for name in rejected.coverage} != {}
    assert service.publish.sent == [(rejected, came.origin)]
    assert service.store.memory.documents == service.strategies.memory.documents == {}
    assert service.workload.announced == []


@pytest.mark.parametrize(
    ("given", "code", "named"),
    [
        ({"type": "martingale"}, "unknown-strategy-type", ["'martingale'", *STRATEGIES]),
        (
            {"type": "rsi", "parameters": {"windw": 3}},
            "invalid-parameters",
            ["'windw'", "window, lower, upper"],
        ),
        ({"type": "rsi", "parameters": {"upper": 100}}, "invalid-parameters", ["upper", "below 100"]),
        ({"type": "rsi", "parameters": {"lower": 80}}, "invalid-parameters", ["lower (80)", "upper (70)"]),
        ({"parameters": {"window": 3}}, "invalid-parameters", ["need a type", *STRATEGIES]),
        (
            {"type": "fixed_weights", "parameters": {"weights": {"AAPL": 0.5, "IBM": 0.5}}},
            "invalid-parameters",
            ["weights has symbols that the backtest does not have: IBM"],
        ),
        (
            {"type": "fixed_weights", "parameters": {"weights": {"AAPL": 0.5}}, "symbols": ["AAPL", "FB"]},
            "invalid-parameters",
            ["weights must have every symbol of the backtest; missing: FB"],
        ),
    ],
)
@pytest.mark.parametrize("catalogued", [False, True])
async def test_a_strategy_that_can_not_be_built_is_rejected_with_what_would_be_right(
    given: dict[str, Any], code: str, named: list[str], *, catalogued: bool
) -> None:
    service, came = Service(), delivery()
    if catalogued:
        await service.strategies.add(strategy("SMA 20 50").create(), Origin())
    before = dict(service.strategies.memory.documents)
    request = backtest_requested(**given)
    await service.requests.take(request, came)

    (rejected,) = service.answers_to(came)
    assert isinstance(rejected, BacktestRejected)
    assert (rejected.backtest_id, rejected.code, rejected.coverage) == (request.backtest_id, code, {})
    assert all(text in rejected.detail for text in named)
    assert service.publish.sent == [(rejected, came.origin)]
    assert service.store.memory.documents == {}
    assert service.strategies.memory.documents == before


class TwoMarkets:
    """The markets of two countries."""

    def __init__(self, *markets: MarketData) -> None:
        self._of = {symbol: each for each in markets for symbol in each.instruments()}

    def instruments(self) -> dict[str, Instrument]:
        return {symbol: each.instruments()[symbol] for symbol, each in self._of.items()}

    def series(self, symbol: str) -> Series:
        return self._of[symbol].series(symbol)


@pytest.mark.parametrize(
    "given",
    [{"symbols": ["AAPL", "FB"]}, {"symbols": ["AAPL"], "benchmark": "FB", "start_date": date(2012, 6, 1)}],
)
async def test_currencies_that_differ_are_rejected_by_name(given: dict[str, Any]) -> None:
    service, came = Service(), delivery()
    series = {symbol: market().series(symbol) for symbol in ("AAPL", "FB")}
    service.data.replace(
        TwoMarkets(
            PriceHistory({"AAPL": series["AAPL"]}, currency="USD"),
            PriceHistory({"FB": series["FB"]}, currency="KRW"),
        )
    )
    await service.requests.take(backtest_requested(**given), came)

    (rejected,) = service.answers_to(came)
    assert isinstance(rejected, BacktestRejected)
    assert (rejected.code, rejected.coverage) == ("mixed-currencies", {})
    assert rejected.detail.endswith("KRW: FB; USD: AAPL")
    assert (await accepted(service, symbols=["FB"])).config.symbols == ("FB",)


async def test_prices_that_were_selected_before_are_not_selected_again() -> None:
    service = Service()
    resolved = plan(define("rsi", {}), service.data.instruments, ["FB"], None, None)
    content = await service.data.check(resolved)
    again = service.data.check(resolved)

    with pytest.raises(StopIteration) as end:
        again.send(None)  # it does not wait for anything
    assert end.value.value == content
    assert content == select_prices(market(), ["FB"], None, None, 140).content()


async def test_a_catalogued_type_that_is_gone_is_rejected_unless_the_request_has_its_own() -> None:
    service, came = Service(), delivery()
    retired = (Version(Definition("retired", {}), NOW),)
    await service.strategies.add(strategy("SMA 20 50", versions=retired).create(), Origin())
    await service.requests.take(backtest_requested("SMA 20 50"), came)

    (rejected,) = service.answers_to(came)
    assert isinstance(rejected, BacktestRejected)
    assert rejected.code == "unknown-strategy-type"
    assert (await accepted(service, type="rsi")).config.type == "rsi"


async def test_an_unknown_backtest_is_refused() -> None:
    with pytest.raises(BacktestNotFoundError):
        await Service().show(new_id("nothing"))


@pytest.mark.parametrize("started", [False, True])
async def test_a_backtest_without_a_result_has_none_to_show(*, started: bool) -> None:
    service = Service()
    request = await service.accept()
    if started:
        await service.claim(request.backtest_id)

    query = BacktestQueried(backtest_id=request.backtest_id, include_result=True)
    with pytest.raises(ResultNotReadyError, match="running" if started else "pending"):
        await service.backtests.query(query, delivery())


async def test_a_result_is_shown_with_its_curve_and_trades() -> None:
    service, came = Service(), delivery()
    request = await service.accept()
    await service.work_on(await service.claim(request.backtest_id))
    query = BacktestQueried(backtest_id=request.backtest_id, include_result=True)
    await service.backtests.query(query, came)

    (view,) = service.answers_to(came)
    assert isinstance(view, BacktestResultView)
    assert [(str(point.date), point.equity) for point in view.equity_curve] == [
        ("2010-01-04", 100_000.0),
        ("2010-01-05", 125_000.0),
    ]
    assert [(trade.symbol, trade.shares) for trade in view.trades] == [("AAPL", 10.0)]
    assert view.performance == (await service.show(request.backtest_id)).performance


async def test_pages_show_the_newest_first_without_gaps_or_repeats() -> None:
    service = Service()
    ids = []
    for number in range(5):
        ids.append((await service.accept(backtest_id=f"b-{number}")).backtest_id)
        if number != 2:
            service.clock.advance(seconds=1)  # two come in the same millisecond

    shown, cursor = [], None
    for _ in range(3):
        part = await page(service, limit=2, cursor=cursor)
        shown += [view.id for view in part.data]
        cursor = part.next
    assert shown == ids[::-1]
    assert cursor is None


async def test_a_page_may_be_of_one_status() -> None:
    service = Service()
    waiting, running = await service.accept(), await service.accept()
    await service.claim(running.backtest_id)

    pages = [await page(service, status=status) for status in ("pending", "running", "failed")]
    ids = [[view.id for view in part.data] for part in pages]
    assert ids == [[waiting.backtest_id], [running.backtest_id], []]
    assert all(isinstance(view, BacktestView) for part in pages for view in part.data)


async def test_a_cursor_can_be_put_into_an_address_as_it_is() -> None:
    service = Service()
    for _ in range(2):
        await service.accept()
    cursor = (await page(service, limit=1)).next

    assert cursor is not None
    assert quote(cursor, safe=":") == cursor  # a "+" would arrive as a blank


@pytest.mark.parametrize("cursor", ["first", "2026-03-02T09:30:00", "yesterday~b-1", "~", "~b-1"])
async def test_a_cursor_that_no_page_gave_out_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursorError):
        await page(Service(), cursor=cursor)


async def test_a_request_that_is_refused_leaves_the_catalogue_alone() -> None:
    service = Service()
    backtest_id = new_id("backtest")
    await accepted(service, backtest_id=backtest_id, name="first")
    with pytest.raises(RequestMismatchError):
        await accepted(service, backtest_id=backtest_id, name="second")

    assert await service.strategies.get("second") is None


async def test_a_strategy_that_was_deleted_comes_back_with_a_new_request_alone() -> None:
    service = Service()
    request = backtest_requested(name="gone", type="rsi")
    await service.requests.take(request, delivery())
    await service.catalogue.delete(StrategyDeleteRequested(strategy_id="gone"), delivery())
    await service.requests.take(request, delivery())
    stored = await service.strategies.get("gone")
    assert stored is not None
    assert stored.state.deleted_at is not None

    await accepted(service, name="gone")
    stored = await service.strategies.get("gone")
    assert stored is not None
    assert stored.state.deleted_at is None


async def test_a_backtest_is_accepted_by_the_request_that_comes_again_after_a_crash() -> None:
    service = Service()
    request = backtest_requested(name="new")
    await service.requests.take(request, delivery())
    service.store.memory.documents.clear()  # the process died in between
    await service.requests.take(request, delivery())

    assert (await service.show(request.backtest_id)).version == 1
