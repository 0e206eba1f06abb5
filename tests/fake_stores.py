"""Stores in memory with the compare-and-set of the real ones; `tests/stores` runs one suite on both."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from backchat_contracts import (
    BacktestCompleted,
    ComparisonCompleted,
    ComparisonFailed,
    Event,
    StrategyDeleted,
    StrategySaved,
)
from services.backtest.documents import (
    differences,
    early_cancellation,
    new_document,
    read_backtest,
    read_entry,
    read_result,
    result_document,
)
from services.backtest.domain.acceptance import CancelledEarly, Entry
from services.backtest.domain.backtest import UNDER_WAY, Backtest, Change, Result
from services.backtest.ports import IdTaken, RequestMark, Saved, SavedBefore
from services.chassis.errors import ExistsError, StaleError
from services.chassis.jobs.rank import ASLEEP_NUMBER, Due, Rank, number_of
from services.chassis.messaging.envelope import Delivery, Origin, ReplyAddress
from services.chassis.paging import cursor_of
from services.chassis.storage.mongo import Document
from services.chassis.storage.reading import as_read, as_stored
from services.chassis.stored import Stored
from services.compare.domain.gathering import KnownStrategy
from services.compare.mongo import read_comparison
from services.compare.ports import Comparison
from services.session.domain import Context, Message, Session, Turn
from tests.fake_documents import Memory

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class FakeSessions:
    """Sessions, as `MongoSessions` keeps them."""

    def __init__(self) -> None:
        self.memory = Memory()

    @staticmethod
    def read(document: Document) -> Session:
        session: Session = document["session"]
        return session

    async def get(self, session_id: str) -> Stored[Session] | None:
        document = self.memory.get(session_id)
        return as_stored(document, self.read(document)) if document else None

    async def add(self, session: Session, events: Sequence[Event], delivery: Delivery) -> None:
        self.memory.insert({"_id": session.session_id, "session": session}, events, delivery.origin)

    async def end(
        self, read: Stored[Session], now: datetime, events: Sequence[Event], delivery: Delivery
    ) -> None:
        ended = replace(read.state, is_active=False, updated_at=now)
        self._change(read, ended, events, delivery.origin)

    async def begin_turn(
        self,
        read: Stored[Session],
        said: Message,
        turn: Turn,
        events: Sequence[Event],
        delivery: Delivery,
        due: datetime,
    ) -> None:
        history = (*read.state.history, said)
        begun = replace(read.state, history=history, turn=turn, updated_at=said.timestamp)
        fields = {"attempt": 0, "rank": number_of(Due(due)), **delivery.lineage()}
        self._change(read, begun, events, delivery.origin, fields)

    async def refuse(self, session_id: str, event_id: str) -> None:
        document = self.memory.documents[session_id]
        session: Session = document["session"]
        document["session"] = replace(session, refused=(*session.refused, event_id))

    async def add_data(self, read: Stored[Session], turn: Turn, due: datetime) -> None:
        self._change(read, replace(read.state, turn=turn), (), read.origin, {"rank": number_of(Due(due))})

    async def end_turn(
        self, read: Stored[Session], answer: Message | None, context: Context, events: Sequence[Event]
    ) -> None:
        ended = replace(read.state, turn=None, context=context)
        if answer:
            ended = replace(ended, history=(*ended.history, answer), updated_at=answer.timestamp)
        self._change(read, ended, events, read.origin, {}, ("rank", "reply_address"))

    async def page(self, user_id: str, limit: int, before: str | None) -> Sequence[Session]:
        def position(session: Session) -> str:
            return cursor_of(session.created_at, session.session_id)

        sessions = [document["session"] for document in self.memory.documents.values()]
        shown = [s for s in sessions if s.user_id == user_id and s.is_active]
        older = [s for s in shown if before is None or position(s) < before]
        return sorted(older, key=position, reverse=True)[:limit]

    def _change(
        self,
        read: Stored[Session],
        session: Session,
        events: Sequence[Event],
        origin: Origin,
        fields: Mapping[str, Any] | None = None,
        gone: Sequence[str] = (),
    ) -> None:
        self.memory.change(as_read(read), {**(fields or {}), "session": session}, events, origin, gone)


class FakeStrategies:
    """The catalogue, as `MongoStrategies` keeps it."""

    def __init__(self) -> None:
        self.memory = Memory()

    async def get(self, strategy_id: str) -> StrategySaved | None:
        document = self.memory.get(strategy_id)
        return document["strategy"] if document and not document["deleted_at"] else None

    async def save(
        self, strategy: StrategySaved, origin: Origin, mark: RequestMark | None = None, *, revive: bool = True
    ) -> Saved | SavedBefore | IdTaken:
        for stored in self.memory.documents.values():
            if mark and stored["mark"] and stored["mark"].request_id == mark.request_id:
                return SavedBefore(stored["strategy"], stored["mark"].digest)
        document = {"_id": strategy.strategy_id, "strategy": strategy, "mark": mark, "deleted_at": None}
        if (found := self.memory.get(strategy.strategy_id)) is None:
            self.memory.insert(document, [strategy], origin)
        elif revive and found["deleted_at"]:
            self.memory.change(found, document, [strategy], origin)
        else:
            return IdTaken()
        return Saved()

    async def delete(self, strategy_id: str, now: datetime, origin: Origin) -> StrategyDeleted | None:
        document = self.memory.get(strategy_id)
        if document is None or document["deleted_at"]:
            return None
        deleted = StrategyDeleted(strategy_id=strategy_id, deleted_at=now)
        self.memory.change(document, {"deleted_at": now}, [deleted], origin)
        return deleted

    async def page(self, limit: int, before: str | None) -> Sequence[StrategySaved]:
        catalogued = [d["strategy"] for d in self.memory.documents.values() if not d["deleted_at"]]
        placed = {cursor_of(strategy.created_at, strategy.strategy_id): strategy for strategy in catalogued}
        shown = sorted((place for place in placed if not before or place < before), reverse=True)
        return [placed[place] for place in shown[:limit]]

    async def last_events(self) -> AsyncIterator[tuple[StrategySaved | StrategyDeleted, int]]:
        for key, document in self.memory.documents.items():
            at = document["deleted_at"]
            event = StrategyDeleted(strategy_id=key, deleted_at=at) if at else document["strategy"]
            yield event, document["sequence"]


class FakeBacktests:
    """Backtests and their results, as `MongoBacktests` keeps them."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.results: dict[str, Document] = {}

    async def get(self, backtest_id: str) -> Stored[Entry] | None:
        document = self.memory.get(backtest_id)
        return as_stored(document, read_entry(document)) if document else None

    async def leader(self, work: str) -> Stored[Backtest] | None:
        documents = [d for d in self.memory.documents.values() if d.get("leading") == work]
        return as_stored(documents[0], read_backtest(documents[0])) if documents else None

    async def add(self, accepted: Change[Backtest], origin: Origin) -> None:
        if accepted.state.leads and await self.leader(accepted.state.spec.work):
            raise ExistsError(accepted.state.id)
        self.memory.insert(new_document(accepted.state, origin), accepted.events, origin)

    async def cancel_early(self, backtest_id: str, until: datetime, origin: Origin) -> None:
        with suppress(ExistsError):
            self.memory.insert(early_cancellation(backtest_id, until, origin), (), origin)

    async def accept_cancelled(
        self, read: Stored[CancelledEarly], accepted: Change[Backtest], origin: Origin
    ) -> None:
        fields = new_document(accepted.state, origin)
        self.memory.change(as_read(read), fields, accepted.events, origin, ("rank",))

    async def forget(self, read: Stored[Entry]) -> None:
        if self.memory.documents.get(read.id, {}).get("version") == read.version:
            del self.memory.documents[read.id]

    async def end(
        self, read: Stored[Backtest], ended: Change[Backtest], result: Result | None = None
    ) -> None:
        if result:
            self.results[result.id] = result_document(result)
        fields, gone = differences(read.state, ended.state)
        self.memory.change(as_read(read), fields, ended.events, read.origin, ("rank", *gone))

    async def requeue(self, read: Stored[Backtest], change: Change[Backtest], rank: Rank) -> None:
        fields, gone = differences(read.state, change.state)
        fields |= {"rank": number_of(rank), "attempt": 0}
        self.memory.change(as_read(read), fields, change.events, read.origin, gone)

    async def hasten(self, backtest_id: str, queue_rank: float) -> None:
        document = self.memory.documents.get(backtest_id, {})
        if document.get("rank", queue_rank) <= queue_rank:
            raise StaleError(backtest_id)
        document["rank"] = queue_rank

    async def wake_followers(self, now: datetime) -> Sequence[str]:
        documents = self.memory.documents
        under_way = {d["_id"] for d in documents.values() if d["status"] in UNDER_WAY}
        asleep = [d for d in documents.values() if d.get("rank") == ASLEEP_NUMBER]
        woken = [document for document in asleep if document["attached_to"] not in under_way]
        for document in woken:
            document["rank"] = number_of(Due(now))
        return [document["_id"] for document in woken]

    async def result(self, result_id: str) -> Result | None:
        document = self.results.get(result_id)
        return read_result(document) if document else None

    async def page(self, limit: int, status: str | None, before: str | None) -> Sequence[Stored[Backtest]]:
        def position(document: Document) -> str:
            return cursor_of(document["created_at"], document["_id"])

        accepted = [d for d in self.memory.documents.values() if "created_at" in d]
        found = [d for d in accepted if status in (None, d["status"])]
        if before:
            found = [d for d in found if position(d) < before]
        newest = sorted(found, key=position, reverse=True)[:limit]
        return [as_stored(document, read_backtest(document)) for document in newest]

    async def durations(self, limit: int) -> Sequence[float]:
        found = [stored.state.run_seconds for stored in await self.page(limit, "completed", None)]
        return [seconds for seconds in found if seconds is not None]


