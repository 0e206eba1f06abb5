"""Sessions in MongoDB."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from backchat_contracts import Event
from services.chassis.jobs.queue import due_rank
from services.chassis.messaging.envelope import Delivery, address_of, origin_of
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import ASCENDING, DESCENDING, Document, behind, translated
from services.session.domain import Context, Message, Session, Turn
from services.session.ports import Stored

EXPIRES_AFTER_SECONDS = 86_400
REFUSALS_REMEMBERED = 50


class MongoSessions:
    """The collection `chat_sessions`. The turn without an answer stands in `turn`; `rank` is its lease."""

    def __init__(self, aggregates: Aggregates) -> None:
        self._aggregates = aggregates

    async def start(self) -> None:
        collection = self._aggregates.collection
        await collection.create_index("session_id", unique=True)
        await collection.create_index("user_id")
        await collection.create_index("updated_at", expireAfterSeconds=EXPIRES_AFTER_SECONDS)
        await collection.create_index("is_active")
        await collection.create_index([("user_id", ASCENDING), ("is_active", ASCENDING)])

    async def get(self, session_id: str) -> Stored | None:
        document = await self._aggregates.get(session_id)
        return _stored(document) if document else None

    async def add(self, session: Session, events: Sequence[Event], delivery: Delivery) -> bool:
        document = {
            "_id": session.session_id,
            "session_id": session.session_id,
            "user_id": session.user_id,
            "conversation_history": [],
            "context": asdict(session.context),
            "created_at": session.created_at,
            "updated_at": session.updated_at,
            "is_active": True,
        }
        return await self._aggregates.insert(document, events, delivery.origin)

    async def end(self, read: Stored, now: datetime, events: Sequence[Event], delivery: Delivery) -> bool:
        update = {"$set": {"is_active": False, "updated_at": now}}
        return await self._aggregates.change(_as_read(read), update, events, delivery.origin)

    async def begin_turn(
        self,
        read: Stored,
        said: Message,
        turn: Turn,
        events: Sequence[Event],
        delivery: Delivery,
        due: datetime,
    ) -> bool:
        update = {
            "$set": {
                "turn": asdict(turn),
                "attempt": 0,
                "rank": due_rank(due),
                "updated_at": said.timestamp,
                **delivery.lineage(),
            },
            "$push": {"conversation_history": asdict(said)},
        }
        return await self._aggregates.change(_as_read(read), update, events, delivery.origin)

    async def refuse(self, session_id: str, event_id: str) -> None:
        remembered = {"$each": [event_id], "$slice": -REFUSALS_REMEMBERED}
        with translated():
            await self._aggregates.collection.update_one(
                {"_id": session_id}, {"$push": {"refused": remembered}}
            )

    async def add_data(self, read: Stored, turn: Turn, due: datetime) -> bool:
        update = {"$set": {"turn": asdict(turn), "rank": due_rank(due)}}
        return await self._aggregates.change(_as_read(read), update, (), read.origin)

    async def end_turn(
        self, read: Stored, answer: Message | None, context: Context, events: Sequence[Event]
    ) -> bool:
        update: dict[str, dict[str, Any]] = {
            "$set": {"context": asdict(context)},
            "$unset": {"turn": "", "rank": "", "reply_address": ""},
        }
        if answer:
            update["$set"]["updated_at"] = answer.timestamp
            update["$push"] = {"conversation_history": asdict(answer)}
        return await self._aggregates.change(_as_read(read), update, events, read.origin)

    async def page(self, user_id: str, limit: int, before: tuple[datetime, str] | None) -> Sequence[Session]:
        query: Document = {"user_id": user_id, "is_active": True}
        if before:
            query["$or"] = behind("updated_at", before)
        with translated():
            cursor = self._aggregates.collection.find(query, {"outbox": 0, "conversation_history": 0})
            documents = await cursor.sort([("updated_at", DESCENDING), ("_id", DESCENDING)]).to_list(limit)
        return [_stored(document).session for document in documents]


def _as_read(read: Stored) -> Document:
    return {"_id": read.session.session_id, "version": read.version, "sequence": read.sequence}


def _message(entry: Mapping[str, Any]) -> Message:
    return Message(**{**entry, "strategy_ids": tuple(entry.get("strategy_ids", ()))})


def _stored(document: Mapping[str, Any]) -> Stored:
    turn = document.get("turn")
    context = document["context"]
    session = Session(
        session_id=document["session_id"],
        user_id=document["user_id"],
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        is_active=document["is_active"],
        history=tuple(_message(entry) for entry in document.get("conversation_history", ())),
        context=Context(tuple(context["strategy_ids"]), context["focus"]),
        turn=Turn(**turn) if turn else None,
        refused=tuple(document.get("refused", ())),
    )
    return Stored(
        session,
        document["version"],
        document["sequence"],
        origin_of(document),
        address_of(document),
    )
