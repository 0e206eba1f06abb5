"""Turns concurrent calls into one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final, Generic, TypeVar

from services.chassis.errors import UnavailableError

T = TypeVar("T")
R = TypeVar("R")

MOST_BYTES: Final = 8_000_000
"""Of a call for several: MongoDB takes 16 MiB in a document, which a command is, and in its variables."""


class Grouped(Generic[T, R]):
    """Collects the calls that are made while one is running, and makes the next call for all of them.

    A round trip, or a sync of the embedded database, costs more than a document. A single caller waits for no
    others, concurrent ones share the cost. After an error that one of them may have caused, the call is made
    for each of them alone; that a server does not answer is raised to all.

    Args:
        call: makes the call for several items.
        size: returns the bytes of an item; more than 8 MB are not grouped.

    """

    def __init__(
        self, call: Callable[[Sequence[T]], Awaitable[Sequence[R]]], size: Callable[[T], int] | None = None
    ) -> None:
        self._call = call
        self._size = size
        self._running = asyncio.Lock()
        self._items: list[T] = []
        self._next: asyncio.Task[Sequence[R | Exception]] | None = None

    async def __call__(self, item: T) -> R:
        self._items.append(item)
        index = len(self._items) - 1
        if self._next is None or index == 0:
            self._next = asyncio.create_task(self._run())
        outcomes = await asyncio.shield(self._next)  # cancelling one caller leaves the others alone
        outcome = outcomes[index]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def _run(self) -> Sequence[R | Exception]:
        async with self._running:
            items, self._items = self._items, []
            return [outcome for group in self._cut(items) for outcome in await self._outcomes(group)]

    def _cut(self, items: Sequence[T]) -> Iterator[Sequence[T]]:
        if self._size is None or len(items) == 1:
            yield items
            return
        group: list[T] = []
        room = MOST_BYTES
        for item in items:
            size = self._size(item)
            if group and size > room:
                yield group
                group, room = [], MOST_BYTES
            group.append(item)
            room -= size
        yield group

    async def _outcomes(self, group: Sequence[T]) -> Sequence[R | Exception]:
        try:
            return await self._call(group)
        except UnavailableError as error:
            return [error] * len(group)
        except Exception as error:  # noqa: BLE001 - raised to the callers
            if len(group) == 1:
                return [error]
            return [outcome for item in group for outcome in await self._outcomes([item])]
