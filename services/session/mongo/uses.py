"""What users have taken of language models, in MongoDB."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Final

from services.chassis.storage.mongo import Collection, create_index, translated
from services.session.domain.budgets import Used

USES_KEPT: Final = timedelta(days=7)


class MongoUses:
    """The collection `model_use`: what each user has taken of language models, a document for each day."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def start(self) -> None:
        await create_index(self._collection, "day", expireAfterSeconds=int(USES_KEPT.total_seconds()))

    async def add(self, user_id: str, day: date, used: Used) -> None:
        at_first = {"day": datetime.combine(day, datetime.min.time(), UTC), "user_id": user_id}
        update = {"$inc": asdict(used), "$setOnInsert": at_first}
        with translated():
            await self._collection.update_one({"_id": _use_key(user_id, day)}, update, upsert=True)

    async def of(self, user_id: str, day: date) -> Used:
        with translated():
            found = await self._collection.find_one({"_id": _use_key(user_id, day)})
        return Used(found["requests"], found["tokens"], found["cost"]) if found else Used()


def _use_key(user_id: str, day: date) -> str:
    return f"{day} {user_id}"
