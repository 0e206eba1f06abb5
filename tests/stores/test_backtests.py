"""Backtests and their results, in memory and in MongoDB."""

from datetime import timedelta
from typing import Any

import pytest

from backchat_contracts import Progress
from services.backtest.documents import early_cancellation, new_document, read_entry, result_document
from services.backtest.domain.acceptance import accept
from services.backtest.domain.backtest import COMMON_TAG, Backtest
from services.backtest.ports import BacktestStore, Wanted
from services.chassis.errors import ExistsError, StaleError
from services.chassis.paging import cursor_of
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Database
from tests.builders import NOW, config, new_id, performance, result, specification
from tests.fakes import FakeKafka
from tests.stores.backtests import (
    LATER,
    ORIGIN,
    PROBLEM,
    added,
    backtests_under_test,
    claimed,
    completed,
    read,
    started,
)
from tests.stores.under_test import Kind, StoreUnderTest

pytestmark = pytest.mark.anyio


@pytest.fixture
async def under_test(
    kind: Kind, aggregates: Aggregates, database: Database, kafka: FakeKafka
) -> StoreUnderTest[BacktestStore]:
    return await backtests_under_test(kind, aggregates, database, kafka)


@pytest.mark.parametrize("parameters", [{}, {"weights": {"BRK.B": 0.5, "^KS11": 0.5}}])
async def test_a_backtest_comes_back_as_it_was_stored(
    under_test: StoreUnderTest[BacktestStore], parameters: dict[str, Any]
) -> None:
    spec = specification(priority="low", user_id="kim", config=config(parameters=parameters))
    accepted = accept(spec, 7.5, 1.0, leads=True)
    await under_test.store.add(accepted, ORIGIN)

    stored = await read(under_test, accepted.state.id)
    assert stored.state == accepted.state
    assert (stored.origin, stored.version, stored.sequence) == (ORIGIN, 1, 1)
    assert under_test.topics() == ["backtest.accepted"]
    assert await under_test.due(NOW) == [accepted.state.id]


async def test_there_is_one_backtest_of_an_id(under_test: StoreUnderTest[BacktestStore]) -> None:
    spec = specification()
    await under_test.store.add(accept(spec, 1.0, 1.0, leads=False), ORIGIN)
    with pytest.raises(ExistsError):
        await under_test.store.add(accept(spec, 2.0, 1.0, leads=False), ORIGIN)

    assert (await read(under_test, spec.id)).state.queue_rank == 1.0
    assert under_test.topics() == ["backtest.accepted"]


async def test_what_is_not_there_is_none(under_test: StoreUnderTest[BacktestStore]) -> None:
    assert await under_test.store.get(new_id()) is None
    assert await under_test.store.result(new_id()) is None


async def test_its_holder_ends_a_backtest(under_test: StoreUnderTest[BacktestStore]) -> None:
    running = await started(under_test, (await added(under_test)).id)
    ended = completed(running.state)
    await under_test.store.end(running, ended)

    assert (await read(under_test, running.id)).state == ended.state
    assert await under_test.due(NOW + timedelta(days=1)) == []
    assert under_test.topics() == ["backtest.accepted", "backtest.started", "backtest.completed"]
    assert under_test.sequences() == ["1", "2", "3"]
    assert {record.headers["correlation_id"] for record in under_test.sent} == {ORIGIN.correlation_id}


async def test_a_claim_is_read_as_it_is_stored(under_test: StoreUnderTest[BacktestStore]) -> None:
    running = await started(under_test, (await added(under_test)).id)

    assert (running.state.status, running.state.queue_rank) == ("running", None)
    assert await read(under_test, running.id) == running


async def test_a_worker_that_lost_its_claim_ends_nothing(under_test: StoreUnderTest[BacktestStore]) -> None:
    backtest_id = (await added(under_test)).id
    lost, holder = await started(under_test, backtest_id), await started(under_test, backtest_id)

    with pytest.raises(StaleError):
        await under_test.store.end(lost, lost.state.fail(PROBLEM, LATER))
    assert (await read(under_test, backtest_id)).state.status == "running"
    assert "backtest.failed" not in under_test.topics()
    await under_test.store.end(holder, completed(holder.state))
    with pytest.raises(StaleError):
        await under_test.store.end(holder, holder.state.fail(PROBLEM, LATER))


async def test_a_new_attempt_has_no_progress(under_test: StoreUnderTest[BacktestStore]) -> None:
    backtest_id = (await added(under_test)).id
    claim = await claimed(under_test, backtest_id)
    claim.note = progress = Progress(fraction=0.5, stage="metrics", eta_seconds=None, progressed_at=NOW)
    await under_test.queue.renew(claim, NOW)
    assert (await read(under_test, backtest_id)).state.progress == progress

    await claimed(under_test, backtest_id)
    assert (await read(under_test, backtest_id)).state.progress is None


async def kept(under_test: StoreUnderTest[BacktestStore], result_id: str) -> None:
    read = await under_test.store.result(result_id)
    assert read is not None
    assert result_document(result_id, read) == result_document(result_id, result())


async def test_a_result_is_kept_as_it_is_and_may_be_kept_again(
    under_test: StoreUnderTest[BacktestStore],
) -> None:
    result_id = new_id("result")
    running = await started(under_test, (await added(under_test)).id)
    ended = completed(running.state, result_id)
    await under_test.store.end(running, ended, result())
    await kept(under_test, result_id)

    with pytest.raises(StaleError):
        await under_test.store.end(running, ended, result())
    await kept(under_test, result_id)


