"""Sessions in MongoDB."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Final

from backchat_contracts import Event
from services.chassis.errors import StaleError
from services.chassis.jobs.queue import Claim, fields_of, first_claim, waiting_from
from services.chassis.messaging.envelope import Delivery, ReplyAddress, address_of, origin_of
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Collection, Document, create_index, expire, translated
from services.chassis.storage.newest import NewestFirst, list_key
from services.chassis.storage.reading import as_read, as_stored
from services.chassis.stored import Stored
from services.session.domain.budgets import Used
from services.session.domain.history import Message, Unanswered
from services.session.domain.session import NewTurn, Session
from services.session.domain.turn import Listener, Turn
from services.session.mongo.documents import (
    context_fields,
    listeners_of,
    read_session,
    turn_fields,
)
from services.session.ports import TurnEnd

A_DAY: Final = timedelta(days=1)
REFUSALS_REMEMBERED = 50


def listed_sessions(collection: Collection) -> NewestFirst:
    left_out = ["outbox", "conversation_history", "last", "before", "unanswered"]
    return NewestFirst(collection, [("user_id", "is_active")], left_out, apart=["user_id"])


class MongoSessions:
    """The collection `chat_sessions`. `turn` has no answer yet; `rank` is when a worker claims it."""

    def __init__(self, aggregates: Aggregates, keep: timedelta = A_DAY) -> None:
        self._aggregates = aggregates
        self._keep = keep
        self._list = listed_sessions(aggregates.collection)

    async def start(self) -> None:
        collection = self._aggregates.collection
        await create_index(collection, "session_id", unique=True)
        await create_index(collection, "user_id")
        await expire(collection, "updated_at", self._keep)
        await create_index(collection, "is_active")
        await self._list.start()

    async def get(self, session_id: str) -> Stored[Session] | None:
        document = await self._aggregates.get(session_id)
        return as_stored(document, read_session(document)) if document else None

    async def add(self, session: Session, events: Sequence[Event], delivery: Delivery) -> None:
        document = {
            "_id": session.session_id,
            "session_id": session.session_id,
            "user_id": session.user_id,
            "title": session.title,
            "forked_from": session.forked_from and asdict(session.forked_from),
            "conversation_history": [asdict(message) for message in session.history],
            "context": context_fields(session.context),
            "created_at": session.created_at,
            "updated_at": session.updated_at,
            "is_active": True,
            "auto_run": session.auto_run,
            "used": asdict(session.used),
            "unanswered": [asdict(each) for each in session.unanswered],
            **list_key(session.session_id, session.created_at),
        }
        await self._aggregates.insert(document, events, delivery.origin)
        self._list.add(document)

    async def end(
        self, read: Stored[Session], now: datetime, events: Sequence[Event], delivery: Delivery
    ) -> None:
        update = {"$set": {"is_active": False, "updated_at": now}}
        await self._aggregates.change(as_read(read), update, events, delivery.origin)

    async def rename(
        self, read: Stored[Session], title: str, events: Sequence[Event], delivery: Delivery
    ) -> None:
        await self._aggregates.change(as_read(read), {"$set": {"title": title}}, events, delivery.origin)

    async def begin_turn(
        self, read: Stored[Session], new: NewTurn, delivery: Delivery, held_until: datetime | None
    ) -> Claim[Session] | None:
        begun = read.state.beginning(new)
        claim = first_claim(read, begun, delivery.origin, delivery.reply_address) if held_until else None
        update = {
            "$set": {
                "turn": turn_fields(new.turn),
                "title": begun.title,
                "updated_at": new.came_at,
                **_job(read, claim, held_until, new.came_at),
                **delivery.lineage(),
            },
            **_pushed(read.state, begun),
        }
        await self._aggregates.change(as_read(read), update, (), delivery.origin)
        return claim

    async def add_waiting(self, read: Stored[Session], new: NewTurn, delivery: Delivery) -> None:
        waiting = {"turn": turn_fields(new.turn), "came_at": new.came_at, **delivery.lineage()}
        await self._aggregates.change(as_read(read), {"$push": {"waiting": waiting}}, (), delivery.origin)

    async def drop_waiting(
        self, read: Stored[Session], turn_id: str, code: str, events: Sequence[Event]
    ) -> ReplyAddress | None:
        document = await self._aggregates.get(read.id)
        if document is None or document["version"] != read.version:
            raise StaleError(read.id)
        dropped = [each for each in document["waiting"] if each["turn"]["turn_id"] == turn_id]
        kept = [each for each in document["waiting"] if each not in dropped]
        pushed = _pushed(read.state, read.state.not_waiting(turn_id, code))
        update = {"$set": {"waiting": kept}, **pushed}
        await self._aggregates.change(as_read(read), update, events, read.origin)
        return next(map(address_of, dropped), None)

    async def waiting_address(self, session_id: str, turn_id: str) -> ReplyAddress | None:
        document = await self._aggregates.get(session_id)
        waiting = document.get("waiting", ()) if document else ()
        return next((address_of(each) for each in waiting if each["turn"]["turn_id"] == turn_id), None)

    async def add_listener(self, read: Stored[Session], turn_id: str, listener: Listener) -> None:
        heard = read.state.hearing(turn_id, listener)
        waiting = ((f"waiting.{n}.turn", each.turn) for n, each in enumerate(heard.waiting))
        turns = (("turn", heard.turn), *waiting)
        field, turn = next((field, turn) for field, turn in turns if turn and turn.turn_id == turn_id)
        update = {"$set": {f"{field}.listeners": [asdict(each) for each in turn.listeners]}}
        await self._aggregates.change(as_read(read), update, (), read.origin)

    async def listeners(self, session_id: str, turn_id: str) -> Sequence[Listener]:
        fields = {"turn.turn_id": 1, "turn.listeners": 1}
        with translated():
            document = await self._aggregates.collection.find_one({"_id": session_id}, fields)
        turn = (document or {}).get("turn") or {}
        return listeners_of(turn) if turn.get("turn_id") == turn_id else ()

    async def refuse(self, session_id: str, event_id: str) -> None:
        remembered = {"$each": [event_id], "$slice": -REFUSALS_REMEMBERED}
        with translated():
            await self._aggregates.collection.update_one(
                {"_id": session_id}, {"$push": {"refused": remembered}}
            )

    async def add_use(self, session_id: str, used: Used) -> None:
        added = {f"used.{name}": value for name, value in asdict(used).items()}
        with translated():
            await self._aggregates.collection.update_one({"_id": session_id}, {"$inc": added})

    async def save_turn(self, read: Stored[Session], turn: Turn) -> Stored[Session]:
        while True:
            try:
                done = read.state.turn and read.state.turn.done_as(turn)
                fields = turn_fields(done) if done else {}
                new = {f"turn.{name}": fields[name] for name in ("steps", "model_use") if name in fields}
                await self._aggregates.change(as_read(read), {"$set": new}, (), read.origin)
                return read.changed(replace(read.state, turn=done), 0)
            except StaleError:
                read, _ = await self._again(read)

    async def end_turn(
        self,
        read: Stored[Session],
        ended: Callable[[Session], Session],
        events: Sequence[Event],
        held_until: datetime | None,
    ) -> TurnEnd:
        document: Document | None = None
        while True:
            if read.state.waiting and document is None:
                read, document = await self._again(read)
            try:
                claim, update = _ending(read, document, ended, events, held_until)
                await self._aggregates.change(as_read(read), update, events, read.origin)
            except StaleError:
                read, document = await self._again(read)
            else:
                return TurnEnd(claim, read.state.turn.listeners if read.state.turn else ())

    async def _again(self, read: Stored[Session]) -> tuple[Stored[Session], Document]:
        """Read a session again whose turn is held. Raises StaleError if it is not held any more."""
        document = await self._aggregates.get(read.id)
        again = as_stored(document, read_session(document)) if document else None
        if document is None or again is None or not _is_of_the_same_turn(read, again):
            raise StaleError(read.id)
        return replace(again, state=again.state.as_far_as(read.state)), document

    async def page(self, user_id: str, limit: int, before: str | None) -> Sequence[Session]:
        found = await self._list.read({"user_id": user_id, "is_active": True}, limit, before)
        return [read_session(document) for document in found]


def _ending(
    read: Stored[Session],
    document: Document | None,
    ended: Callable[[Session], Session],
    events: Sequence[Event],
    held_until: datetime | None,
) -> tuple[Claim[Session] | None, dict[str, Any]]:
    """Return the claim of the next turn that waits, and the update that ends one and begins the other."""
    state = ended(read.state)
    fields: Document = {
        "context": context_fields(state.context),
        "last": state.last and turn_fields(state.last),
        "before": state.before and context_fields(state.before),
        "title": state.title,
        "updated_at": state.updated_at,
    }
    left = read.state.still_waiting(state.context)
    if not left or document is None:
        gone = {"turn": "", "rank": "", "reply_address": "", "waiting": ""}
        return None, {"$set": fields, "$unset": gone, **_pushed(read.state, state)}
    new, stored = read.state.waiting[left[0]], document["waiting"][left[0]]
    origin, address = origin_of(stored), address_of(stored)
    claim = first_claim(read, state, origin, address, len(events)) if held_until else None
    fields |= {
        "turn": turn_fields(new.turn),
        "waiting": [document["waiting"][n] for n in left[1:]],
        "origin": stored["origin"],
        "reply_address": stored["reply_address"],
        **_job(read, claim, held_until, new.came_at),
    }
    return claim, {"$set": fields, **_pushed(read.state, state)}


def _is_of_the_same_turn(read: Stored[Session], again: Stored[Session]) -> bool:
    before, now = read.state.turn, again.state.turn
    return again.fence == read.fence and bool(before and now and before.turn_id == now.turn_id)


def _job(
    read: Stored[Session], claim: Claim[Session] | None, held_until: datetime | None, due: datetime
) -> Document:
    """Return the fields of a turn as a job; no worker that held one before holds it."""
    if claim and held_until:
        return fields_of(claim, held_until)
    return {**waiting_from(due), "fence": read.fence + 1}


def _pushed(before: Session, after: Session) -> dict[str, Any]:
    """Return the part of an update that adds what was said, and the turns that have no answer."""
    said, unanswered = after.history[len(before.history) :], after.unanswered[len(before.unanswered) :]
    new: Mapping[str, Sequence[Message | Unanswered]] = {
        "conversation_history": said,
        "unanswered": unanswered,
    }
    pushed = {name: {"$each": [asdict(each) for each in added]} for name, added in new.items() if added}
    return {"$push": pushed} if pushed else {}
