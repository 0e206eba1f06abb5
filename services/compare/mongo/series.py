"""The curves of backtests in MongoDB: a copy, which the backtest service publishes again when it is gone."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from backchat_contracts import BacktestCompleted, BacktestSeries, BacktestSeriesPublished
from services.chassis.storage.mongo import ASCENDING, Collection, create_index, translated


class MongoSeries:
    """The collection `series`: by a backtest's id, what was published of it, and when it came (`at`)."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def start(self) -> None:
        await create_index(self._collection, "at")

    async def get(self, backtest_ids: Sequence[str]) -> Mapping[str, BacktestSeriesPublished]:
        with translated():
            cursor = self._collection.find({"_id": {"$in": list(backtest_ids)}})
            documents = await cursor.to_list(len(backtest_ids))
        return {
            document["_id"]: BacktestSeriesPublished(
                backtest_id=document["_id"],
                completed=BacktestCompleted.model_validate(document["completed"]),
                series=document["series"] and BacktestSeries.model_validate(document["series"]),
                code=document["code"],
            )
            for document in documents
        }

    async def keep(self, event: BacktestSeriesPublished, at: datetime) -> None:
        document = {
            "completed": event.completed and event.completed.model_dump(mode="json"),
            "series": event.series and event.series.model_dump(),
            "code": event.code,
            "at": at,
        }
        with translated():
            await self._collection.replace_one({"_id": event.backtest_id}, document, upsert=True)

    async def forget(self, before: datetime, most: int) -> None:
        with translated():
            old = self._collection.find({"at": {"$lt": before}}, {"_id": 1}).sort("at", ASCENDING)
            ids = [document["_id"] for document in await old.limit(most).to_list(most)]
            if ids:
                await self._collection.delete_many({"_id": {"$in": ids}})
