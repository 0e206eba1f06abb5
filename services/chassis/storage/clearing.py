"""Removes acknowledged events from the documents that hold them."""

import time
from itertools import islice
from typing import Final

import structlog

from services.chassis.errors import StoreUnavailableError
from services.chassis.faults import fault_point
from services.chassis.storage.mongo import Collection, translated
from services.chassis.storage.schedule import Schedule, Sent, rested

log = structlog.get_logger()

STOP_SECONDS: Final = 1.0
"""How long a stopping service clears; what remains is sent again at the next start."""


class Clearing:
    """Removes the acknowledged events of one collection.

    `sent` has them by document, those first that were acknowledged first; `event_ids` has the ids of all.
    """

    def __init__(self, collection: Collection, schedule: Schedule) -> None:
        self._collection = collection
        self._schedule = schedule
        self._cleared_at = 0.0
        self.sent: dict[str, Sent] = {}
        self.event_ids: set[str] = set()

    def acknowledged(self, aggregate_id: str, event_id: str) -> None:
        before = self.sent.pop(aggregate_id, None)
        event_ids = [*(before.event_ids if before else ()), event_id]
        self.sent[aggregate_id] = Sent(time.monotonic(), event_ids)
        self.event_ids.add(event_id)

    def pause(self) -> float:
        return self._schedule.pause(self.sent)

    async def clear_due(self) -> None:
        if count := self._schedule.to_clear(self.sent, time.monotonic(), self._cleared_at):
            await self._clear(count)

    async def clear_at_stop(self) -> None:
        """Clear what need not be kept, for a second at most."""
        deadline = time.monotonic() + STOP_SECONDS
        try:
            while count := rested(self.sent, now := time.monotonic(), self._schedule.keep):
                if now >= deadline:
                    break
                await self._clear(count)
        except StoreUnavailableError as error:
            log.warning("sent events not cleared, they will be sent again", error=str(error), again=True)

    async def _clear(self, count: int) -> None:
        """Remove the acknowledged events of the first documents in one call."""
        self._cleared_at = time.monotonic()
        fault_point("sent")
        page = {aggregate_id: self.sent.pop(aggregate_id) for aggregate_id in list(islice(self.sent, count))}
        event_ids = [event_id for each in page.values() for event_id in each.event_ids]
        left = {"$filter": {"input": "$outbox", "cond": {"$not": [{"$in": ["$$this.id", event_ids]}]}}}
        unsent_since = {"$cond": [{"$eq": ["$$left", []]}, "$$REMOVE", "$unsent_since"]}
        shorter = {"$mergeObjects": ["$$ROOT", {"outbox": "$$left"}]}
        cleared = {"$setField": {"field": "unsent_since", "input": shorter, "value": unsent_since}}
        update = [{"$replaceWith": {"$let": {"vars": {"left": left}, "in": cleared}}}]
        try:
            with translated():
                await self._collection.update_many({"_id": {"$in": list(page)}}, update)
        except BaseException:  # a stop cancels it
            for aggregate_id in page.keys() & self.sent.keys():  # more was acknowledged meanwhile
                page[aggregate_id].event_ids += self.sent.pop(aggregate_id).event_ids
            self.sent = {**page, **self.sent}
            raise
        self.event_ids.difference_update(event_ids)
