"""Backtests and their results, in memory and in MongoDB."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from backchat_contracts import BacktestAccepted
from services.backtest.mongo import MongoBacktests
from services.backtest.ports import REVOKED, BacktestStore
from services.chassis.jobs.queue import Claim, Queue, due_rank
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Database, Document
from tests.builders import NOW, config, delivery, new_id, performance
from tests.fakes import FakeBacktests, FakeKafka, FakeQueue
from tests.stores.stand import Kind, Stand

pytestmark = pytest.mark.anyio

ORIGIN = delivery().origin


@pytest.fixture
async def stand(
    kind: Kind, aggregates: Aggregates, database: Database, kafka: FakeKafka
) -> Stand[BacktestStore]:
    if kind == "memory":
        fake = FakeBacktests()
        return Stand(fake, FakeQueue(fake.memory), fake.memory.sent)
    backtests = MongoBacktests(aggregates, database["attachments"])
    await backtests.start()
    return Stand(backtests, Queue(aggregates), kafka.sent)


def pending(backtest_id: str | None = None, moment: datetime = NOW, **given: Any) -> Document:
    return {
        "_id": backtest_id or new_id("backtest"),
        "status": "pending",
        "strategy_id": "sma",
        "config": config().model_dump(mode="json"),
        "created_at": moment,
        "rank": due_rank(moment),
    } | given


def accepted(document: Document) -> BacktestAccepted:
    return BacktestAccepted(
        backtest_id=document["_id"],
        strategy_id="sma",
        strategy_name="SMA",
        config=config(),
        estimated_duration_seconds=1,
        accepted_at=NOW,
    )


async def claimed(stand: Stand[BacktestStore], document: Document) -> Claim:
    claim = await stand.queue.claim(document["_id"], NOW, NOW)
    assert claim is not None
    return claim


async def test_a_backtest_comes_back_as_it_was_stored(stand: Stand[BacktestStore]) -> None:
    document = pending()
    assert await stand.store.add(document, [accepted(document)], ORIGIN)

    stored = await stand.store.get(document["_id"])
    assert stored is not None
    assert {**document, "origin": asdict(ORIGIN), "sequence": 1} == {
        k: stored[k] for k in (*document, "origin", "sequence")
    }
    assert stand.topics() == ["backtest.accepted"]
    assert await stand.due(NOW) == [document["_id"]]


async def test_there_is_one_backtest_of_an_id(stand: Stand[BacktestStore]) -> None:
    document = pending()
    assert await stand.store.add(document, [accepted(document)], ORIGIN)
    assert not await stand.store.add({**document, "status": "odd"}, [accepted(document)], ORIGIN)

    stored = await stand.store.get(document["_id"])
    assert stored is not None
    assert stored["status"] == "pending"
    assert stand.topics() == ["backtest.accepted"]


async def test_what_is_not_there_is_none(stand: Stand[BacktestStore]) -> None:
    assert await stand.store.get(new_id()) is None
    assert await stand.store.result(new_id()) is None


async def test_its_holder_ends_a_backtest(stand: Stand[BacktestStore]) -> None:
    document = pending()
    await stand.store.add(document, [accepted(document)], ORIGIN)
    claim = await claimed(stand, document)
    fields = {"status": "completed", "completed_at": NOW, "performance": performance().model_dump()}
    assert await stand.store.end(claim.document, fields, [accepted(document)])

    stored = await stand.store.get(document["_id"])
    assert stored is not None
    assert fields.items() <= stored.items()
    assert "rank" not in stored
    assert await stand.due(NOW + timedelta(days=1)) == []
    assert stand.sequences() == ["1", "2"]  # a claim without an event leaves no gap
    assert stand.sent[-1].headers["correlation_id"] == ORIGIN.correlation_id


async def test_who_lost_the_claim_does_not(stand: Stand[BacktestStore]) -> None:
    document = pending()
    await stand.store.add(document, [accepted(document)], ORIGIN)
    lost, holder = await claimed(stand, document), await claimed(stand, document)

    assert not await stand.store.end(lost.document, {"status": "failed"}, [accepted(document)])
    stored = await stand.store.get(document["_id"])
    assert stored is not None
    assert stored["status"] == "pending"
    assert len(stand.sent) == 1
    assert await stand.store.end(holder.document, {"status": "completed"}, [])
    assert not await stand.store.end(holder.document, {"status": "failed"}, [])


async def test_a_result_is_kept_as_it_is_and_may_be_kept_again(stand: Stand[BacktestStore]) -> None:
    result: Document = {
        "_id": new_id("result"),
        "dates": ["2010-01-04"],
        "equity": [100_000.0],
        "trades": [{"symbol": "AAPL", "profit": None}],
    }
    document = pending()
    await stand.store.add(document, [accepted(document)], ORIGIN)
    claim = await claimed(stand, document)
    completed = {"status": "completed", "result_id": result["_id"]}
    assert await stand.store.end(claim.document, completed, [accepted(document)], dict(result))
    assert await stand.store.result(result["_id"]) == result

    assert not await stand.store.end(claim.document, completed, [accepted(document)], dict(result))
    assert not await stand.store.end(claim.document, completed, [], dict(result))
    assert await stand.store.result(result["_id"]) == result


async def test_pages_show_the_newest_first_and_ids_settle_ties(stand: Stand[BacktestStore]) -> None:
    moments = {"a": 0, "b": 1, "c": 1, "d": 1, "e": 2}
    for backtest_id, seconds in moments.items():
        status = "failed" if backtest_id in "bd" else "pending"
        document = pending(backtest_id, NOW + timedelta(seconds=seconds), status=status)
        await stand.store.add(document, [], ORIGIN)

    async def ids(limit: int, status: str | None = None, behind: str | None = None) -> str:
        before = (NOW + timedelta(seconds=moments[behind]), behind) if behind else None
        return "".join(document["_id"] for document in await stand.store.page(limit, status, before))

    assert await ids(10) == "edcba"
    assert await ids(2) == "ed"
    assert await ids(2, behind="d") == "cb"
    assert await ids(10, behind="b") == "a"
    assert await ids(10, behind="a") == ""
    assert await ids(10, "failed") == "db"
    assert await ids(10, "failed", "d") == "b"
    assert await ids(10, "completed") == ""


async def test_a_page_has_no_outbox(stand: Stand[BacktestStore]) -> None:
    document = pending()
    await stand.store.add(document, [accepted(document)], ORIGIN)

    (shown,) = await stand.store.page(1, None, None)
    assert "outbox" not in shown


async def test_durations_are_those_of_the_last_completed(stand: Stand[BacktestStore]) -> None:
    for number, status in enumerate(["completed", "failed", "completed", "completed"]):
        moment = NOW + timedelta(seconds=number)
        document = pending(None, moment, status=status, run_seconds=float(number))
        await stand.store.add(document, [], ORIGIN)

    assert await stand.store.durations(2) == [3.0, 2.0]
    assert await stand.store.durations(10) == [3.0, 2.0, 0.0]


async def test_a_place_is_kept_for_what_is_not_there_until_it_is_due(stand: Stand[BacktestStore]) -> None:
    there, absent = pending(), new_id("backtest")
    await stand.store.add(there, [accepted(there)], ORIGIN)
    for backtest_id in (there["_id"], absent, absent):
        await stand.store.revoke(backtest_id, NOW + timedelta(days=1), ORIGIN)

    stored = await stand.store.get(there["_id"])
    place = await stand.store.get(absent)
    assert stored is not None
    assert place is not None
    assert (stored["status"], place["status"]) == ("pending", REVOKED)
    assert not await stand.store.add(pending(absent), [], ORIGIN)
    assert [each["_id"] for each in await stand.store.page(100, None, None)] == [there["_id"]]
    assert await stand.due(NOW) == [there["_id"]]
    assert absent in await stand.due(NOW + timedelta(days=1))

    assert await stand.store.put(place, {"note": "changed"})
    await stand.store.forget(place)
    changed = await stand.store.get(absent)
    assert changed is not None
    await stand.store.forget(changed)
    assert await stand.store.get(absent) is None