class FakeStrategyModel:
    """The read model, as `MongoStrategyModel` keeps it."""

    def __init__(self) -> None:
        self._entries: dict[str, Document] = {}

    async def saved(self, event: StrategySaved, sequence: int) -> None:
        self._catalogue(event.strategy_id, sequence, {"catalogued": True, "name": event.name})

    async def deleted(self, event: StrategyDeleted, sequence: int) -> None:
        self._catalogue(event.strategy_id, sequence, {"catalogued": False})

    async def completed(self, event: BacktestCompleted) -> None:
        fields = {"latest_at": event.completed_at, "latest": event}
        at_first = {"catalogued": False, "name": event.strategy_name, "strategy_sequence": 0}
        entry = self._entries.get(event.strategy_id)
        if entry is None or entry["latest_at"] < event.completed_at:
            self._entries[event.strategy_id] = {**(entry or at_first), **fields}

    async def get(self, strategy_ids: Sequence[str]) -> Mapping[str, KnownStrategy]:
        catalogued = {known.strategy_id: known for known in await self.all(len(self._entries))}
        return {key: catalogued[key] for key in strategy_ids if key in catalogued}

    async def all(self, limit: int) -> Sequence[KnownStrategy]:
        catalogued = [(key, entry) for key, entry in self._entries.items() if entry["catalogued"]]
        catalogued.sort(key=lambda pair: pair[1]["latest_at"], reverse=True)
        return [KnownStrategy(key, e["name"], e["latest"]) for key, e in catalogued[:limit]]

    def _catalogue(self, strategy_id: str, sequence: int, fields: Document) -> None:
        at_first = {"latest_at": NEVER, "latest": None, "name": ""}
        entry = self._entries.get(strategy_id)
        if entry is None or entry["strategy_sequence"] < sequence:
            self._entries[strategy_id] = {**(entry or at_first), **fields, "strategy_sequence": sequence}


