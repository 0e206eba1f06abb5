"""Calls that are made while one is under way share the next one."""

import asyncio
from collections.abc import Sequence

import pytest

from services.chassis.errors import StoreUnavailableError
from services.chassis.storage.grouped import MOST_ITEMS, Grouped
from tests.fakes import eventually

pytestmark = pytest.mark.anyio


class Server:
    """Doubles numbers, one call at a time, each when the test lets it; refuses negative ones."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self, items: Sequence[int]) -> Sequence[int]:
        self.calls.append(list(items))
        await self.may_answer.wait()
        if min(items) < 0:
            raise ValueError("negative")
        return [2 * item for item in items]


async def test_a_lone_caller_is_served_at_once() -> None:
    server = Server()

    assert await Grouped(server)(21) == 42
    assert server.calls == [[21]]


async def test_callers_during_a_call_share_the_next_and_each_gets_its_own_result() -> None:
    server = Server()
    server.may_answer.clear()
    grouped: Grouped[int, int] = Grouped(server)
    first = asyncio.create_task(grouped(1))
    await eventually(lambda: server.calls == [[1]])
    others = [asyncio.create_task(grouped(number)) for number in (2, 3, 4)]
    await asyncio.wait(others, timeout=0)  # they have asked
    server.may_answer.set()

    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert server.calls == [[1], [2, 3, 4]]


async def test_after_an_error_each_is_called_alone_and_only_the_faulty_one_fails() -> None:
    server = Server()
    grouped: Grouped[int, int] = Grouped(server)
    results = await asyncio.gather(grouped(5), grouped(-1), grouped(6), return_exceptions=True)

    assert [str(result) for result in results] == ["10", "negative", "12"]
    assert server.calls == [[5, -1, 6], [5], [-1], [6]]
    assert await grouped(7) == 14


async def test_an_outcome_that_is_an_error_is_raised_to_its_caller_alone() -> None:
    async def call(items: Sequence[int]) -> Sequence[int | Exception]:
        return [ValueError("negative") if item < 0 else item for item in items]

    grouped: Grouped[int, int] = Grouped(call)
    results = await asyncio.gather(grouped(5), grouped(-1), grouped(6), return_exceptions=True)
    assert [str(result) for result in results] == ["5", "negative", "6"]


async def test_an_item_that_can_not_be_written_is_called_alone() -> None:
    def size(item: int) -> int:
        if item < 0:
            raise OverflowError(item)
        return 1

    server = Server()
    grouped: Grouped[int, int] = Grouped(server, size)
    results = await asyncio.gather(grouped(5), grouped(-1), grouped(6), return_exceptions=True)
    assert [str(result) for result in results] == ["10", "negative", "12"]
    assert server.calls == [[5], [-1], [6]]


async def test_when_the_server_goes_away_between_two_the_others_do_not_wait_for_it_again() -> None:
    calls: list[list[int]] = []

    async def call(items: Sequence[int]) -> Sequence[int]:
        calls.append(list(items))
        raise ValueError("one of them") if len(items) > 1 else StoreUnavailableError("away")

    grouped: Grouped[int, int] = Grouped(call)
    results = await asyncio.gather(*(grouped(number) for number in range(4)), return_exceptions=True)
    assert [str(result) for result in results] == ["away"] * 4
    assert calls == [[0, 1, 2, 3], [0]]


async def test_a_server_that_does_not_answer_is_not_asked_again_for_each() -> None:
    calls = 0

    async def away(_items: Sequence[int]) -> Sequence[int]:
        nonlocal calls
        calls += 1
        raise StoreUnavailableError("away")

    grouped: Grouped[int, int] = Grouped(away)
    results = await asyncio.gather(grouped(1), grouped(2), return_exceptions=True)
    assert [str(result) for result in results] == ["away", "away"]
    assert calls == 1


async def test_a_group_has_no_more_bytes_than_a_command_may_have() -> None:
    server = Server()
    grouped: Grouped[int, int] = Grouped(server, lambda item: item * 1_000_000)

    assert await asyncio.gather(*map(grouped, (3, 5, 1, 20, 2, 6))) == [6, 10, 2, 40, 4, 12]
    assert server.calls == [[3, 5], [1], [20], [2, 6]]


async def test_a_group_has_no_more_items_than_the_database_writes_at_once() -> None:
    server = Server()
    grouped: Grouped[int, int] = Grouped(server)

    assert await asyncio.gather(*map(grouped, range(2 * MOST_ITEMS + 1))) == [
        2 * item for item in range(2 * MOST_ITEMS + 1)
    ]
    assert [len(call) for call in server.calls] == [MOST_ITEMS, MOST_ITEMS, 1]


async def test_a_caller_that_gives_up_does_not_disturb_the_others() -> None:
    server = Server()
    server.may_answer.clear()
    grouped: Grouped[int, int] = Grouped(server)
    leaver, stayer = asyncio.create_task(grouped(1)), asyncio.create_task(grouped(2))
    await eventually(lambda: server.calls == [[1, 2]])
    leaver.cancel()
    await asyncio.wait([leaver])
    server.may_answer.set()

    assert await stayer == 4
    assert await grouped(3) == 6