async def test_a_queued_one_is_moved_forward_alone(under_test: StoreUnderTest[BacktestStore]) -> None:
    first, second = await added(under_test, rank=1.0), await added(under_test, rank=5.0)
    await under_test.store.hasten(second.id, -2.0)
    with pytest.raises(StaleError):
        await under_test.store.hasten(first.id, 3.0)  # it is before that
    assert await under_test.due(NOW) == [second.id, first.id]
    assert (await read(under_test, second.id)).state.queue_rank == -2.0

    await claimed(under_test, first.id)
    with pytest.raises(StaleError):
        await under_test.store.hasten(first.id, -3.0)  # it has left the queue
    await under_test.store.end(second, second.state.cancel(NOW))  # and the version has not changed


async def test_pages_show_the_newest_first_and_ids_settle_ties(
    under_test: StoreUnderTest[BacktestStore],
) -> None:
    moments = {"a": 0, "b": 1, "c": 1, "d": 1, "e": 2}
    for backtest_id, seconds in moments.items():
        spec = specification(id=backtest_id, created_at=NOW + timedelta(seconds=seconds))
        accepted = accept(spec, 0.0, 1.0, leads=False)
        failed = accepted.state.fail(PROBLEM, LATER)
        await under_test.store.add(failed if backtest_id in "bd" else accepted, ORIGIN)

    async def ids(limit: int, status: str | None = None, behind: str | None = None) -> str:
        before = cursor_of(NOW + timedelta(seconds=moments[behind]), behind) if behind else None
        return "".join(
            stored.id for stored in await under_test.store.page(Wanted(status=status), limit, before)
        )

    assert await ids(10) == "edcba"
    assert await ids(2) == "ed"
    assert await ids(2, behind="d") == "cb"
    assert await ids(10, behind="b") == "a"
    assert await ids(10, behind="a") == ""
    assert await ids(10, "failed") == "db"
    assert await ids(10, "failed", "d") == "b"
    assert await ids(10, "completed") == ""


async def test_a_page_shows_what_is_wanted(under_test: StoreUnderTest[BacktestStore]) -> None:
    sweep = config(symbols=["AAPL", "FB"], tags=["sweep", COMMON_TAG])
    mine = {"strategy_id": "mine", "user_id": "kim", "reason": "sweep", "config": sweep}
    variants: dict[str, dict[str, Any]] = {
        "a": {},
        "b": mine,
        "c": mine | {"version": 2},
        "d": mine | {"user_id": "lee"},
        "e": mine | {"config": config(symbols=["IBM"], tags=["manual", COMMON_TAG]), "reason": "manual"},
    }
    for number, (backtest_id, given) in enumerate(variants.items()):
        spec = specification(id=backtest_id, created_at=NOW + timedelta(seconds=number), **given)
        await under_test.store.add(accept(spec, number, 1.0, leads=False), ORIGIN)

    async def ids(**wanted: Any) -> str:
        return "".join(stored.id for stored in await under_test.store.page(Wanted(**wanted), 10, None))

    assert await ids(strategy_id="mine") == "edcb"
    assert await ids(strategy_id="mine", version=2) == "c"
    assert await ids(symbol="FB") == "dcb"
    assert await ids(user_id="kim") == "ecb"
    assert await ids(tag="manual", strategy_id="mine") == "e"
    assert await ids(tag=COMMON_TAG, strategy_id="mine") == "edcb"
    assert await ids(tag="sweep", user_id="kim", symbol="AAPL", status="pending") == "cb"
    assert await ids(strategy_id="mine", status="failed") == await ids(strategy_id="none") == ""


async def test_a_page_shows_what_was_read(under_test: StoreUnderTest[BacktestStore]) -> None:
    stored = await added(under_test)

    assert await under_test.store.page(Wanted(), 1, None) == [stored]


async def test_durations_are_those_of_the_last_completed(under_test: StoreUnderTest[BacktestStore]) -> None:
    for number in range(4):
        spec = specification(created_at=NOW + timedelta(seconds=number))
        running = accept(spec, 0.0, 1.0, leads=False).state.start(1, NOW).state
        done = running.complete(performance(), "r", float(number), LATER)
        await under_test.store.add(running.fail(PROBLEM, LATER) if number == 1 else done, ORIGIN)

    assert await under_test.store.durations(2) == [3.0, 2.0]
    assert await under_test.store.durations(10) == [3.0, 2.0, 0.0]


def test_documents_have_these_fields_and_no_others() -> None:
    spec = specification()
    queued = new_document(accept(spec, 3.0, 1.0, leads=True).state, ORIGIN)
    assert queued.keys() == {
        *("_id", "status", "rank", "leading", "request", "work", "strategy_id", "strategy_name", "user_id"),
        "strategy_version",
        *("priority", "reason", "config", "generate_report", "notify_on_completion", "created_at", "origin"),
    }
    assert (queued["status"], queued["rank"], queued["leading"]) == ("pending", 3.0, spec.work)
    following = new_document(Backtest(spec=spec, follows="b-1"), ORIGIN)
    assert (following["attached_to"], following["rank"]) == ("b-1", -3e10)
    cancellation = early_cancellation("b-1", NOW, ORIGIN)
    assert (cancellation["status"], cancellation["rank"]) == ("revoked", -2e10 + NOW.timestamp())


def test_what_earlier_versions_stored_is_read() -> None:
    """A follower that ended with its leader's result, as it was written when documents had no type."""
    spec = specification()
    document = new_document(Backtest(spec=spec), ORIGIN) | {
        "status": "completed",
        "completed_at": LATER,
        "progress": None,
        "performance": performance().model_dump(),
        "result_id": "b-1:1",
        "reused_from": "b-1",
        "fence": 1,
        "attempt": 1,
        "version": 3,
        "sequence": 2,
    }
    assert read_entry(document) == Backtest(
        spec=spec,
        status="completed",
        completed_at=LATER,
        performance=performance(),
        result_id="b-1:1",
        reused_from="b-1",
    )
