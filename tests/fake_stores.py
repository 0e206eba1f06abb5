"""Stores in memory with the compare-and-set of the real ones; `tests/stores` runs one suite on both."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from backchat_contracts import (
    UNDER_WAY,
    BacktestCompleted,
    BacktestSeriesPublished,
    ComparisonCompleted,
    ComparisonFailed,
    ComparisonRequested,
    Event,
    StrategyDeleted,
    StrategySaved,
    StrategyStandingChanged,
)
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
)
from services.backtest.domain.acceptance import CancelledEarly, Entry
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.catalogue import Strategy
from services.backtest.domain.change import Change
from services.backtest.domain.result import Result
from services.backtest.ports import RequestMark, SavedBefore, Wanted
from services.chassis.errors import ExistsError, StaleError
from services.chassis.jobs.queue import Claim, fields_of, first_claim, waiting_from
from services.chassis.jobs.rank import ASLEEP_NUMBER, Due, Rank, number_of
from services.chassis.messaging.envelope import Delivery, Origin, ReplyAddress, address_of, origin_of
from services.chassis.paging import cursor_of
from services.chassis.storage.mongo import Document
from services.chassis.storage.reading import as_read, as_stored
from services.chassis.stored import Stored
from services.compare.domain.catalogue import Catalogue, row_of
from services.compare.domain.gathering import KnownStrategy
from services.compare.domain.trials import Trial, definition_of, search_of
from services.compare.mongo import read_comparison
from services.compare.ports import Comparison
from services.language.name_index import Names
from services.session.domain.budgets import Used
from services.session.domain.session import NewTurn, Session
from services.session.domain.turn import Listener, Turn
from services.session.ports import TurnEnd
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

    async def rename(
        self, read: Stored[Session], title: str, events: Sequence[Event], delivery: Delivery
    ) -> None:
        self._change(read, replace(read.state, title=title), events, delivery.origin)

    async def begin_turn(
        self, read: Stored[Session], new: NewTurn, delivery: Delivery, held_until: datetime | None
    ) -> Claim[Session] | None:
        claim = first_claim(read, read.state.beginning(new), delivery.origin, delivery.reply_address)
        job = fields_of(claim, held_until) if held_until else self._due(read, new.came_at)
        self._change(read, claim.state, (), delivery.origin, {**job, **delivery.lineage()})
        return claim if held_until else None

    async def add_waiting(self, read: Stored[Session], new: NewTurn, delivery: Delivery) -> None:
        lineages = [*self.memory.documents[read.id].get("lineages", ()), delivery.lineage()]
        state = replace(read.state, waiting=(*read.state.waiting, new))
        self._change(read, state, (), delivery.origin, {"lineages": lineages})

    async def drop_waiting(
        self, read: Stored[Session], turn_id: str, code: str, events: Sequence[Event]
    ) -> ReplyAddress | None:
        document = self.memory.documents[read.id]
        if document["version"] != read.version:
            raise StaleError(read.id)
        lineages = document["lineages"]
        pairs = list(zip(read.state.waiting, lineages, strict=True))
        kept = [lineage for new, lineage in pairs if new.turn.turn_id != turn_id]
        state = read.state.not_waiting(turn_id, code)
        self._change(read, state, events, read.origin, {"lineages": kept})
        dropped = (lineage for new, lineage in pairs if new.turn.turn_id == turn_id)
        return next(map(address_of, dropped), None)

    async def waiting_address(self, session_id: str, turn_id: str) -> ReplyAddress | None:
        document = self.memory.documents[session_id]
        pairs = zip(document["session"].waiting, document.get("lineages", ()), strict=True)
        return next((address_of(lineage) for new, lineage in pairs if new.turn.turn_id == turn_id), None)

    async def add_listener(self, read: Stored[Session], turn_id: str, listener: Listener) -> None:
        self._change(read, read.state.hearing(turn_id, listener), (), read.origin)

    async def listeners(self, session_id: str, turn_id: str) -> Sequence[Listener]:
        turn = self.read(self.memory.documents[session_id]).turn
        return turn.listeners if turn and turn.turn_id == turn_id else ()

    async def refuse(self, session_id: str, event_id: str) -> None:
        document = self.memory.documents[session_id]
        session: Session = document["session"]
        document["session"] = replace(session, refused=(*session.refused, event_id))

    async def add_use(self, session_id: str, used: Used) -> None:
        document = self.memory.documents[session_id]
        session: Session = document["session"]
        document["session"] = replace(session, used=session.used.and_then(used))

    async def save_turn(self, read: Stored[Session], turn: Turn) -> Stored[Session]:
        read = self._held(read)
        state = replace(read.state, turn=read.state.turn and read.state.turn.done_as(turn))
        self._change(read, state, (), read.origin)
        return read.changed(state, 0)

    async def end_turn(
        self,
        read: Stored[Session],
        ended: Callable[[Session], Session],
        events: Sequence[Event],
        held_until: datetime | None,
    ) -> TurnEnd:
        read = self._held(read)
        state = ended(read.state)
        listeners = read.state.turn.listeners if read.state.turn else ()
        if state.turn is None:
            self._change(read, state, events, read.origin, {"lineages": []}, ("rank", "reply_address"))
            return TurnEnd(None, listeners)
        left = read.state.still_waiting(state.context)
        lineage, *lineages = (self.memory.documents[read.id]["lineages"][n] for n in left)
        origin, address = origin_of(lineage), address_of(lineage)
        claim = first_claim(read, state, origin, address, len(events))
        came_at = read.state.waiting[left[0]].came_at
        job = fields_of(claim, held_until) if held_until else self._due(read, came_at)
        self._change(read, state, events, read.origin, {**job, **lineage, "lineages": lineages})
        return TurnEnd(claim if held_until else None, listeners)

    @staticmethod
    def _due(read: Stored[Session], due: datetime) -> dict[str, Any]:
        return {**waiting_from(due), "fence": read.fence + 1}

    def _held(self, read: Stored[Session]) -> Stored[Session]:
        """Return the session as it is, if its turn is still held."""
        document = self.memory.get(read.id)
        if document is None or document.get("fence", 0) != read.fence:
            raise StaleError(read.id)
        now = as_stored(document, self.read(document))
        if not (now.state.turn and read.state.turn) or now.state.turn.turn_id != read.state.turn.turn_id:
            raise StaleError(read.id)
        return replace(now, state=now.state.as_far_as(read.state))

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
        if document := self.memory.documents.get(read.id):  # a refusal changes no other field
            now = self.read(document)
            session = replace(session, refused=now.refused, used=now.used)
        self.memory.change(as_read(read), {**(fields or {}), "session": session}, events, origin, gone)


class FakeStrategies:
    """The catalogue, as `MongoStrategies` keeps it."""

    def __init__(self) -> None:
        self.memory = Memory()

    async def get(self, strategy_id: str) -> Stored[Strategy] | None:
        document = self.memory.get(strategy_id)
        return as_stored(document, read_strategy(document)) if document else None

    async def saved_by(self, request_id: str) -> SavedBefore | None:
        for document in self.memory.documents.values():
            if document.get("request_id") == request_id:
                return SavedBefore(read_strategy(document), document["request"])
        return None

    async def add(self, created: Change[Strategy], origin: Origin, mark: RequestMark | None = None) -> None:
        if mark and await self.saved_by(mark.request_id):
            raise ExistsError(created.state.id)
        document = {"_id": created.state.id, **self._fields(created.state, mark)}
        self.memory.insert(document, created.events, origin)

    async def change(
        self,
        read: Stored[Strategy],
        change: Change[Strategy],
        origin: Origin,
        mark: RequestMark | None = None,
    ) -> None:
        self.memory.change(as_read(read), self._fields(change.state, mark), change.events, origin)

    async def page(self, limit: int, before: str | None) -> Sequence[Strategy]:
        strategies = [read_strategy(document) for document in self.memory.documents.values()]
        listed = {cursor_of(each.created_at, each.id): each for each in strategies if not each.deleted_at}
        shown = sorted((key for key in listed if not before or key < before), reverse=True)
        return [listed[key] for key in shown[:limit]]

    async def all(self) -> AsyncIterator[Stored[Strategy]]:
        for document in self.memory.documents.values():
            yield as_stored(document, read_strategy(document))

    @staticmethod
    def _fields(strategy: Strategy, mark: RequestMark | None) -> Document:
        marked = {"request_id": mark.request_id, "request": mark.digest} if mark else {}
        return {**strategy_fields(strategy), **marked}


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
        if result and ended.state.result_id:
            self.results[ended.state.result_id] = result_document(ended.state.result_id, result)
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

    async def page(self, wanted: Wanted, limit: int, before: str | None) -> Sequence[Stored[Backtest]]:
        def position(document: Document) -> str:
            return cursor_of(document["created_at"], document["_id"])

        accepted = [d for d in self.memory.documents.values() if "created_at" in d]
        older = [d for d in accepted if before is None or position(d) < before]
        newest = sorted(older, key=position, reverse=True)
        found = (as_stored(document, read_backtest(document)) for document in newest)
        return [stored for stored in found if _is_wanted(stored.state, wanted)][:limit]

    async def durations(self, limit: int) -> Sequence[float]:
        found = [
            stored.state.run_seconds for stored in await self.page(Wanted(status="completed"), limit, None)
        ]
        return [seconds for seconds in found if seconds is not None]


def _is_wanted(backtest: Backtest, wanted: Wanted) -> bool:
    spec = backtest.spec
    return (
        wanted.status in {None, backtest.status}
        and wanted.strategy_id in {None, spec.strategy_id}
        and wanted.version in {None, spec.version}
        and wanted.symbol in {None, *spec.config.symbols}
        and wanted.user_id in {None, spec.user_id}
        and wanted.tag in {None, *spec.config.tags}
    )


class FakeStrategyModel:
    """The read model, as `MongoStrategyModel` keeps it."""

    def __init__(self) -> None:
        self._entries: dict[str, Document] = {}
        self._read: Catalogue | None = None
        self._names, self._named = Names({}), Catalogue()

    def become(self, other: "FakeStrategyModel") -> None:
        """Have what another one has."""
        self.__dict__ |= vars(other)
        self._entries = dict(self._entries)

    async def saved(self, event: StrategySaved, sequence: int) -> None:
        fields = {"catalogued": True, "name": event.name, "symbols": event.symbols}
        self._list_or_delist(event.strategy_id, sequence, fields)

    async def deleted(self, event: StrategyDeleted, sequence: int) -> None:
        self._list_or_delist(event.strategy_id, sequence, {"catalogued": False})

    async def chosen(self, event: StrategyStandingChanged, sequence: int) -> None:
        entry = self._entries.get(event.strategy_id, self._new())
        if entry["standing_sequence"] < sequence:
            entry = {**entry, "chosen": event.standing, "standing_sequence": sequence}
        self._keep(event.strategy_id, entry)

    async def completed(self, event: BacktestCompleted) -> None:
        fields = {"latest_at": event.completed_at, "latest": event}
        entry = self._entries.get(event.strategy_id, self._new(event.strategy_name))
        if entry["latest_at"] < event.completed_at:
            self._keep(event.strategy_id, {**entry, **fields})

    async def get(self, strategy_ids: Sequence[str]) -> Mapping[str, KnownStrategy]:
        found = ((key, self._entries[key]) for key in strategy_ids if key in self._entries)
        return {
            key: KnownStrategy(key, entry["name"], entry["latest"], entry["chosen"], entry.get("symbols", ()))
            for key, entry in found
            if entry["catalogued"]
        }

    async def catalogued(self, strategy_ids: Sequence[str]) -> Mapping[str, KnownStrategy]:
        return await self.get(strategy_ids)

    async def names(self) -> Names:
        catalogue = await self.catalogue()
        if catalogue is not self._named:
            self._names, self._named = Names(catalogue.names), catalogue
        return self._names

    async def catalogue(self) -> Catalogue:
        if self._read is None:
            catalogued = [(key, entry) for key, entry in self._entries.items() if entry["catalogued"]]
            self._read = Catalogue(
                [row_of(key, e["name"], e["latest_at"], e["chosen"] or e["latest"]) for key, e in catalogued]
            )
        return self._read

    def _list_or_delist(self, strategy_id: str, sequence: int, fields: Document) -> None:
        entry = self._entries.get(strategy_id, self._new())
        if entry["strategy_sequence"] < sequence:
            self._keep(strategy_id, {**entry, **fields, "strategy_sequence": sequence})

    def _keep(self, strategy_id: str, entry: Document) -> None:
        self._entries[strategy_id] = entry
        self._read = None

    @staticmethod
    def _new(name: str = "") -> Document:
        latest = {"latest_at": NEVER, "latest": None, "chosen": None}
        return {"catalogued": False, "name": name, **latest, "strategy_sequence": 0, "standing_sequence": 0}


class FakeComparisons:
    """Comparisons, as `MongoComparisons` keeps them."""

    def __init__(self) -> None:
        self.memory = Memory()

    async def get(self, comparison_id: str) -> Stored[Comparison] | None:
        document = self.memory.get(comparison_id)
        return as_stored(document, read_comparison(document)) if document else None

    async def add_completed(self, event: ComparisonCompleted, digest: str, delivery: Delivery) -> None:
        document = self._document(event.comparison_id, digest, delivery, event.completed_at)
        body = event.model_dump(mode="json")
        self.memory.insert({**document, "comparison": body}, [event], delivery.origin)

    async def add_pending(
        self, request: ComparisonRequested, digest: str, delivery: Delivery, now: datetime
    ) -> None:
        requester = delivery.reply_address
        pending = {
            "asked": request.model_dump(mode="json"),
            "rank": number_of(Due(now)),
            "waiting": [asdict(requester)] if requester else [],
        }
        document = self._document(request.comparison_id, digest, delivery, now)
        self.memory.insert({**document, **pending}, [], delivery.origin)

    async def join(self, comparison_id: str, digest: str, address: ReplyAddress) -> None:
        document = self.memory.documents[comparison_id]
        if "rank" not in document or document["request"] != digest:
            raise StaleError(comparison_id)
        if asdict(address) not in document["waiting"]:
            document["waiting"].append(asdict(address))

    async def complete(self, read: Stored[Comparison], event: ComparisonCompleted) -> None:
        fields = {"comparison": event.model_dump(mode="json")}
        self.memory.change(as_read(read), fields, [event], read.origin, ("rank", "asked"))

    async def fail(self, read: Stored[Comparison], event: ComparisonFailed) -> None:
        fields = {"failure": event.model_dump(mode="json")}
        self.memory.change(as_read(read), fields, [event], read.origin, ("rank", "asked"))

    def _document(
        self, comparison_id: str, digest: str, delivery: Delivery, created_at: datetime
    ) -> Document:
        origin = asdict(delivery.origin)
        return {"_id": comparison_id, "request": digest, "origin": origin, "created_at": created_at}

    async def forget(self, before: datetime, most: int) -> None:
        documents = self.memory.documents
        old = [document for document in documents.values() if document["created_at"] < before]
        for document in sorted(old, key=lambda document: document["created_at"])[:most]:
            del documents[document["_id"]]


class FakeSeries:
    """Curves of backtests, as `MongoSeries` keeps them."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[datetime, BacktestSeriesPublished]] = {}

    async def get(self, backtest_ids: Sequence[str]) -> Mapping[str, BacktestSeriesPublished]:
        return {key: self._kept[key][1] for key in backtest_ids if key in self._kept}

    async def keep(self, event: BacktestSeriesPublished, at: datetime) -> None:
        self._kept[event.backtest_id] = at, event

    async def forget(self, before: datetime, most: int) -> None:
        old = sorted((at, key) for key, (at, _) in self._kept.items() if at < before)
        for _, key in old[:most]:
            del self._kept[key]


class FakeTrials:
    """The definitions that were run, as `MongoTrials` keeps them."""

    def __init__(self) -> None:
        self._trials: dict[tuple[str, str], Trial] = {}

    async def add(self, backtest: BacktestCompleted) -> None:
        search, definition = search_of(backtest), definition_of(backtest.config)
        sharpe_ratio = backtest.performance.sharpe_ratio if backtest.performance else None
        self._trials.setdefault((search, definition), Trial(definition, sharpe_ratio))

    async def of(self, searches: Iterable[str]) -> Mapping[str, Sequence[Trial]]:
        return {
            wanted: [trial for (search, _), trial in self._trials.items() if search == wanted]
            for wanted in searches
        }