class FakeComparisons:
    """Comparisons, as `MongoComparisons` keeps them."""

    def __init__(self) -> None:
        self.memory = Memory()

    async def get(self, comparison_id: str) -> Stored[Comparison] | None:
        document = self.memory.get(comparison_id)
        return as_stored(document, read_comparison(document)) if document else None

    async def add_completed(self, event: ComparisonCompleted, digest: str, delivery: Delivery) -> None:
        self.memory.insert(self._document(event, digest, delivery), [event], delivery.origin)

    async def add_pending(
        self, draft: ComparisonCompleted, digest: str, delivery: Delivery, now: datetime
    ) -> None:
        requester = delivery.reply_address
        pending = {"rank": number_of(Due(now)), "waiting": [asdict(requester)] if requester else []}
        self.memory.insert({**self._document(draft, digest, delivery), **pending}, [], delivery.origin)

    async def join(self, comparison_id: str, digest: str, address: ReplyAddress) -> None:
        document = self.memory.documents[comparison_id]
        if "rank" not in document or document["request"] != digest:
            raise StaleError(comparison_id)
        if asdict(address) not in document["waiting"]:
            document["waiting"].append(asdict(address))

    async def complete(self, read: Stored[Comparison], event: ComparisonCompleted) -> None:
        fields = {"comparison": event.model_dump(mode="json")}
        self.memory.change(as_read(read), fields, [event], read.origin, ("rank",))

    async def fail(self, read: Stored[Comparison], event: ComparisonFailed) -> None:
        fields = {"failure": event.model_dump(mode="json")}
        self.memory.change(as_read(read), fields, [event], read.origin, ("rank",))

    def _document(self, event: ComparisonCompleted, digest: str, delivery: Delivery) -> Document:
        body, origin = event.model_dump(mode="json"), asdict(delivery.origin)
        kept = {"comparison": body, "request": digest, "origin": origin, "created_at": event.completed_at}
        return {"_id": event.comparison_id, **kept}

    async def forget(self, before: datetime, most: int) -> None:
        documents = self.memory.documents
        old = [document for document in documents.values() if document["created_at"] < before]
        for document in sorted(old, key=lambda document: document["created_at"])[:most]:
            del documents[document["_id"]]
