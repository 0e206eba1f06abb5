"""Strategies, backtests and their results in MongoDB."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import datetime

from backchat_contracts import UNDER_WAY
from services.backtest.documents import (
    differences,
    early_cancellation,
    new_document,
    read_backtest,
    read_entry,
    read_result,
    read_strategy,
    result_document,
    strategy_fields,
    wanted_fields,
)
from services.backtest.domain.acceptance import CancelledEarly, Entry
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.catalogue import Strategy
from services.backtest.domain.change import Change
from services.backtest.domain.fair_queue import Queued
from services.backtest.domain.result import Result
from services.backtest.ports import RequestMark, SavedBefore, Wanted
from services.chassis.errors import ExistsError, StaleError
from services.chassis.jobs.queue import Start, Started
from services.chassis.jobs.rank import ASLEEP_NUMBER, LOWEST_QUEUED, Due, Rank, number_of
from services.chassis.messaging.envelope import Origin
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Collection, Document, create_index, translated
from services.chassis.storage.newest import LIST_KEY, NewestFirst, list_key
from services.chassis.storage.reading import as_read, as_stored
from services.chassis.stored import Stored


def listed_strategies(collection: Collection) -> NewestFirst:
    return NewestFirst(collection, [()], left_out=["outbox"])


def listed_backtests(collection: Collection) -> NewestFirst:
    apart = ["status", "strategy_id", "user_id", "reason"]
    filters = [(), *((field,) for field in apart), ("config.symbols",)]
    return NewestFirst(collection, filters, left_out=["outbox"], apart=apart)


class MongoStrategies:
    """The collection `strategies`: `_id` is the strategy's id; deleted ones stay, with the time of that."""

    def __init__(self, aggregates: Aggregates) -> None:
        self._aggregates = aggregates
        self._list = listed_strategies(aggregates.collection)

    async def start(self) -> None:
        await create_index(self._aggregates.collection, "request_id", unique=True, sparse=True)
        await self._list.start()

    async def get(self, strategy_id: str) -> Stored[Strategy] | None:
        document = await self._aggregates.get(strategy_id)
        return as_stored(document, read_strategy(document)) if document else None

    async def saved_by(self, request_id: str) -> SavedBefore | None:
        with translated():
            document = await self._aggregates.collection.find_one({"request_id": request_id}, {"outbox": 0})
        return SavedBefore(read_strategy(document), document["request"]) if document else None

    async def add(self, created: Change[Strategy], origin: Origin, mark: RequestMark | None = None) -> None:
        fields = catalogued(created.state, mark)
        await self._aggregates.insert({"_id": created.state.id, **fields}, created.events, origin)
        self._list.add(fields)

    async def change(
        self,
        read: Stored[Strategy],
        change: Change[Strategy],
        origin: Origin,
        mark: RequestMark | None = None,
    ) -> None:
        fields = catalogued(change.state, mark)
        unlisted = dict.fromkeys(LIST_KEY, "") if change.state.deleted_at else {}
        update: dict[str, Document] = {"$set": fields, "$unset": unlisted}
        await self._aggregates.change(as_read(read), update, change.events, origin)
        self._list.add(fields)

    async def page(self, limit: int, before: str | None) -> Sequence[Strategy]:
        found = await self._list.read({"deleted_at": None}, limit, before)
        return [read_strategy(document) for document in found]

    async def all(self) -> AsyncIterator[Stored[Strategy]]:
        with translated():
            async for document in self._aggregates.collection.find({}, {"outbox": 0}):
                yield as_stored(document, read_strategy(document))


