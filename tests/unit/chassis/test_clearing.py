"""What a clearing that is broken off leaves to be cleared."""

import asyncio
from typing import Any

import pytest

from services.chassis.storage.clearing import Clearing
from services.chassis.storage.schedule import Schedule

pytestmark = pytest.mark.anyio


class Slow:
    """A collection that does not answer."""

    async def update_many(self, *_: object) -> None:
        await asyncio.Event().wait()


async def test_what_a_cancelled_clearing_has_taken_is_still_to_be_cleared() -> None:
    collection: Any = Slow()
    clearing = Clearing(collection, Schedule(keep=0.0, relay_after=2.5))
    clearing.acknowledged("d-1", "e-1")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await clearing.clear_at_stop()
    assert (list(clearing.sent), clearing.event_ids) == (["d-1"], {"e-1"})
