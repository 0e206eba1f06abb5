"""Stores in memory, with the compare-and-set of the real ones: `tests/stores` runs one suite on both."""

from collections.abc import Iterable, Mapping, Sequence
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
from services.backtest.mongo import STATUSES, WAITING
from services.backtest.ports import REVOKED, RequestMark
from services.chassis.jobs.queue import ASLEEP, due_rank
from services.chassis.messaging.envelope import Delivery, Origin, ReplyAddress, address_of, origin_of
from services.chassis.storage.mongo import Document
from services.compare.domain.gathering import KnownStrategy
from services.session.domain import Context, Message, Session, Turn
from services.session.ports import Stored
from tests.fake_documents import Memory

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class FakeSessions:
    """Sessions, as `MongoSessions` keeps them."""

    def __init__(self) -> None:
        self.memory = Memory()

    async def get(self, session_id: str) -> Stored | None:
        document = self.memory.get(session_id)
        return _stored(document) if document else None

    async def add(self, session: Session, events: Sequence[Event], delivery: Delivery) -> bool:
        return self.memory.insert({"_id": session.session_id, "session": session}, events, delivery.origin)

    async def end(self, read: Stored, now: datetime, events: Sequence[Event], delivery: Delivery) -> bool:
        ended = replace(read.session, is_active=False, updated_at=now)
        return self._change(read, ended, events, delivery.origin)

    async def begin_turn(
        self,
        read: Stored,
        said: Message,
        turn: Turn,
        events: Sequence[Event],
        delivery: Delivery,
        due: datetime,
    ) -> bool:
        history = (*read.session.history, said)
        begun = replace(read.session, history=history, turn=turn, updated_at=said.timestamp)
        fields = {"attempt": 0, "rank": due_rank(due), **delivery.lineage()}
        return self._change(read, begun, events, delivery.origin, fields)

    async def refuse(self, session_id: str, event_id: str) -> None:
        document = self.memory.documents[session_id]
        session: Session = document["session"]
        document["session"] = replace(session, refused=(*session.refused, event_id))

    async def add_data(self, read: Stored, turn: Turn, due: datetime) -> bool:
        return self._change(read, replace(read.session, turn=turn), (), read.origin, {"rank": due_rank(due)})

    async def end_turn(
        self, read: Stored, answer: Message | None, context: Context, events: Sequence[Event]
    ) -> bool:
        ended = replace(read.session, turn=None, context=context)
        if answer:
            ended = replace(ended, history=(*ended.history, answer), updated_at=answer.timestamp)
        return self._change(read, ended, events, read.origin, {}, ("rank", "reply_address"))

    async def page(self, user_id: str, limit: int, before: tuple[datetime, str] | None) -> Sequence[Session]:
        def place(session: Session) -> tuple[datetime, str]:
            return session.updated_at, session.session_id

        sessions = [document["session"] for document in self.memory.documents.values()]
        shown = [s for s in sessions if s.user_id == user_id and s.is_active]
        older = [s for s in shown if before is None or place(s) < before]
        return sorted(older, key=place, reverse=True)[:limit]

    def _change(
        self,
        read: Stored,
        session: Session,
        events: Sequence[Event],
        origin: Origin,
        fields: Mapping[str, Any] | None = None,
        gone: Sequence[str] = (),
    ) -> bool:
        as_read = {"_id": read.session.session_id, "version": read.version, "sequence": read.sequence}
        return self.memory.change(as_read, {**(fields or {}), "session": session}, events, origin, gone)


def _stored(document: Document) -> Stored:
    return Stored(
        document["session"],
        document["version"],
        document["sequence"],
        origin_of(document),
        address_of(document),
    )


class FakeStrategies:
    """The catalogue, as `MongoStrategies` keeps it."""

    def __init__(self) -> None:
        self.memory = Memory()

    async def get(self, strategy_id: str) -> StrategySaved | None:
        document = self.memory.get(strategy_id)
        return document["strategy"] if document and not document["deleted_at"] else None

    async def save(
        self, strategy: StrategySaved, origin: Origin, mark: RequestMark | None = None, *, revive: bool = True
    ) -> bool:
        document = {"_id": strategy.strategy_id, "strategy": strategy, "mark": mark, "deleted_at": None}
        if mark and await self.marked(mark.request_id):
            return False
        if self.memory.insert(document, [strategy], origin):
            return True
        stored = self.memory.documents[strategy.strategy_id]
        return (
            revive and bool(stored["deleted_at"]) and self.memory.change(stored, document, [strategy], origin)
        )

    async def marked(self, request_id: str) -> tuple[StrategySaved, str] | None:
        for document in self.memory.documents.values():
            if document["mark"] and document["mark"].request_id == request_id:
                return document["strategy"], document["mark"].digest
        return None

    async def delete(self, strategy_id: str, now: datetime, origin: Origin) -> bool:
        document = self.memory.get(strategy_id)
        if document is None or document["deleted_at"]:
            return False
        deleted = StrategyDeleted(strategy_id=strategy_id, deleted_at=now)
        return self.memory.change(document, {"deleted_at": now}, [deleted], origin)

    async def page(self, limit: int, after: str | None) -> Sequence[StrategySaved]:
        found = [
            d for d in self.memory.documents.values() if not d["deleted_at"] and d["_id"] > (after or "")
        ]
        return [document["strategy"] for document in sorted(found, key=lambda d: str(d["_id"]))[:limit]]


