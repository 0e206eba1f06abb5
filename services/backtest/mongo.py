"""Strategies, backtests and their results in MongoDB."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from backchat_contracts import Event, StrategyDeleted, StrategySaved
from services.chassis.aggregates import Aggregates
from services.chassis.envelope import Origin, origin_of
from services.chassis.mongo import ASCENDING, DESCENDING, Collection, Document, behind, translated


class MongoStrategies:
    """The collection `strategies`: `_id` is the strategy's id, a deleted one keeps its place."""

    def __init__(self, aggregates: Aggregates) -> None:
        self._aggregates = aggregates

    async def get(self, strategy_id: str) -> StrategySaved | None:
        document = await self._aggregates.get(strategy_id)
        return _strategy(document) if document and not document.get("deleted_at") else None

    async def save(self, strategy: StrategySaved, origin: Origin) -> bool:
        fields = strategy.model_dump() | {"symbols": list(strategy.symbols)}
        if await self._aggregates.insert({"_id": strategy.strategy_id, **fields}, [strategy], origin):
            return True
        document = await self._aggregates.get(strategy.strategy_id)
        if document is None or not document.get("deleted_at"):
            return False
        return await self._aggregates.change(
            document, {"$set": {**fields, "deleted_at": None}}, [strategy], origin
        )

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
        await self._aggregates.collection.create_index([("created_at", DESCENDING), ("_id", DESCENDING)])
        await self._aggregates.collection.create_index([("status", ASCENDING), ("created_at", DESCENDING)])

    async def get(self, backtest_id: str) -> Document | None:
        return await self._aggregates.get(backtest_id)

    async def add(self, document: Document, events: Sequence[Event], origin: Origin) -> bool:
        return await self._aggregates.insert({**document, "origin": asdict(origin)}, events, origin)

    async def end(self, document: Document, fields: Document, events: Sequence[Event]) -> bool:
        update = {"$set": fields, "$unset": {"due_at": ""}}
        return await self._aggregates.change(document, update, events, origin_of(document))

    async def keep_result(self, result: Document) -> None:
        with translated():
            await self._results.replace_one({"_id": result["_id"]}, result, upsert=True)

    async def result(self, result_id: str) -> Document | None:
        with translated():
            return await self._results.find_one({"_id": result_id})

    async def page(
        self, limit: int, status: str | None, before: tuple[datetime, str] | None
    ) -> Sequence[Document]:
        query: Document = {"status": status} if status else {}
        if before:
            query["$or"] = behind("created_at", before)
        with translated():
            cursor = self._aggregates.collection.find(query, {"outbox": 0})
            return await cursor.sort([("created_at", DESCENDING), ("_id", DESCENDING)]).to_list(limit)

    async def durations(self, limit: int) -> Sequence[float]:
        documents = await self.page(limit, "completed", None)
        return [document["duration_seconds"] for document in documents]


def _strategy(document: Document) -> StrategySaved:
    return StrategySaved.model_validate(document)
