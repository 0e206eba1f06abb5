"""Combines concurrent calls into one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import Final, Generic, TypeVar

from services.chassis.errors import UnavailableError

T = TypeVar("T")
R = TypeVar("R")

MOST_BYTES: Final = 8_000_000
"""Of a call for several: MongoDB takes 16 MiB in a document, which a command is, and in its variables."""
MOST_ITEMS: Final = 200
"""Of a call: SecantusDB hangs where what is not yet committed takes a fifth of its cache."""


class Grouped(Generic[T, R]):
    """Collects the calls that are made while one is running, and makes the next call for all of them.

    A round trip, or a sync of the embedded database, costs more than a document. A single caller waits for no
    others, concurrent ones share the cost. After an error that one of them may have caused, the call is made
    for each of them alone; that a server does not answer is raised to all.

    Args:
        call: makes the call for several items; returns the outcome of each, an exception to raise for one.
        size: returns the bytes of an item; not more than 8 MB are grouped, nor more than 200 items.

    """

    def __init__(
        self,
        call: Callable[[Sequence[T]], Awaitable[Sequence[R | Exception]]],
        size: Callable[[T], int] | None = None,
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
            return await self._each(self._split(items))

    def _split(self, items: Sequence[T]) -> Iterator[Sequence[T]]:
        group: list[T] = []
        room = MOST_BYTES
        for item in items:
            size = self._size_of(item) if len(items) > 1 else 0
            if group and (size > room or len(group) == MOST_ITEMS):
                yield group
                group, room = [], MOST_BYTES
            group.append(item)
            room -= size
        yield group

    def _size_of(self, item: T) -> int:
        if self._size is None:
            return 0
        try:
            return self._size(item)
        except Exception:  # noqa: BLE001 - it can't be written, which the call for it alone will say
            return MOST_BYTES

    async def _each(self, groups: Iterable[Sequence[T]]) -> list[R | Exception]:
        """Make the call for each group; once a server does not answer, for none of the others."""
        outcomes: list[R | Exception] = []
        away: UnavailableError | None = None
        for group in groups:
            found = [away] * len(group) if away else await self._outcomes(group)
            away = next((each for each in found if isinstance(each, UnavailableError)), None)
            outcomes += found
        return outcomes

    async def _outcomes(self, group: Sequence[T]) -> Sequence[R | Exception]:
        try:
            return await self._call(group)
        except UnavailableError as error:
            return [error] * len(group)
        except Exception as error:  # noqa: BLE001 - raised to the callers
            if len(group) == 1:
                return [error]
            return await self._each([item] for item in group)
