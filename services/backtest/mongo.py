"""Strategies, backtests and their results in MongoDB."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import get_args

from backchat_contracts import BacktestStatus, Event, StrategyDeleted, StrategySaved
from services.backtest.ports import REVOKED, RequestMark
from services.chassis.jobs.queue import ASLEEP, LINE_BEGINS, due_rank
from services.chassis.messaging.envelope import Origin, origin_of
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import (
    ASCENDING,
    DESCENDING,
    Collection,
    Document,
    behind,
    translated,
)

STATUSES = get_args(BacktestStatus)
WAITING = ("rank", "attached_to")
"""What only a backtest has that has not ended."""


class MongoStrategies:
    """The collection `strategies`: `_id` is the strategy's id, a deleted one keeps its place."""

    def __init__(self, aggregates: Aggregates) -> None:
        self._aggregates = aggregates

    async def get(self, strategy_id: str) -> StrategySaved | None:
        document = await self._aggregates.get(strategy_id)
        return _strategy(document) if document and not document.get("deleted_at") else None

    async def start(self) -> None:
        await self._aggregates.collection.create_index("request_id", unique=True, sparse=True)

    async def save(
        self, strategy: StrategySaved, origin: Origin, mark: RequestMark | None = None, *, revive: bool = True
    ) -> bool:
        fields = strategy.model_dump() | {"symbols": list(strategy.symbols)}
        if mark:
            fields |= {"request_id": mark.request_id, "request": mark.digest}
        if await self._aggregates.insert({"_id": strategy.strategy_id, **fields}, [strategy], origin):
            return True
        document = await self._aggregates.get(strategy.strategy_id)
        if document is None or not document.get("deleted_at") or not revive:
            return False
        if mark and await self.marked(mark.request_id):
            return False
        return await self._aggregates.change(
            document, {"$set": {**fields, "deleted_at": None}}, [strategy], origin
        )

    async def marked(self, request_id: str) -> tuple[StrategySaved, str] | None:
        with translated():
            document = await self._aggregates.collection.find_one({"request_id": request_id})
        return (_strategy(document), document["request"]) if document else None

    async def delete(self, strategy_id: str, now: datetime, origin: Origin) -> bool:
        document = await self._aggregates.get(strategy_id)
        if document is None or document.get("deleted_at"):
            return False
        deleted = StrategyDeleted(strategy_id=strategy_id, deleted_at=now)
        return await self._aggregates.change(document, {"$set": {"deleted_at": now}}, [deleted], origin)

    async def page(self, limit: int, after: str | None) -> Sequence[StrategySaved]:
        query: Document = {"deleted_at": None}
        if after is not None:
            query["_id"] = {"$gt": after}
        with translated():
            cursor = self._aggregates.collection.find(query).sort("_id", ASCENDING)
            return [_strategy(document) for document in await cursor.to_list(limit)]


class MongoBacktests:
    """The collections `backtests`, small and changing, and `backtest_results`, long and fixed."""

    def __init__(self, aggregates: Aggregates, results: Collection) -> None:
        self._aggregates = aggregates
        self._results = results

    async def start(self) -> None:
        collection = self._aggregates.collection
        await collection.create_index(
            [("status", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)]
        )
        await collection.create_index("leading", unique=True, sparse=True)

    async def get(self, backtest_id: str) -> Document | None:
        return await self._aggregates.get(backtest_id)

    async def revoke(self, backtest_id: str, until: datetime, origin: Origin) -> None:
        place = {"_id": backtest_id, "status": REVOKED, "rank": due_rank(until)}
        await self._aggregates.insert({**place, "origin": asdict(origin)}, (), origin)

    async def forget(self, document: Document) -> None:
        with translated():
            as_read = {"_id": document["_id"], "version": document["version"]}
            await self._aggregates.collection.delete_one(as_read)

    async def add(self, document: Document, events: Sequence[Event], origin: Origin) -> bool:
        return await self._aggregates.insert({**document, "origin": asdict(origin)}, events, origin)

    async def leader(self, work: str) -> Document | None:
        with translated():
            return await self._aggregates.collection.find_one({"leading": work}, {"outbox": 0})

    async def hasten(self, backtest_id: str, rank: float) -> bool:
        with translated():
            behind_it = {"_id": backtest_id, "rank": {"$gt": rank}}
            result = await self._aggregates.collection.update_one(behind_it, {"$set": {"rank": rank}})
        return bool(result.matched_count)

    async def put(self, document: Document, fields: Document, gone: Iterable[str] = ()) -> bool:
        update = {"$set": fields, "$unset": dict.fromkeys(gone, "")}
        return await self._aggregates.change(document, update, (), origin_of(document))

    async def end(
        self, document: Document, fields: Document, events: Sequence[Event], result: Document | None = None
    ) -> bool:
        gone = [*WAITING, *(() if fields["status"] == "completed" else ("leading",))]
        update = {"$set": fields, "$unset": dict.fromkeys(gone, "")}
        return await self._aggregates.change(document, update, events, origin_of(document), result)

    async def wake_followers(self, now: datetime) -> Sequence[str]:
        collection = self._aggregates.collection
        with translated():
            followers = await collection.find({"rank": ASLEEP}, {"attached_to": 1}).to_list(None)
            if not followers:
                return ()
            leaders = {"_id": {"$in": list({follower["attached_to"] for follower in followers})}}
            under_way = await collection.find(leaders, {"status": 1}).to_list(None)
            wait_for = {leader["_id"] for leader in under_way if leader["status"] in {"pending", "running"}}
            woken = [each["_id"] for each in followers if each["attached_to"] not in wait_for]
            if woken:
                still_asleep = {"_id": {"$in": woken}, "rank": ASLEEP}
                await collection.update_many(still_asleep, {"$set": {"rank": due_rank(now)}})
        return woken

    async def waiting(self) -> Sequence[tuple[str, str, float]]:
        """Return user, priority and rank of all that wait in line."""
        in_line = {"rank": {"$gt": LINE_BEGINS}}
        with translated():
            cursor = self._aggregates.collection.find(in_line, {"user_id": 1, "priority": 1, "rank": 1})
            documents = await cursor.to_list(None)
        return [(document["user_id"], document["priority"], document["rank"]) for document in documents]

    async def result(self, result_id: str) -> Document | None:
        with translated():
            return await self._results.find_one({"_id": result_id})

    async def page(
        self, limit: int, status: str | None, before: tuple[datetime, str] | None
    ) -> Sequence[Document]:
        query: Document = {"status": status or {"$in": STATUSES}}  # of each, the index has them in order
        if before:
            query |= {"created_at": {"$lte": before[0]}, "$or": behind("created_at", before)}
        with translated():
            cursor = self._aggregates.collection.find(query, {"outbox": 0})
            return await cursor.sort([("created_at", DESCENDING), ("_id", DESCENDING)]).to_list(limit)

    async def durations(self, limit: int) -> Sequence[float]:
        documents = await self.page(limit, "completed", None)
        return [document["run_seconds"] for document in documents if "run_seconds" in document]


def _strategy(document: Document) -> StrategySaved:
    return StrategySaved.model_validate(document)