class FakeBacktests:
    """Backtests and their results, as `MongoBacktests` keeps them."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.results: dict[str, Document] = {}

    async def get(self, backtest_id: str) -> Document | None:
        return self.memory.get(backtest_id)

    async def revoke(self, backtest_id: str, until: datetime, origin: Origin) -> None:
        place = {"_id": backtest_id, "status": REVOKED, "rank": due_rank(until)}
        self.memory.insert({**place, "origin": asdict(origin)}, (), origin)

    async def forget(self, document: Document) -> None:
        if self.memory.documents.get(document["_id"], {}).get("version") == document["version"]:
            del self.memory.documents[document["_id"]]

    async def add(self, document: Document, events: Sequence[Event], origin: Origin) -> bool:
        if "leading" in document and await self.leader(document["leading"]):
            return False
        return self.memory.insert({**document, "origin": asdict(origin)}, events, origin)

    async def leader(self, work: str) -> Document | None:
        documents = self.memory.documents.values()
        return next((dict(d) for d in documents if d.get("leading") == work), None)

    async def hasten(self, backtest_id: str, rank: float) -> bool:
        document = self.memory.documents.get(backtest_id, {})
        if document.get("rank", rank) <= rank:
            return False
        document["rank"] = rank
        return True

    async def put(self, document: Document, fields: Document, gone: Iterable[str] = ()) -> bool:
        return self.memory.change(document, fields, (), origin_of(document), tuple(gone))

    async def end(
        self, document: Document, fields: Document, events: Sequence[Event], result: Document | None = None
    ) -> bool:
        if result:
            self.results[result["_id"]] = result
        gone = (*WAITING, *(() if fields["status"] == "completed" else ("leading",)))
        return self.memory.change(document, fields, events, origin_of(document), gone)

    async def wake_followers(self, now: datetime) -> Sequence[str]:
        documents = self.memory.documents
        under_way = {d["_id"] for d in documents.values() if d["status"] in {"pending", "running"}}
        asleep = [d for d in documents.values() if d.get("rank") == ASLEEP]
        woken = [document for document in asleep if document["attached_to"] not in under_way]
        for document in woken:
            document["rank"] = due_rank(now)
        return [document["_id"] for document in woken]

    async def result(self, result_id: str) -> Document | None:
        return self.results.get(result_id)

    async def page(
        self, limit: int, status: str | None, before: tuple[datetime, str] | None
    ) -> Sequence[Document]:
        def place(document: Document) -> tuple[datetime, str]:
            return document["created_at"], document["_id"]

        shown = {status} if status else set(STATUSES)
        found = [d for d in self.memory.documents.values() if d["status"] in shown]
        if before:
            found = [d for d in found if place(d) < before]
        return sorted(found, key=place, reverse=True)[:limit]

    async def durations(self, limit: int) -> Sequence[float]:
        found = await self.page(limit, "completed", None)
        return [document["run_seconds"] for document in found if "run_seconds" in document]


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

    async def get(self, comparison_id: str) -> Document | None:
        return self.memory.get(comparison_id)

    async def add_completed(self, event: ComparisonCompleted, digest: str, delivery: Delivery) -> bool:
        return self.memory.insert(self._document(event, digest, delivery), [event], delivery.origin)

    async def add_pending(
        self, event: ComparisonCompleted, digest: str, delivery: Delivery, now: datetime
    ) -> bool:
        request_client = delivery.reply_address
        pending = {"rank": due_rank(now), "waiting": [asdict(request_client)] if request_client else []}
        return self.memory.insert({**self._document(event, digest, delivery), **pending}, [], delivery.origin)

    async def join(self, comparison_id: str, digest: str, address: ReplyAddress) -> bool:
        document = self.memory.documents[comparison_id]
        if "rank" not in document or document["request"] != digest:
            return False
        if asdict(address) not in document["waiting"]:
            document["waiting"].append(asdict(address))
        return True

    async def complete(self, document: Document, event: ComparisonCompleted) -> bool:
        fields = {"comparison": event.model_dump(mode="json")}
        return self.memory.change(document, fields, [event], origin_of(document), ("rank",))

    async def fail(self, document: Document, event: ComparisonFailed) -> bool:
        fields = {"failure": event.model_dump(mode="json")}
        return self.memory.change(document, fields, [event], origin_of(document), ("rank",))

    def _document(self, event: ComparisonCompleted, digest: str, delivery: Delivery) -> Document:
        body, origin = event.model_dump(mode="json"), asdict(delivery.origin)
        kept = {"comparison": body, "request": digest, "origin": origin, "created_at": event.completed_at}
        return {"_id": event.comparison_id, **kept}

    async def forget(self, before: datetime, most: int) -> None:
        documents = self.memory.documents
        old = [document for document in documents.values() if document["created_at"] < before]
        for document in sorted(old, key=lambda document: document["created_at"])[:most]:
            del documents[document["_id"]]