class MongoBacktests:
    """The collections `backtests`, small and changing, and `backtest_results`, long and fixed."""

    def __init__(self, aggregates: Aggregates, results: Collection) -> None:
        self._aggregates = aggregates
        self._results = results
        self._list = listed_backtests(aggregates.collection)

    async def start(self) -> None:
        await create_index(self._aggregates.collection, "leading", unique=True, sparse=True)
        await self._list.start()

    async def get(self, backtest_id: str) -> Stored[Entry] | None:
        document = await self._aggregates.get(backtest_id)
        return as_stored(document, read_entry(document)) if document else None

    async def leader(self, work: str) -> Stored[Backtest] | None:
        with translated():
            document = await self._aggregates.collection.find_one({"leading": work}, {"outbox": 0})
        return as_stored(document, read_backtest(document)) if document else None

    async def add(self, accepted: Change[Backtest], origin: Origin) -> None:
        document = _accepted_document(accepted, origin)
        await self._aggregates.insert(document, accepted.events, origin)
        self._list.add(document)

    async def cancel_early(self, backtest_id: str, until: datetime, origin: Origin) -> None:
        with suppress(ExistsError):
            await self._aggregates.insert(early_cancellation(backtest_id, until, origin), (), origin)

    async def accept_cancelled(
        self, read: Stored[CancelledEarly], accepted: Change[Backtest], origin: Origin
    ) -> None:
        document = _accepted_document(accepted, origin)
        update = {"$set": document, "$unset": {"rank": ""}}
        await self._aggregates.change(as_read(read), update, accepted.events, origin)
        self._list.add(document)

    async def forget(self, read: Stored[Entry]) -> None:
        with translated():
            await self._aggregates.collection.delete_one({"_id": read.id, "version": read.version})

    async def end(
        self, read: Stored[Backtest], ended: Change[Backtest], result: Result | None = None
    ) -> None:
        fields, gone = differences(read.state, ended.state)
        update = {"$set": fields, "$unset": dict.fromkeys(("rank", *gone), "")}
        attachment = result_document(ended.state.result_id, result) if result else None
        await self._aggregates.change(as_read(read), update, ended.events, read.origin, attachment)
        self._list.add(_listed(ended.state))

    async def requeue(self, read: Stored[Backtest], change: Change[Backtest], rank: Rank) -> None:
        fields, gone = differences(read.state, change.state)
        waits = {"rank": number_of(rank), "attempt": 0}
        update = {"$set": fields | waits, "$unset": dict.fromkeys(gone, "")}
        await self._aggregates.change(as_read(read), update, change.events, read.origin)

    async def hasten(self, backtest_id: str, queue_rank: float) -> None:
        with translated():
            behind_it = {"_id": backtest_id, "rank": {"$gt": queue_rank}}
            result = await self._aggregates.collection.update_one(behind_it, {"$set": {"rank": queue_rank}})
        if not result.matched_count:
            raise StaleError(backtest_id)

    async def wake_followers(self, now: datetime) -> Sequence[str]:
        collection = self._aggregates.collection
        with translated():
            followers = await collection.find({"rank": ASLEEP_NUMBER}, {"attached_to": 1}).to_list()
            if not followers:
                return ()
            leaders = {"_id": {"$in": list({follower["attached_to"] for follower in followers})}}
            found = await collection.find(leaders, {"status": 1}).to_list()
            under_way = {leader["_id"] for leader in found if leader["status"] in UNDER_WAY}
            woken = [each["_id"] for each in followers if each["attached_to"] not in under_way]
            if woken:
                still_asleep = {"_id": {"$in": woken}, "rank": ASLEEP_NUMBER}
                await collection.update_many(still_asleep, {"$set": {"rank": number_of(Due(now))}})
        return woken

    async def queued(self) -> Sequence[Queued]:
        """Return all that is in the fair queue."""
        in_queue = {"rank": {"$gt": LOWEST_QUEUED}}
        with translated():
            cursor = self._aggregates.collection.find(in_queue, {"user_id": 1, "priority": 1, "rank": 1})
            found = await cursor.to_list()
        return [Queued(document["user_id"], document["priority"], document["rank"]) for document in found]

    async def result(self, result_id: str) -> Result | None:
        with translated():
            document = await self._results.find_one({"_id": result_id})
        return read_result(document) if document else None

    async def page(self, wanted: Wanted, limit: int, before: str | None) -> Sequence[Stored[Backtest]]:
        found = await self._list.read(wanted_fields(wanted), limit, before)
        return [as_stored(document, read_backtest(document)) for document in found]

    async def durations(self, limit: int) -> Sequence[float]:
        completed = [
            stored.state.run_seconds for stored in await self.page(Wanted(status="completed"), limit, None)
        ]
        return [seconds for seconds in completed if seconds is not None]


def _accepted_document(accepted: Change[Backtest], origin: Origin) -> Document:
    spec = accepted.state.spec
    return new_document(accepted.state, origin) | list_key(spec.id, spec.created_at)


def _listed(backtest: Backtest) -> Document:
    """Return the fields by which a backtest is listed."""
    spec = backtest.spec
    fields = {"strategy_id": spec.strategy_id, "user_id": spec.user_id, "reason": spec.reason}
    return {"status": backtest.status, **fields, **list_key(spec.id, spec.created_at)}


def starting(start: Callable[[Entry, int], Change[Entry]]) -> Start[Entry]:
    """Return how an attempt at an entry is stored with its claim."""

    def started(entry: Entry, attempt: int) -> Started[Entry]:
        change = start(entry, attempt)
        fields, _ = differences(entry, change.state)  # it removes none but its rank, which the claim sets
        return Started(change.state, {**fields, "progress": None}, change.events)

    return started


def catalogued(strategy: Strategy, mark: RequestMark | None) -> Document:
    fields = strategy_fields(strategy)
    if not strategy.deleted_at:
        fields |= list_key(strategy.id, strategy.created_at)
    if mark:
        fields |= {"request_id": mark.request_id, "request": mark.digest}
    return fields
