"""What makes stored sessions of before those of this version."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from services.chassis.jobs.rank import Due, number_of
from services.chassis.storage.mongo import Database, translated
from services.session.domain.budgets import used_by
from services.session.domain.titles import title_of
from services.session.mongo.documents import model_use_of
from services.session.mongo.sessions import listed_sessions


async def add_list_keys(database: Database) -> None:
    """Store the keys by which sessions are listed: the migration to version 2."""
    await listed_sessions(database["chat_sessions"]).migrate("created_at")


async def make_turns_loops(database: Database) -> None:
    """Let turns that have no answer yet begin anew, with steps: the migration to version 3."""
    with translated():
        new = {"turn.steps": [], "rank": number_of(Due(datetime.now(UTC)))}
        old = {"turn.comparison_id": "", "turn.data": ""}
        await database["chat_sessions"].update_many(
            {"turn.comparison_id": {"$exists": True}}, {"$set": new, "$unset": old}
        )


async def add_titles(database: Database) -> None:
    """Give the sessions of before the titles that they would have got: the migration to version 4."""
    sessions = database["chat_sessions"]
    with translated():
        async for document in sessions.find({"title": {"$exists": False}}, {"conversation_history": 1}):
            said = (each["content"] for each in document["conversation_history"] if each["role"] == "user")
            title = next(filter(None, map(title_of, said)), None)
            await sessions.update_one(
                {"_id": document["_id"], "title": {"$exists": False}}, {"$set": {"title": title}}
            )


async def add_uses(database: Database) -> None:
    """Count what the sessions of before have taken of language models: the migration to version 5."""
    sessions = database["chat_sessions"]
    with translated():
        async for document in sessions.find({"used": {"$exists": False}}, {"conversation_history": 1}):
            used = used_by(model_use_of(each) for each in document["conversation_history"])
            await sessions.update_one(
                {"_id": document["_id"], "used": {"$exists": False}}, {"$set": {"used": asdict(used)}}
            )


MIGRATIONS: Final = (add_list_keys, make_turns_loops, add_titles, add_uses)
