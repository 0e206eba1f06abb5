"""Turns concurrent calls into one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Grouped(Generic[T, R]):
    """Collects the calls that are made while one is running, and makes the next call for all of them.

    A round trip, or a sync of the embedded database, costs more than a document. A single caller waits for no
    others, concurrent ones share the cost. An error is raised to all callers of its group.
    """

    def __init__(self, call: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._call = call
        self._running = asyncio.Lock()
        self._items: list[T] = []
        self._next: asyncio.Task[Sequence[R]] | None = None

    async def __call__(self, item: T) -> R:
        self._items.append(item)
        index = len(self._items) - 1
        if self._next is None or index == 0:
            self._next = asyncio.create_task(self._run())
        return (await asyncio.shield(self._next))[index]  # cancelling one caller leaves the others alone

    async def _run(self) -> Sequence[R]:
        async with self._running:
            items, self._items = self._items, []
            return await self._call(items)
